'use strict';
// The alarms: one a function for its errors, one a queue for work that gets stuck or
// lost in it. Missing data is a quiet service, not a broken one.
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

/** The alarm of a queue: a message that waits in the last place is lost until somebody looks. */
function waiting(id, { RedrivePolicy }) {
  const words = id.replace(/Queue$/, '').replace(/(?<=.)[A-Z]/g, ' $&').toLowerCase();
  return RedrivePolicy
    ? [`${id.replace(/Queue$/, '')}AgeAlarm`, alarm(`Messages wait for more than five minutes in the ${words} queue`,
      queue(id, 'ApproximateAgeOfOldestMessage'), 300, most)]
    : [`${id.replace(/Queue$/, '')}Alarm`, alarm(`What could not be done waits in the ${words} queue`,
      queue(id, 'ApproximateNumberOfMessagesVisible'), 1, most)];
}

module.exports = async ({ resolveVariable }) => {
  const all = await functions(resolveVariable);
  const queues = Object.entries((await resolveVariable('file(infra/queues.yml)')).Resources)
    .filter(([, resource]) => resource.Type === 'AWS::SQS::Queue');
  return {
    Resources: {
      ...Object.fromEntries(all.map((fn) => [`${pascal(fn.name)}ErrorsAlarm`, errors(fn.name)])),
      ...Object.fromEntries(queues.map(([id, resource]) => waiting(id, resource.Properties))),
      ApiErrorsAlarm: alarm('The API answers with server errors',
        metric('AWS/ApiGateway', '5xx', 'ApiId', { Ref: 'HttpApi' }), 5),
    },
  };
};
