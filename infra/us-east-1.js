'use strict';
// The second stack of a stage in another region: the resources that CloudFront accepts from us-east-1 only.
// The first stack refers to the firewall and the certificate, and the log's delivery to the first stack's
// distribution, so this stack is deployed before the first one and again after it (infra/deploy). infra/deploy
// compares resources, so those that the stage does not have are left out rather than given a condition.
const { createHash } = require('node:crypto');

/** The certificate's logical ID. It depends on the domain, so that a new domain's certificate is created before the old one is deleted. */
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
