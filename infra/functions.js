'use strict';
// The functions of the service: every folder of functions/ that has a policy.yml.
const fs = require('fs');
const path = require('path');

const root = path.join(__dirname, '..', 'functions');

/** LinkGet of link-get: logical ids of ours start so. */
exports.pascal = (name) => name.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('');

/** LinkDashget of link-get: logical ids of osls start so. */
exports.normalized = (name) => name[0].toUpperCase() + name.slice(1).replace(/-/g, 'Dash');

/**
 * Name, function.yml, policy.yml and limits.yml of each, in the order of their names.
 * limits.yml may be absent: {throttle: {rate, burst}} is what the API lets through to each
 * of its routes, {alarms: {errors, throttles, duration}} when somebody is called.
 */
exports.functions = async (resolveVariable) => {
  const names = fs.readdirSync(root).filter((name) => fs.existsSync(path.join(root, name, 'policy.yml')));
  return Promise.all(names.sort().map(async (name) => ({
    name,
    config: (await resolveVariable(`file(functions/${name}/function.yml)`))[name],
    policy: await resolveVariable(`file(functions/${name}/policy.yml)`),
    limits: fs.existsSync(path.join(root, name, 'limits.yml')) ? await resolveVariable(`file(functions/${name}/limits.yml)`) : {},
  })));
};
