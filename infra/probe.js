'use strict';
// A health check of the service from outside: by Route 53, from three continents. It publishes
// its metrics in us-east-1 only, and an alarm must be in the same region: a stage in another region
// has no probe.
const { alarms, metric } = require('./alarms');

const check = (FullyQualifiedDomainName) => ({
  Type: 'AWS::Route53::HealthCheck',
  Properties: {
    HealthCheckConfig: {
      Type: 'HTTPS',
      FullyQualifiedDomainName,
      Port: 443,
      ResourcePath: '/api/health',
      EnableSNI: true,
      RequestInterval: 30,
      FailureThreshold: 3,
      Regions: ['us-east-1', 'eu-west-1', 'ap-southeast-1'],
    },
    HealthCheckTags: [{ Key: 'Name', Value: '${self:service}-${sls:stage}' }],
  },
});

module.exports = async ({ resolveVariable }) => {
  const { probe, domain } = await resolveVariable('self:custom.stage');
  if (!probe || (await resolveVariable('self:provider.region')) !== 'us-east-1') return { Resources: {} };
  const alarm = await alarms(resolveVariable);
  return {
    Resources: {
      Probe: check(domain ? domain.name : { 'Fn::GetAtt': ['Distribution', 'DomainName'] }),
      UnreachableAlarm: alarm('/api/health does not answer to requests from outside', 'the-service-cannot-be-reached',
        metric('AWS/Route53', 'HealthCheckStatus', { HealthCheckId: { Ref: 'Probe' } }), 1,
        { Statistic: 'Minimum', Period: 60, EvaluationPeriods: 3, ComparisonOperator: 'LessThanThreshold' }),
    },
  };
};
