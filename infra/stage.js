'use strict';
// The settings of the stage that make deploy and the conditions of infra/*.yml read, and checks that they fit together.

/** Throws unless the domain has what it needs, and the second stack of another region has passed on its ARNs. */
function check({ domain, siteUrl, waf }, region) {
  if (domain && siteUrl !== `https://${domain.name}`) throw new Error(`domain: siteUrl must be https://${domain.name}`);
  if (domain && !domain.certificate && !domain.zone) {
    throw new Error('domain: set certificate to the ARN of one in us-east-1, or zone to the ID of a hosted zone to create one in');
  }
  if (region === 'us-east-1') return;
  for (const [needed, variable] of [[waf, 'FIREWALL_ARN'], [domain && !domain.certificate, 'CERTIFICATE_ARN']]) {
    if (needed && !process.env[variable]) {
      throw new Error(`${variable} is not set: CloudFront accepts it from us-east-1 only, where make deploy creates it first (docs/deploy.md)`);
    }
  }
}

/** The optional parts that the stage has, for the conditions of infra/*.yml. */
const has = ({ accessLogs, alerts, domain, waf }) => Object.fromEntries(Object.entries({
  AccessLogs: accessLogs,
  Alerts: alerts,
  AlertsEmail: alerts?.email && alerts.email !== 'none',
  Budget: alerts?.budget,
  Certificate: domain?.certificate,
  Domain: domain,
  Firewall: waf,
  Zone: domain?.zone,
}).map(([what, setting]) => [what, setting ? 'yes' : 'no']));

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('self:custom.stage');
  check(stage, await resolveVariable('self:provider.region'));
  const { accountConcurrency, alerts, protect } = stage;
  return {
    Mappings: { Stage: { Has: has(stage) } },
    Conditions: { UsEast1: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] } },
    Metadata: { Stage: { accountConcurrency, alertsEmail: alerts?.email ?? 'none', protect } },
  };
};
