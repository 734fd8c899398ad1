'use strict';
// Schedules: the role that may start functions, and the queue for starts that failed
// (which osls cannot configure).
const { functions, normalized } = require('./functions');

const arn = (fn) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:\${self:service}-\${sls:stage}-${fn.name}`,
});
const lost = { 'Fn::GetAtt': ['FailuresQueue', 'Arn'] };

const role = (scheduled) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'scheduler.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    },
    Policies: [
      {
        PolicyName: 'invoke',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: scheduled.map(arn) },
            { Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: lost },
          ],
        },
      },
    ],
  },
});

/** A start is retried for an hour and then goes to the queue: by then the next start may be due. */
const kept = (fn, i) => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    Name: `\${self:service}-\${sls:stage}-${fn.name}${i ? `-${i + 1}` : ''}`,
    Target: { RetryPolicy: { MaximumRetryAttempts: 20, MaximumEventAgeInSeconds: 3600 }, DeadLetterConfig: { Arn: lost } },
  },
});

module.exports = async ({ resolveVariable }) => {
  const of = (fn) => (fn.config.events ?? []).filter((event) => event.schedule);
  const scheduled = (await functions(resolveVariable)).filter((fn) => of(fn).length > 0);
  if (scheduled.length === 0) return { Resources: {} };
  return {
    Resources: {
      ScheduleRole: role(scheduled),
      ...Object.fromEntries(scheduled.flatMap((fn) => of(fn).map((_, i) => [`${normalized(fn.name)}SchedulerSchedule${i + 1}`, kept(fn, i)]))),
    },
  };
};
