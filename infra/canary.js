'use strict';
// Canaries: if the stage has them, a function of the API with `canary: true` in its limits.yml
// gets an alias `live`. CodeDeploy shifts the alias to a new version gradually, and back if that
// version's alarm goes off. All other functions are replaced at once.
const crypto = require('crypto');
const fs = require('fs');
const { alarms, metric, total } = require('./alarms');
const { functions, live, normalized, pascal } = require('./functions');

const kinds = /^Lambda(AllAtOnce|Canary10Percent(5|10|15|30)Minutes|Linear10PercentEvery(1|2|3|10)Minutes?)$/;

// Keys of a function.yml that are not part of a Lambda version.
const around = [
  'condition', 'dependsOn', 'destinations', 'disableLogs', 'events', 'httpApi', 'logDataProtectionPolicy', 'logRetentionInDays', 'maximumEventAge',
  'maximumRetryAttempts', 'name', 'package', 'provisionedConcurrency', 'reservedConcurrency', 'tags', 'url', 'versionFunction',
];
const inOrder = (_, value) => (value && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value);

/** The configuration that is part of a Lambda version. */
const kept = (config, provider) => JSON.stringify([Object.fromEntries(Object.entries(config).filter(([key]) => !around.includes(key))), provider], inOrder);

/**
 * A version's logical ID is derived from code and configuration. CloudFormation never
 * changes a version, so new code needs a new ID. The same code needs the same ID, since
 * Lambda refuses to create a version that exists; so old versions are also deleted.
 */
function version({ name, config }, provider) {
  const zip = fs.readFileSync(config.package.artifact);
  const of = (...parts) => parts.reduce((hash, part) => hash.update(part), crypto.createHash('sha256'));
  return {
    hash: of(zip, kept(config, provider)).digest('hex').slice(0, 16),
    resource: {
      Type: 'AWS::Lambda::Version',
      Properties: { FunctionName: { Ref: `${normalized(name)}LambdaFunction` }, CodeSha256: of(zip).digest('base64') },
    },
  };
}

/**
 * The alarm of one version, created with it. CodeDeploy starts no deployment during an
 * alarm: if all versions shared one, a failing version would prevent the deployment of
 * its fix.
 */
const watch = (name, versionId, alarm) => {
  const fn = `\${self:service}-\${sls:stage}-${name}`;
  const at = { 'Fn::GetAtt': [versionId, 'Version'] };
  const failures = [
    metric('AWS/Lambda', 'Errors', { FunctionName: fn, Resource: `${fn}:live`, ExecutedVersion: at }),
    metric('Minim', 'RequestsFailed', { function: fn, version: at }),
  ];
  // No notification for OK: each new alarm starts in that state.
  return alarm(`The new version of ${name} fails`, 'a-canary-fails', total(failures, 60), 1, { OKActions: undefined });
};

const alias = (name, versionId) => ({
  Type: 'AWS::Lambda::Alias',
  DependsOn: [`${pascal(name)}Release`],
  Properties: {
    Name: 'live',
    FunctionName: { Ref: `${normalized(name)}LambdaFunction` },
    FunctionVersion: { 'Fn::GetAtt': [versionId, 'Version'] },
  },
  UpdatePolicy: {
    CodeDeployLambdaAliasUpdate: { ApplicationName: { Ref: 'Releases' }, DeploymentGroupName: { Ref: `${pascal(name)}Release` } },
  },
});

const group = (canary, alarmId) => ({
  Type: 'AWS::CodeDeploy::DeploymentGroup',
  Properties: {
    ApplicationName: { Ref: 'Releases' },
    ServiceRoleArn: { 'Fn::GetAtt': ['ReleaseRole', 'Arn'] },
    DeploymentConfigName: `CodeDeployDefault.${canary}`,
    DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
    AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'] },
    AlarmConfiguration: { Enabled: true, Alarms: [{ Name: { Ref: alarmId } }] },
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
  const stage = await resolveVariable('self:custom.stage');
  if (!stage.canary) return { Resources: {} };
  if (!kinds.test(stage.canary)) throw new Error(`canary: CodeDeploy has no CodeDeployDefault.${stage.canary}`);
  const all = (await functions(resolveVariable)).filter((each) => live(each, stage));
  if (all.length === 0) return { Resources: {} };
  const { runtime, architecture, logs, tracing } = await resolveVariable('self:provider');
  const alarm = await alarms(resolveVariable);
  const Resources = {
    Releases: { Type: 'AWS::CodeDeploy::Application', Properties: { ApplicationName: '${self:service}-${sls:stage}', ComputePlatform: 'Lambda' } },
    ReleaseRole: role,
  };
  for (const fn of all) {
    const { hash, resource } = version(fn, { runtime, architecture, logs: logs.lambda, tracing });
    const [versionId, alarmId] = [`Version${hash}`, `Canary${hash}Alarm`].map((what) => pascal(fn.name) + what);
    Resources[versionId] = resource;
    Resources[alarmId] = watch(fn.name, versionId, alarm);
    Resources[`${pascal(fn.name)}Live`] = alias(fn.name, versionId);
    Resources[`${pascal(fn.name)}Release`] = group(stage.canary, alarmId);
  }
  return { Resources };
};
module.exports.kept = kept;
