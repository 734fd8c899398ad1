'use strict';
// Tables are protected from deletion if the stage's settings require it, but not in the
// deployment that creates them: if it failed, CloudFormation could not delete them, and
// every later deployment would fail because the names exist. That is why make deploy
// deploys a new stage twice.
module.exports = async ({ resolveVariable }) => {
  const { protect } = await resolveVariable('self:custom.stage');
  return protect && (await resolveVariable("env:EDGE_KEY_VERSION, ''")) !== 'first';
};
