'use strict';
// What make deploy has to know of the stage, and no resource says.
module.exports = async ({ resolveVariable }) => {
  const { accountConcurrency, alerts, protect } = await resolveVariable('self:custom.stage');
  return { Metadata: { Stage: { accountConcurrency, alertsEmail: alerts?.email ?? 'none', protect } } };
};
