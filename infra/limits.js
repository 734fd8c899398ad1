'use strict';
// How much is let through: requests a second of each route (its function's limits.yml),
// and environments at once of each function (the stage's concurrency).
const { functions, normalized } = require('./functions');
const { routeId, routeKey } = require('./routes');

// Lambda leaves so many concurrent executions of an account to the functions that reserve none.
const unreservable = 100;

module.exports = async ({ resolveVariable }) => {
  const { throttle, accountConcurrency, concurrency } = await resolveVariable('self:custom.stage');
  const all = await functions(resolveVariable);
  const extensions = {};
  const limited = all.filter((fn) => throttle.routes && fn.limits.throttle)
    .flatMap(({ routes, limits }) => routes.map((route) => ({ ...route, ...limits.throttle })));
  if (limited.length > 0) {
    extensions.HttpApiStage = {
      // A stage that limits a route which is not there yet is refused.
      DependsOn: limited.map(routeId),
      Properties: {
        RouteSettings: Object.fromEntries(limited.map(({ rate, burst, ...route }) =>
          [routeKey(route), { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }])),
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
