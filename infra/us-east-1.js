'use strict';
// The second stack of a stage whose first one is in another region: what CloudFront takes from us-east-1 alone.
// The first stack refers to firewall and certificate, and the log's delivery to the first stack's distribution,
// so this one is deployed before it and once more after it (infra/deploy). infra/deploy compares resources, so
// what the stage does not have is left out here, without a condition.
const { createHash } = require('node:crypto');

/** The certificate's ID, by the domain: another domain's is created before this one is deleted. */
const idOf = (domain) => `Certificate${createHash('sha256').update(domain).digest('hex').slice(0, 8)}`;

module.exports = async ({ resolveVariable }) => {
  const { accessLogs, domain, waf } = await resolveVariable('self:custom.stage');
  const own = domain && !domain.certificate && idOf(domain.name);
  const resource = async (file, id) => {
    const { Condition, DependsOn, ...made } = (await resolveVariable(`file(infra/${file})`)).Resources[id];
    return made;
  };
  const delivery = async (id, properties) => {
    const made = await resource('accesslogs.yml', id);
    return { ...made, Condition: 'Distributed', Properties: { ...made.Properties, ...properties } };
  };
  return {
    Parameters: { Distribution: { Type: 'String', Default: '', Description: 'The first stack\'s distribution, once it exists' } },
    Conditions: { Distributed: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Distribution' }, ''] }] } },
    Resources: {
      ...(waf && { Firewall: await resource('firewall.yml', 'Firewall') }),
      ...(own && { [own]: await resource('domain.yml', 'Certificate') }),
      ...(accessLogs && {
        EdgeLogSource: await delivery('EdgeLogSource'),
        EdgeLogDestination: await delivery('EdgeLogDestination', {
          DestinationResourceArn: { 'Fn::Sub': 'arn:${AWS::Partition}:s3:::${self:service}-${sls:stage}-logs-${AWS::AccountId}' },
        }),
        EdgeLog: await delivery('EdgeLog'),
      }),
    },
    Outputs: {
      ...(waf && { FirewallArn: { Value: { 'Fn::GetAtt': ['Firewall', 'Arn'] } } }),
      ...(own && { CertificateArn: { Value: { Ref: own } } }),
      Distribution: { Condition: 'Distributed', Value: { Ref: 'Distribution' } },
    },
  };
};
