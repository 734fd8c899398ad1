'use strict';
// Settings of the stage that make deploy reads, and settings that must suit each other.

/** Throws unless the domain has what it needs, and the second stack of another region has passed on its ARNs. */
function check({ domain, siteUrl, waf }, region) {
  if (domain && siteUrl !== `https://${domain.name}`) throw new Error(`domain: siteUrl must be https://${domain.name}`);
  if (domain && !domain.certificate && !domain.zone) {
    throw new Error('domain: set certificate to the ARN of one in us-east-1, or zone to the ID of a hosted zone to create one in');
  }
  if (region === 'us-east-1') return;
  for (const [needed, variable] of [[waf, 'FIREWALL_ARN'], [domain && !domain.certificate, 'CERTIFICATE_ARN']]) {
    if (needed && !process.env[variable]) {
      throw new Error(`${variable} is not set: CloudFront takes it from us-east-1 only, where make deploy creates it first (docs/deploy.md)`);
    }
  }
}

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('self:custom.stage');
  check(stage, await resolveVariable('self:provider.region'));
  const { accountConcurrency, alerts, protect } = stage;
  return {
    Conditions: { UsEast1: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] } },
    Metadata: { Stage: { accountConcurrency, alertsEmail: alerts?.email ?? 'none', protect } },
  };
};
