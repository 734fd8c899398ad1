'use strict';
// The alarms: one a function for its errors, and one for each place where work gets
// stuck or lost. Missing data is a quiet service, not a broken one.
const { functions, pascal } = require('./functions');

const alarm = (description, metric, threshold, options = {}) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmDescription: description,
    Statistic: 'Sum',
    Period: 300,
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    Threshold: threshold,
    TreatMissingData: 'notBreaching',
    ...metric,
    ...options,
  },
});

const metric = (Namespace, MetricName, dimension, value) => ({
  Namespace,
  MetricName,
  Dimensions: [{ Name: dimension, Value: value }],
});

const queue = (id, name) => metric('AWS/SQS', name, 'QueueName', { 'Fn::GetAtt': [id, 'QueueName'] });
const most = { Statistic: 'Maximum' };

const errors = (fn) => alarm(
  `${fn} failed`,
  metric('AWS/Lambda', 'Errors', 'FunctionName', `\${self:service}-\${sls:stage}-${fn}`),
  1,
);

module.exports = async ({ resolveVariable }) => {
  const all = await functions(resolveVariable);
  return {
    Resources: {
      ...Object.fromEntries(all.map((fn) => [`${pascal(fn.name)}ErrorsAlarm`, errors(fn.name)])),
      ClicksAgeAlarm: alarm('Clicks wait for more than five minutes to be counted',
        queue('ClicksQueue', 'ApproximateAgeOfOldestMessage'), 300, most),
      ClicksDeadAlarm: alarm('Clicks could not be counted and wait in the dead-letter queue',
        queue('ClicksDeadQueue', 'ApproximateNumberOfMessagesVisible'), 1, most),
      FailuresAlarm: alarm('An asynchronous invocation failed for good and waits in the failures queue',
        queue('FailuresQueue', 'ApproximateNumberOfMessagesVisible'), 1, most),
      ApiErrorsAlarm: alarm('The API answers with server errors',
        metric('AWS/ApiGateway', '5xx', 'ApiId', { Ref: 'HttpApi' }), 5),
    },
  };
};
