'use strict';
// Limits: requests per second of each route (its function's limits.yml), and concurrent
// executions of each function (the stage's concurrency).
const { functions, normalized } = require('./functions');
const { routeId, routeKey } = require('./routes');

// The number of an account's concurrent executions that Lambda keeps for functions without a reservation.
const unreservable = 100;

module.exports = async ({ resolveVariable }) => {
  const { throttle, accountConcurrency, concurrency } = await resolveVariable('self:custom.stage');
  const all = await functions(resolveVariable);
  const extensions = {};
  const limited = all.filter((fn) => throttle.routes && fn.limits.throttle)
    .flatMap(({ routes, limits }) => routes.map((route) => ({ ...route, ...limits.throttle })));
  if (limited.length > 0) {
    extensions.HttpApiStage = {
      // API Gateway refuses limits of a route that does not exist yet.
      DependsOn: limited.map(routeId),
      Properties: {
        RouteSettings: Object.fromEntries(limited.map(({ rate, burst, ...route }) =>
          [routeKey(route), { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }])),
      },
    };
  }
  const reserved = Object.values(concurrency).reduce((sum, each) => sum + each, 0);
  if (reserved > Math.max(0, accountConcurrency - unreservable)) {
    throw new Error(`concurrency reserves ${reserved} concurrent executions, but of the account's ${accountConcurrency} (accountConcurrency) Lambda keeps ${unreservable} unreserved; reserve fewer`);
  }
  for (const [name, most] of Object.entries(concurrency)) {
    if (!all.some((fn) => fn.name === name)) throw new Error(`concurrency: there is no function ${name}`);
    extensions[`${normalized(name)}LambdaFunction`] = { Properties: { ReservedConcurrentExecutions: most } };
  }
  return { extensions };
};
