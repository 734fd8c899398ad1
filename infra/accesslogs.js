'use strict';
// The edge's access log, in a bucket of the stack, for as long as other logs. It is
// delivered from us-east-1, to a bucket in any region. Fields are chosen: no address of a visitor, and no path, query, referrer or cookie, since a private
// link's code is its password.
const { here } = require('./region');

const fields = [
  'date', 'time', 'x-edge-location', 'x-edge-request-id', 'x-edge-result-type', 'x-edge-response-result-type', 'x-edge-detailed-result-type',
  'cache-behavior-path-pattern', 'cs-method', 'cs-protocol', 'cs-protocol-version', 'ssl-protocol', 'cs-bytes',
  'sc-status', 'sc-bytes', 'sc-content-type', 'time-to-first-byte', 'time-taken',
];
const name = '${self:service}-${sls:stage}-edge';
const bucketName = '${self:service}-${sls:stage}-logs-${AWS::AccountId}';
const all = { 'Fn::Sub': '${LogsBucket.Arn}/*' };

const bucket = (keep, days) => ({
  Type: 'AWS::S3::Bucket',
  DeletionPolicy: keep,
  UpdateReplacePolicy: 'Retain',
  Properties: {
    BucketName: { 'Fn::Sub': bucketName },
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

/** The delivery from the distribution to the bucket; more is added to each resource. */
const delivery = (bucket, more) => ({
  EdgeLogSource: {
    Type: 'AWS::Logs::DeliverySource',
    ...more,
    Properties: {
      Name: name,
      LogType: 'ACCESS_LOGS',
      ResourceArn: { 'Fn::Sub': `arn:\${AWS::Partition}:cloudfront::\${AWS::AccountId}:distribution/\${Distribution}` },
    },
  },
  EdgeLogDestination: {
    Type: 'AWS::Logs::DeliveryDestination',
    ...more,
    Properties: { Name: name, DestinationResourceArn: bucket, OutputFormat: 'json' },
  },
  EdgeLog: {
    Type: 'AWS::Logs::Delivery',
    ...more,
    Properties: {
      DeliverySourceName: { Ref: 'EdgeLogSource' },
      DeliveryDestinationArn: { 'Fn::GetAtt': ['EdgeLogDestination', 'Arn'] },
      RecordFields: fields,
    },
  },
});

module.exports = async ({ resolveVariable }) => {
  const { accessLogs, keep, logRetention } = await resolveVariable('self:custom.stage');
  if (!accessLogs) return { Resources: {} };
  const own = await here(resolveVariable);
  return {
    Resources: {
      LogsBucket: bucket(keep, logRetention),
      LogsBucketPolicy: policy,
      ...(own && delivery({ 'Fn::GetAtt': ['LogsBucket', 'Arn'] }, { DependsOn: 'LogsBucketPolicy' })),
    },
  };
};
Object.assign(module.exports, { bucketName, delivery });
