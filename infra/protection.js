'use strict';
// Tables are protected from deletion where the stage says so, but not by the deployment
// that makes them: were it to fail, CloudFormation could not take them back, and their
// names would stand against every later one. make deploy deploys a new stage twice.
module.exports = async ({ resolveVariable }) => {
  const { protect } = await resolveVariable('self:custom.stage');
  return protect && (await resolveVariable("env:EDGE_KEY_VERSION, ''")) !== 'first';
};
