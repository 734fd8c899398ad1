'use strict';
// The most environments of click-count: those of the stage, but a fifth of the account's, so that
// counting leaves the others to visitors. Lambda takes no fewer than two.
module.exports = async ({ resolveVariable }) => {
  const { counters, accountConcurrency } = await resolveVariable('self:custom.stage');
  return Math.max(2, Math.min(counters, Math.floor(accountConcurrency / 5)));
};
