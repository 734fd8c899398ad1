'use strict';
// The maximum number of environments of click-count: the stage's setting, but at most a fifth of the
// account's quota, so that the rest is available to visitors. Lambda accepts no fewer than two.
module.exports = async ({ resolveVariable }) => {
  const { counters, accountConcurrency } = await resolveVariable('self:custom.stage');
  return Math.max(2, Math.min(counters, Math.floor(accountConcurrency / 5)));
};
