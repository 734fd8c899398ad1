'use strict';
// One IAM role a function, and no more than it needs: what its policy.yml says, its
// own log group, traces, and what its function.yml implies (the queue or the stream
// that it reads, the place where its failures go). Schedules share a role that may
// invoke the scheduled functions, and a bucket may invoke those that it notifies.
const { functions, pascal } = require('./functions');

const name = (fn) => `\${self:service}-\${sls:stage}-${fn}`;
const sub = (text) => ({ 'Fn::Sub': text });

const trust = (service, condition) => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', ...condition },
  ],
});

/** What every function may do: write its log and its traces. */
const common = (fn) => [
  {
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: sub(`arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/${name(fn)}:*`),
  },
  // X-Ray knows no resources.
  { Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' },
];

/** What the events and destinations of a function imply. */
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

/** osls permits the bucket without the account in its name, which ours have (infra/buckets.yml). */
function notified(all) {
  const found = {};
  for (const fn of all) {
    for (const event of (fn.config.events ?? []).filter(({ s3 }) => s3)) {
      const id = fn.name.replace(/-/g, 'Dash');
      const bucket = event.s3.bucket;
      found[`${id[0].toUpperCase()}${id.slice(1)}LambdaPermission${pascal(bucket)}S3`] = {
        Properties: { SourceArn: sub(`arn:\${AWS::Partition}:s3:::\${self:service}-\${sls:stage}-${bucket}-\${AWS::AccountId}`) },
      };
    }
  }
  return found;
}

const role = (fn) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
    Policies: [
      {
        PolicyName: fn.name,
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [...common(fn.name), ...implied(fn.config), ...fn.policy].map((s) => ({ Effect: 'Allow', ...s })),
        },
      },
    ],
  },
});

const scheduleRole = (scheduled) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: trust('scheduler.amazonaws.com', {
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    }),
    Policies: [
      {
        PolicyName: 'invoke',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['lambda:InvokeFunction'],
              Resource: scheduled.map((fn) =>
                sub(`arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${name(fn.name)}`)),
            },
          ],
        },
      },
    ],
  },
});

module.exports = async ({ resolveVariable }) => {
  const all = await functions(resolveVariable);
  const scheduled = all.filter((fn) => (fn.config.events ?? []).some((event) => event.schedule));
  const Resources = Object.fromEntries(all.map((fn) => [`${pascal(fn.name)}Role`, role(fn)]));
  if (scheduled.length > 0) Resources.ScheduleRole = scheduleRole(scheduled);
  return { Resources, extensions: notified(all) };
};
