'use strict';
// Canaries: where the stage has them, a function of the API whose limits.yml has `canary: true`
// gets an alias `live`. CodeDeploy moves the alias to a new version gradually, and back when that
// version's alarm goes off. All other functions are replaced at once.
const crypto = require('crypto');
const fs = require('fs');
const { alarms, metric, total } = require('./alarms');
const { functions, live, normalized, pascal } = require('./functions');

const kinds = /^Lambda(AllAtOnce|Canary10Percent(5|10|15|30)Minutes|Linear10PercentEvery(1|2|3|10)Minutes?)$/;

// Keys of a function.yml that Lambda does not keep with a version.
const around = [
  'condition', 'dependsOn', 'destinations', 'disableLogs', 'events', 'httpApi', 'logDataProtectionPolicy', 'logRetentionInDays', 'maximumEventAge',
  'maximumRetryAttempts', 'name', 'package', 'provisionedConcurrency', 'reservedConcurrency', 'tags', 'url', 'versionFunction',
];
const inOrder = (_, value) => (value && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value);

/** What Lambda keeps with a version, but for the code. */
const kept = (config, provider) => JSON.stringify([Object.fromEntries(Object.entries(config).filter(([key]) => !around.includes(key))), provider], inOrder);

/**
 * A version has a name of its own for each code and configuration, since CloudFormation
 * never changes one; and the same name for the same, since Lambda refuses to make the
 * version that it has. For that reason none is left behind, either.
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
 * Of the new version alone, and new with it: an alarm of the function would be on when
 * the version before it fails, and so keep out the one that mends it. CodeDeploy begins
 * nothing while an alarm is on.
 */
const watch = (name, versionId, alarm) => {
  const fn = `\${self:service}-\${sls:stage}-${name}`;
  const at = { 'Fn::GetAtt': [versionId, 'Version'] };
  const failures = [
    metric('AWS/Lambda', 'Errors', { FunctionName: fn, Resource: `${fn}:live`, ExecutedVersion: at }),
    metric('Minim', 'RequestsFailed', { function: fn, version: at }),
  ];
  // No word when it is OK: it begins with that, with each deployment.
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
