'use strict';
// The stage's own domain: name, certificate, records. Without one CloudFront's own
// name and certificate, which leaves no choice of TLS versions.
const { here, elsewhere } = require('./region');

const cloudFrontZone = 'Z2FDTNDATAQYW2'; // of all distributions

const distribution = (DistributionConfig) => ({
  Distribution: { Type: 'AWS::CloudFront::Distribution', Properties: { DistributionConfig } },
});

const certificate = (name, zone) => ({
  Type: 'AWS::CertificateManager::Certificate',
  Properties: {
    DomainName: name,
    ValidationMethod: 'DNS',
    DomainValidationOptions: [{ DomainName: name, HostedZoneId: zone }],
  },
});

const record = (name, zone, type) => ({
  Type: 'AWS::Route53::RecordSet',
  Properties: {
    Name: name,
    Type: type,
    HostedZoneId: zone,
    AliasTarget: { DNSName: { 'Fn::GetAtt': ['Distribution', 'DomainName'] }, HostedZoneId: cloudFrontZone },
  },
});

module.exports = async ({ resolveVariable }) => {
  const { domain, siteUrl } = await resolveVariable('self:custom.stage');
  if (!domain) return { Resources: distribution({ ViewerCertificate: { CloudFrontDefaultCertificate: true } }) };
  if (siteUrl !== `https://${domain.name}`) throw new Error(`domain: siteUrl must be https://${domain.name}`);
  if (!domain.certificate && !domain.zone) {
    throw new Error('domain: needs certificate, the ARN of one in us-east-1, or zone, the id of a hosted zone, to make one');
  }
  const own = await here(resolveVariable);
  return {
    Resources: {
      ...distribution({
        Aliases: [domain.name],
        ViewerCertificate: {
          AcmCertificateArn: domain.certificate || (own ? { Ref: 'Certificate' } : elsewhere('CERTIFICATE_ARN')),
          SslSupportMethod: 'sni-only',
          MinimumProtocolVersion: 'TLSv1.2_2021',
        },
      }),
      ...(own && !domain.certificate && { Certificate: certificate(domain.name, domain.zone) }),
      ...(domain.zone && { DomainRecord: record(domain.name, domain.zone, 'A'), DomainRecordV6: record(domain.name, domain.zone, 'AAAA') }),
    },
  };
};
module.exports.certificate = certificate;
