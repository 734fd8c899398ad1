'use strict';
// The edge's access log, in a bucket, for as long as other logs. Fields are chosen:
// no address of a visitor, and no path, query, referrer or cookie, since a private
// link's code is its password.
const fields = [
  'date', 'time', 'x-edge-location', 'x-edge-request-id', 'x-edge-result-type', 'x-edge-response-result-type', 'x-edge-detailed-result-type',
  'cache-behavior-path-pattern', 'cs-method', 'cs-protocol', 'cs-protocol-version', 'ssl-protocol', 'cs-bytes',
  'sc-status', 'sc-bytes', 'sc-content-type', 'time-to-first-byte', 'time-taken',
];
const name = '${self:service}-${sls:stage}-edge';
const all = { 'Fn::Sub': '${LogsBucket.Arn}/*' };

const bucket = (keep, days) => ({
  Type: 'AWS::S3::Bucket',
  DeletionPolicy: keep,
  UpdateReplacePolicy: 'Retain',
  Properties: {
    BucketName: { 'Fn::Sub': '${self:service}-${sls:stage}-logs-${AWS::AccountId}' },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    LifecycleConfiguration: {
      Rules: [
        { Id: 'abandoned', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
        { Id: 'old', Status: 'Enabled', ExpirationInDays: days },
      ],
    },
  },
});

const policy = {
  Type: 'AWS::S3::BucketPolicy',
  Properties: {
    Bucket: { Ref: 'LogsBucket' },
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'OnlyTLS',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [{ 'Fn::GetAtt': ['LogsBucket', 'Arn'] }, all],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        {
          Sid: 'Delivery',
          Effect: 'Allow',
          Principal: { Service: 'delivery.logs.amazonaws.com' },
          Action: 's3:PutObject',
          Resource: all,
          Condition: {
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' }, 's3:x-amz-acl': 'bucket-owner-full-control' },
            ArnLike: { 'aws:SourceArn': { 'Fn::Sub': `arn:\${AWS::Partition}:logs:us-east-1:\${AWS::AccountId}:delivery-source:${name}` } },
          },
        },
      ],
    },
  },
};

module.exports = async ({ resolveVariable }) => {
  const { accessLogs, keep, logRetention } = await resolveVariable('self:custom.stage');
  if (!accessLogs) return { Resources: {} };
  const region = await resolveVariable('self:provider.region');
  if (region !== 'us-east-1') {
    throw new Error(`accessLogs: CloudFront gives its logs away in us-east-1 only, and this stage goes to ${region}`);
  }
  return {
    Resources: {
      LogsBucket: bucket(keep, logRetention),
      LogsBucketPolicy: policy,
      EdgeLogSource: {
        Type: 'AWS::Logs::DeliverySource',
        Properties: {
          Name: name,
          LogType: 'ACCESS_LOGS',
          ResourceArn: { 'Fn::Sub': 'arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}' },
        },
      },
      EdgeLogDestination: {
        Type: 'AWS::Logs::DeliveryDestination',
        DependsOn: 'LogsBucketPolicy',
        Properties: { Name: name, DestinationResourceArn: { 'Fn::GetAtt': ['LogsBucket', 'Arn'] }, OutputFormat: 'json' },
      },
      EdgeLog: {
        Type: 'AWS::Logs::Delivery',
        Properties: {
          DeliverySourceName: { Ref: 'EdgeLogSource' },
          DeliveryDestinationArn: { 'Fn::GetAtt': ['EdgeLogDestination', 'Arn'] },
          RecordFields: fields,
        },
      },
    },
  };
};
