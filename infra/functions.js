'use strict';
// The functions of the service: every folder of functions/ that has a policy.yml.
const fs = require('fs');
const path = require('path');

const root = path.join(__dirname, '..', 'functions');

/** LinkGet for link-get: the prefix of our logical IDs. */
const pascal = (name) => name.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('');

/** LinkDashget for link-get: the prefix of osls's logical IDs. */
const normalized = (name) => name[0].toUpperCase() + name.slice(1).replace(/-/g, 'Dash');

/**
 * The functions of the stage in the order of their names: name, config (function.yml without its
 * routes), routes (its httpApi events), policy (policy.yml) and limits (limits.yml, which
 * is optional). limits.yml: {throttle: {rate, burst}} limits requests to each route,
 * {alarms: {errors, throttles, duration}} sets the thresholds of its alarms, {canary: true}
 * shifts visitors to a new version gradually if the stage has canaries, and {needs: users}
 * leaves the function out of stages without that setting.
 */
async function functions(resolveVariable) {
  const names = fs.readdirSync(root).filter((name) => fs.existsSync(path.join(root, name, 'policy.yml')));
  const stage = await resolveVariable('self:custom.stage');
  const all = await Promise.all(names.sort().map(async (name) => {
    const { events = [], ...config } = (await resolveVariable(`file(functions/${name}/function.yml)`))[name];
    return {
      name,
      config: { ...config, events: events.filter(({ httpApi }) => !httpApi) },
      routes: events.filter(({ httpApi }) => httpApi).map(({ httpApi }) => httpApi),
      policy: await resolveVariable(`file(functions/${name}/policy.yml)`),
      limits: fs.existsSync(path.join(root, name, 'limits.yml')) ? await resolveVariable(`file(functions/${name}/limits.yml)`) : {},
    };
  }));
  return all.filter(({ limits }) => !limits.needs || stage[limits.needs]);
}

/** The routes below /api/, such as GET /api/links. */
const apiRoutes = (all) => all.flatMap(({ routes }) => routes).filter(({ path }) => path.startsWith('/api/'))
  .map(({ method, path }) => `${method} ${path}`).sort();

/**
 * The functions for osls, without their routes (routes.js). The function of the path *, which also answers other
 * methods at paths of the API, gets the API's routes as API_ROUTES.
 */
const described = async ({ resolveVariable }) => {
  const all = await functions(resolveVariable);
  return Object.fromEntries(all.map(({ name, config, routes }) => [
    name,
    routes.some(({ path }) => path === '*') ? { ...config, environment: { ...config.environment, API_ROUTES: apiRoutes(all).join(',') } } : config,
  ]));
};

/** Reports whether the API invokes the function by its alias `live` (canary.js). */
const live = ({ routes, limits }, { canary }) => Boolean(canary && limits.canary && routes.length > 0);

module.exports = { described, functions, live, normalized, pascal };
