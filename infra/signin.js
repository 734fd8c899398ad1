'use strict';
// Sign-in, for stages with users: the client's secret, which session-open reads, and the edge function that passes
// sessions on to the API.
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

/** The resources of the stack. */
const stack = async ({ resolveVariable }) => ({ Resources: (await resolveVariable('self:custom.stage')).users ? resources : {} });

/** The functions of the edge's behaviour for the API. */
const associations = async ({ resolveVariable }) => (await resolveVariable('self:custom.stage')).users
  ? [{ EventType: 'viewer-request', FunctionARN: { 'Fn::GetAtt': ['SessionEdge', 'FunctionARN'] } }]
  : [];

module.exports = { associations, stack };
