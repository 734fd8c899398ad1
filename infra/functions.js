'use strict';
// The functions of the service: every folder of functions/ that has a policy.yml.
const fs = require('fs');
const path = require('path');

const root = path.join(__dirname, '..', 'functions');

/** LinkGet of link-get: logical ids start so. */
exports.pascal = (name) => name.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('');

/** Name, function.yml and policy.yml of each, in the order of their names. */
exports.functions = async (resolveVariable) => {
  const names = fs.readdirSync(root).filter((name) => fs.existsSync(path.join(root, name, 'policy.yml')));
  return Promise.all(names.sort().map(async (name) => ({
    name,
    config: (await resolveVariable(`file(functions/${name}/function.yml)`))[name],
    policy: await resolveVariable(`file(functions/${name}/policy.yml)`),
  })));
};
