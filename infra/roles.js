'use strict';
// One IAM role per function with only the permissions it needs: those of its policy.yml, its
// own log group, traces, and those that its function.yml implies (the queue or stream
// that it reads, the destination of its failures). A bucket may invoke the functions
// that it notifies.
const { functions, normalized, pascal } = require('./functions');

const name = (fn) => `\${self:service}-\${sls:stage}-${fn}`;
const sub = (text) => ({ 'Fn::Sub': text });

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** The permissions of every function: to write its log, and traces if the stage has them. */
const common = (fn, tracing) => [
  {
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: sub(`arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/${name(fn)}:*`),
  },
  // X-Ray has no resource-level permissions.
  ...(tracing ? [{ Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' }] : []),
];

/** The permissions that a function's events and destinations imply. */
function implied({ events = [], destinations = {} }) {
  const queues = events.filter((event) => event.sqs).map((event) => ({
    Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    Resource: event.sqs.arn,
  }));
  const streams = events.filter((event) => event.stream);
  const changes = streams.map((event) => ({
    Action: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    Resource: event.stream.arn,
  }));
  const failures = [destinations, ...streams.map((event) => event.stream.destinations ?? {})]
    .filter((to) => to.onFailure)
    .map((to) => ({ Action: ['sqs:SendMessage'], Resource: to.onFailure.arn }));
  return [...queues, ...changes, ...failures];
}

/** osls grants the permission to a bucket name without the account ID; our names end in it (infra/buckets.yml). */
function notified(all) {
  const found = {};
  for (const fn of all) {
    for (const event of (fn.config.events ?? []).filter(({ s3 }) => s3)) {
      const bucket = event.s3.bucket;
      found[`${normalized(fn.name)}LambdaPermission${pascal(bucket)}S3`] = {
        Properties: { SourceArn: sub(`arn:\${AWS::Partition}:s3:::\${self:service}-\${sls:stage}-${bucket}-\${AWS::AccountId}`) },
      };
    }
  }
  return found;
}

const role = (fn, tracing) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: trust,
    Policies: [
      {
        PolicyName: fn.name,
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [...common(fn.name, tracing), ...implied(fn.config), ...fn.policy].map((s) => ({ Effect: 'Allow', ...s })),
        },
      },
    ],
  },
});

module.exports = async ({ resolveVariable }) => {
  const all = await functions(resolveVariable);
  const { tracing } = await resolveVariable('self:custom.stage');
  return { Resources: Object.fromEntries(all.map((fn) => [`${pascal(fn.name)}Role`, role(fn, tracing)])), extensions: notified(all) };
};
