'use strict';
// The second stack of a stage whose first one is in another region: what CloudFront takes from us-east-1 alone.
// The first stack refers to firewall and certificate, and the log's delivery to the first stack's distribution,
// so this one is deployed before it and once more after it (infra/deploy).
const { createHash } = require('node:crypto');
const { bucketName, delivery } = require('./accesslogs');
const { certificate } = require('./domain');
const { firewall } = require('./firewall');

/** The certificate's id, by the domain: another domain's comes before this one goes. */
const idOf = (domain) => `Certificate${createHash('sha256').update(domain).digest('hex').slice(0, 8)}`;

module.exports = async ({ resolveVariable }) => {
  const { accessLogs, domain, waf } = await resolveVariable('self:custom.stage');
  const made = domain && !domain.certificate && idOf(domain.name);
  return {
    Parameters: { Distribution: { Type: 'String', Default: '', Description: 'The first stack\'s distribution, once it exists' } },
    Conditions: { Distributed: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Distribution' }, ''] }] } },
    Resources: {
      ...(waf && { Firewall: firewall(waf.rate) }),
      ...(made && { [made]: certificate(domain.name, domain.zone) }),
      ...(accessLogs && delivery({ 'Fn::Sub': `arn:\${AWS::Partition}:s3:::${bucketName}` }, { Condition: 'Distributed' })),
    },
    Outputs: {
      ...(waf && { FirewallArn: { Value: { 'Fn::GetAtt': ['Firewall', 'Arn'] } } }),
      ...(made && { CertificateArn: { Value: { Ref: made } } }),
      Distribution: { Condition: 'Distributed', Value: { Ref: 'Distribution' } },
    },
  };
};
