'use strict';
// AWS WAF before the edge: rules that AWS keeps, and a limit of requests for each
// address. No samples of requests are kept: they would hold addresses.
const { here, elsewhere } = require('./region');

const visible = (MetricName) => ({ MetricName, CloudWatchMetricsEnabled: true, SampledRequestsEnabled: false });

/** A group of rules of AWS; what would refuse our own requests only counts. */
const managed = (Name, Priority, ...counted) => ({
  Name,
  Priority,
  OverrideAction: { None: {} },
  Statement: {
    ManagedRuleGroupStatement: {
      VendorName: 'AWS',
      Name,
      ...(counted.length > 0 && { RuleActionOverrides: counted.map((rule) => ({ Name: rule, ActionToUse: { Count: {} } })) }),
    },
  },
  VisibilityConfig: visible(Name),
});

const firewall = (rate) => ({
  Type: 'AWS::WAFv2::WebACL',
  Properties: {
    Name: '${self:service}-${sls:stage}',
    Scope: 'CLOUDFRONT',
    DefaultAction: { Allow: {} },
    VisibilityConfig: visible('all'),
    Rules: [
      {
        Name: 'Rate',
        Priority: 0,
        Action: { Block: {} },
        Statement: { RateBasedStatement: { Limit: rate, AggregateKeyType: 'IP', EvaluationWindowSec: 300 } },
        VisibilityConfig: visible('Rate'),
      },
      managed('AWSManagedRulesAmazonIpReputationList', 1),
      managed('AWSManagedRulesKnownBadInputsRuleSet', 2),
      // Bodies are addresses, which may hold anything, and have up to 64 KB; nothing
      // here runs or fetches what they say. Link checkers without a name may follow links.
      managed('AWSManagedRulesCommonRuleSet', 3, 'SizeRestrictions_BODY', 'EC2MetaDataSSRF_BODY', 'GenericLFI_BODY', 'GenericRFI_BODY',
        'CrossSiteScripting_BODY', 'NoUserAgent_HEADER'),
    ],
  },
});

module.exports = async ({ resolveVariable }) => {
  const { waf } = await resolveVariable('self:custom.stage');
  if (!waf) return { Resources: {} };
  const own = await here(resolveVariable);
  return {
    Resources: {
      ...(own && { Firewall: firewall(waf.rate) }),
      Distribution: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: { DistributionConfig: { WebACLId: own ? { 'Fn::GetAtt': ['Firewall', 'Arn'] } : elsewhere('FIREWALL_ARN') } },
      },
    },
  };
};
module.exports.firewall = firewall;
