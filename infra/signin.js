'use strict';
// What signing in needs, for stages with users: the client's secret where session-open may read it, and the function of
// the edge through which the API knows sessions.
const { session } = require('./edge/code');

const resources = {
  SignInSecret: {
    Type: 'AWS::SecretsManager::Secret',
    Properties: {
      Name: '${self:service}-${sls:stage}-oidc-secret',
      Description: 'The secret of the client at the issuer',
      SecretString: { 'Fn::GetAtt': ['UserPoolClient', 'ClientSecret'] },
    },
  },
  SessionEdge: {
    Type: 'AWS::CloudFront::Function',
    Properties: {
      Name: '${self:service}-${sls:stage}-session',
      AutoPublish: true,
      FunctionCode: session,
      FunctionConfig: { Comment: 'Sessions as credentials of the API', Runtime: 'cloudfront-js-2.0' },
    },
  },
};

/** For the stack. */
const stack = async ({ resolveVariable }) => ({ Resources: (await resolveVariable('self:custom.stage')).users ? resources : {} });

/** For the edge's behaviour of the API. */
const associations = async ({ resolveVariable }) => (await resolveVariable('self:custom.stage')).users
  ? [{ EventType: 'viewer-request', FunctionARN: { 'Fn::GetAtt': ['SessionEdge', 'FunctionARN'] } }]
  : [];

module.exports = { associations, stack };
