'use strict';
// Canaries: where the stage says so, the functions of the API have an alias `live`,
// to which CodeDeploy gives a new version little by little, and takes it back when
// one of the function's alarms or that of the API goes off. The authorizer and what
// works behind queues, buckets and the clock is switched at once.
const crypto = require('crypto');
const fs = require('fs');
const { functions, normalized, pascal } = require('./functions');

const kinds = /^Lambda(AllAtOnce|Canary10Percent(5|10|15|30)Minutes|Linear10PercentEvery(1|2|3|10)Minutes?)$/;

/** A version has a name of its own for each code and configuration: CloudFormation never changes one. */
function version({ name, config }, provider) {
  const zip = fs.readFileSync(config.package.artifact);
  const of = (...parts) => parts.reduce((hash, part) => hash.update(part), crypto.createHash('sha256'));
  return {
    id: `${pascal(name)}Version${of(zip, JSON.stringify(config), JSON.stringify(provider)).digest('hex').slice(0, 16)}`,
    resource: {
      Type: 'AWS::Lambda::Version',
      // The one before it is what CodeDeploy goes back to.
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { FunctionName: { Ref: `${normalized(name)}LambdaFunction` }, CodeSha256: of(zip).digest('base64') },
    },
  };
}

const alias = (name, versionId) => ({
  Type: 'AWS::Lambda::Alias',
  Properties: {
    Name: 'live',
    FunctionName: { Ref: `${normalized(name)}LambdaFunction` },
    FunctionVersion: { 'Fn::GetAtt': [versionId, 'Version'] },
  },
  UpdatePolicy: {
    CodeDeployLambdaAliasUpdate: { ApplicationName: { Ref: 'Releases' }, DeploymentGroupName: { Ref: `${pascal(name)}Release` } },
  },
});

const group = (name, canary) => ({
  Type: 'AWS::CodeDeploy::DeploymentGroup',
  Properties: {
    ApplicationName: { Ref: 'Releases' },
    ServiceRoleArn: { 'Fn::GetAtt': ['ReleaseRole', 'Arn'] },
    DeploymentConfigName: `CodeDeployDefault.${canary}`,
    DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
    AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'] },
    AlarmConfiguration: {
      Enabled: true,
      Alarms: [`${pascal(name)}ErrorsAlarm`, `${pascal(name)}SlowAlarm`, 'ApiErrorsAlarm'].map((id) => ({ Name: { Ref: id } })),
    },
  },
});

const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'codedeploy.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    ManagedPolicyArns: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited' }],
  },
};

module.exports = async ({ resolveVariable }) => {
  const { canary } = await resolveVariable('self:custom.stage');
  if (!canary) return { Resources: {} };
  if (!kinds.test(canary)) throw new Error(`canary: CodeDeploy knows no CodeDeployDefault.${canary}`);
  const { runtime, architecture, logs, tracing } = await resolveVariable('self:provider');
  const Resources = {
    Releases: { Type: 'AWS::CodeDeploy::Application', Properties: { ApplicationName: '${self:service}-${sls:stage}', ComputePlatform: 'Lambda' } },
    ReleaseRole: role,
  };
  const extensions = {};
  for (const fn of (await functions(resolveVariable)).filter(({ config }) => (config.events ?? []).some((event) => event.httpApi))) {
    const made = version(fn, { runtime, architecture, logs: logs.lambda, tracing });
    const live = `${pascal(fn.name)}Live`;
    Resources[made.id] = made.resource;
    Resources[live] = alias(fn.name, made.id);
    Resources[`${pascal(fn.name)}Release`] = group(fn.name, canary);
    extensions[`HttpApiIntegration${normalized(fn.name)}`] = { Properties: { IntegrationUri: { Ref: live } } };
    extensions[`${normalized(fn.name)}LambdaPermissionHttpApi`] = { Properties: { FunctionName: { Ref: live } } };
  }
  return { Resources, extensions };
};
