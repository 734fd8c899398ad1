'use strict';
// How much is let through: requests a second of each route (its function's limits.yml),
// and environments at once of each function (the stage's concurrency).
const { functions, normalized } = require('./functions');

// Lambda leaves so many concurrent executions of an account to the functions that reserve none.
const unreservable = 100;

/** HttpApiRouteGetApiLinksCodeVar of GET /api/links/{code}, as osls names it. */
const routeId = ({ method, path }) => `HttpApiRoute${[method.toLowerCase(), ...path.split('/')].filter(Boolean)
  .map((part) => part.replace(/^\{(\w+)\+?\}$/, '$1Var').replace(/[^A-Za-z0-9]/g, ''))
  .map((part) => part[0].toUpperCase() + part.slice(1)).join('')}`;

module.exports = async ({ resolveVariable }) => {
  const { throttle, accountConcurrency, concurrency } = await resolveVariable('self:custom.stage');
  const all = await functions(resolveVariable);
  const extensions = {};
  const limited = all.filter((fn) => throttle.routes && fn.limits.throttle)
    .flatMap(({ config, limits }) => (config.events ?? []).filter((event) => event.httpApi)
      .map(({ httpApi }) => ({ ...httpApi, ...limits.throttle })));
  if (limited.length > 0) {
    extensions.HttpApiStage = {
      // A stage that limits a route which is not there yet is refused.
      DependsOn: limited.map(routeId),
      Properties: {
        RouteSettings: Object.fromEntries(limited.map(({ method, path, rate, burst }) =>
          [`${method} ${path}`, { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }])),
      },
    };
  }
  const reserved = Object.values(concurrency).reduce((sum, each) => sum + each, 0);
  if (reserved > Math.max(0, accountConcurrency - unreservable)) {
    throw new Error(`concurrency: reserves ${reserved} concurrent executions, and of the account's ${accountConcurrency} (accountConcurrency) Lambda keeps ${unreservable} unreserved`);
  }
  for (const [name, most] of Object.entries(concurrency)) {
    if (!all.some((fn) => fn.name === name)) throw new Error(`concurrency: there is no function ${name}`);
    extensions[`${normalized(name)}LambdaFunction`] = { Properties: { ReservedConcurrentExecutions: most } };
  }
  return { extensions };
};
