'use strict';
// The alarms: three a function (it fails, it is throttled, it is about to run out of
// time) and more for what it reads, where its failures go and what starts it, one a
// queue for work that gets stuck or lost in it, one a table, and those of the whole.
// Each description ends in the address of its entry in the runbook. Missing data is a
// quiet service, not a broken one.
const { functions, pascal } = require('./functions');

const metric = (Namespace, MetricName, dimensions) => ({
  Namespace,
  MetricName,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});

/** The sum of several metrics, as an alarm asks for it. */
const total = (metrics, Period) => ({
  Metrics: [
    { Id: 'total', Expression: 'SUM(METRICS())', Label: 'Total' },
    ...metrics.map((Metric, i) => ({ Id: `m${i}`, ReturnData: false, MetricStat: { Metric, Period, Stat: 'Sum' } })),
  ],
});

// Requests in a period from which on their share is a number to go by: of fewer, each is a large part.
const few = 100;

/** The percentage of part in whole; part is a percentage itself if rate is set. */
const share = (part, whole, Period, rate) => ({
  Metrics: [
    { Id: 'share', Expression: `IF(whole >= ${few}, ${rate ? 'part' : '100 * part / whole'}, 0)`, Label: 'Percent' },
    { Id: 'part', ReturnData: false, MetricStat: { Metric: part, Period, Stat: rate ? 'Average' : 'Sum' } },
    { Id: 'whole', ReturnData: false, MetricStat: { Metric: whole, Period, Stat: 'Sum' } },
  ],
});

/** The periods after which a schedule is silent: three intervals, or a day with an hour for daylight saving time and one to spare. */
function silence(expression) {
  const [, count, unit] = /^rate\((\d+) (minute|hour)s?\)$/.exec(expression) ?? [];
  if (count) return { Period: count * (unit === 'hour' ? 3600 : 60), EvaluationPeriods: 3 };
  return /^cron\(\d+ \d+ \* \* \? \*\)$|^rate\(1 day\)$/.test(expression) ? { Period: 3600, EvaluationPeriods: 26 } : undefined;
}

/** An alarm of what is wrong, its entry in the runbook, metric and threshold. */
const maker = (runbook, actions) => (description, entry, properties, threshold, options = {}) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmDescription: `${description}. ${runbook}#${entry}`,
    ...(properties.Metrics ? {} : { Statistic: 'Sum', Period: 300 }),
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    Threshold: threshold,
    TreatMissingData: 'notBreaching',
    ...actions,
    ...properties,
    ...options,
  },
});

/** What watches one function; its limits.yml may have thresholds of its own. */
function ofFunction({ name, config, limits }, alarm) {
  const of = (what) => metric('AWS/Lambda', what, { FunctionName: `\${self:service}-\${sls:stage}-${name}` });
  const { errors = 1, throttles = 1, duration = 0.8 } = limits.alarms ?? {};
  const beat = (config.events ?? []).filter(({ schedule }) => schedule).map(({ schedule }) => silence([schedule.rate].flat()[0])).find(Boolean);
  return {
    [`${pascal(name)}ErrorsAlarm`]: alarm(`${name} fails`, 'a-function-fails', of('Errors'), errors),
    [`${pascal(name)}ThrottlesAlarm`]: alarm(`${name} is throttled`, 'a-function-is-throttled', of('Throttles'), throttles),
    // Three periods in a row: one slow start is no trouble.
    [`${pascal(name)}SlowAlarm`]: alarm(`${name} is about to run out of its ${config.timeout} seconds`, 'a-function-is-slow',
      of('Duration'), Math.round(config.timeout * 1000 * duration),
      { Statistic: undefined, ExtendedStatistic: 'p99', EvaluationPeriods: 3 }),
    ...(config.destinations?.onFailure && {
      [`${pascal(name)}LostAlarm`]: alarm(`What ${name} could not do is lost`, 'work-is-lost', of('DestinationDeliveryFailures'), 1),
    }),
    ...(beat && {
      [`${pascal(name)}SilentAlarm`]: alarm(`${name} was not started by its schedule`, 'a-schedule-is-silent', of('Invocations'), 1,
        { ...beat, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' }),
    }),
    ...((config.events ?? []).some(({ stream }) => stream) && {
      [`${pascal(name)}AgeAlarm`]: alarm(`Changes wait for more than five minutes for ${name}`, 'messages-wait',
        of('IteratorAge'), 300000, { Statistic: 'Maximum' }),
    }),
  };
}

/** The alarm of a queue: a message that waits in the last place is lost until somebody looks. */
function ofQueue(id, { RedrivePolicy }, alarm) {
  const name = id.replace(/Queue$/, '');
  const words = name.replace(/(?<=.)[A-Z]/g, ' $&').toLowerCase();
  const of = (what) => metric('AWS/SQS', what, { QueueName: { 'Fn::GetAtt': [id, 'QueueName'] } });
  const most = { Statistic: 'Maximum' };
  return RedrivePolicy
    ? [`${name}AgeAlarm`, alarm(`Messages wait for more than five minutes in the ${words} queue`, 'messages-wait',
      of('ApproximateAgeOfOldestMessage'), 300, most)]
    : [`${name}Alarm`, alarm(`What could not be done waits in the ${words} queue`, 'work-is-left-undone',
      of('ApproximateNumberOfMessagesVisible'), 1, most)];
}

/** The alarm of a table and its indexes: one key is asked for, or written, more often than a partition can. */
function ofTable(id, { GlobalSecondaryIndexes = [] }, alarm) {
  const places = [{ TableName: { Ref: id } }, ...GlobalSecondaryIndexes.map(({ IndexName }) => ({ TableName: { Ref: id }, GlobalSecondaryIndexName: IndexName }))];
  const sums = places.flatMap((place) => ['ReadThrottleEvents', 'WriteThrottleEvents'].map((what) => metric('AWS/DynamoDB', what, place)));
  const name = id.replace(/Table$/, '');
  return [`${name}RefusedAlarm`, alarm(`The ${name.toLowerCase()} table refuses requests`, 'a-table-refuses-requests', total(sums, 300), 10)];
}

/** What watches the whole: the API, the edge, what all functions share, and the clicks that were never sent. */
const ofAll = (region, accountConcurrency, alarm) => ({
  ApiErrorsAlarm: alarm('The API answers with server errors', 'the-api-answers-with-errors',
    metric('AWS/ApiGateway', '5xx', { ApiId: { Ref: 'HttpApi' } }), 5),
  ClicksLostAlarm: alarm('Clicks could not be sent to their queue', 'clicks-are-lost',
    metric('Minim', 'ClicksLost', { function: '${self:service}-${sls:stage}-link-redirect' }), 1),
  ApiRefusedAlarm: alarm('The API refuses more than half of its requests', 'visitors-are-refused',
    share(metric('AWS/ApiGateway', '4xx', { ApiId: { Ref: 'HttpApi' } }), metric('AWS/ApiGateway', 'Count', { ApiId: { Ref: 'HttpApi' } }), 300),
    50, { EvaluationPeriods: 3 }),
  ConcurrencyAlarm: alarm(`Functions use four fifths of the account's ${accountConcurrency} concurrent executions`, 'the-account-runs-out-of-concurrency',
    metric('AWS/Lambda', 'ConcurrentExecutions', {}), Math.floor(0.8 * accountConcurrency), { Statistic: 'Maximum' }),
  // CloudFront publishes its numbers in us-east-1 only. In percent, for three periods.
  ...(region === 'us-east-1' && {
    EdgeRefusedAlarm: alarm('The edge refuses more than half of its requests', 'visitors-are-refused',
      share(ofEdge('4xxErrorRate'), ofEdge('Requests'), 300, true), 50, { EvaluationPeriods: 3 }),
    EdgeErrorsAlarm: alarm('More than one in twenty answers of the edge is a server error', 'the-edge-answers-with-errors',
      ofEdge('5xxErrorRate'), 5, { Statistic: 'Average', EvaluationPeriods: 3 }),
  }),
});

const ofEdge = (what) => metric('AWS/CloudFront', what, { DistributionId: { Ref: 'Distribution' }, Region: 'Global' });

const throttled = '${self:service}-${sls:stage}-throttled';

/** Requests that a limit refused. API Gateway counts them among all 4xx, so they are counted in the access log. */
const ofLimits = (alarm) => ({
  Throttled: {
    Type: 'AWS::Logs::MetricFilter',
    Properties: {
      LogGroupName: { Ref: 'HttpApiLogGroup' },
      FilterPattern: '{ $.status = "429" }',
      MetricTransformations: [{ MetricNamespace: 'Minim', MetricName: throttled, MetricValue: '1' }],
    },
  },
  ThrottledAlarm: alarm('Limits refuse requests', 'visitors-are-refused', metric('Minim', throttled, {}), 100),
});

/** alarms makes alarms that tell whoever the stage names. */
const alarms = async (resolveVariable) => {
  const { alerts } = await resolveVariable('self:custom.stage');
  const tell = alerts ? { AlarmActions: [{ Ref: 'AlertsTopic' }], OKActions: [{ Ref: 'AlertsTopic' }] } : {};
  return maker(await resolveVariable('self:custom.runbook'), tell);
};

module.exports = async ({ resolveVariable }) => {
  const all = await functions(resolveVariable);
  const alarm = await alarms(resolveVariable);
  const of = async (file, Type) => Object.entries((await resolveVariable(`file(infra/${file})`)).Resources).filter(([, resource]) => resource.Type === Type);
  const queues = await of('queues.yml', 'AWS::SQS::Queue');
  const tables = await of('tables.yml', 'AWS::DynamoDB::Table');
  const { accountConcurrency, alerts } = await resolveVariable('self:custom.stage');
  return {
    Resources: Object.assign({}, ...all.map((fn) => ofFunction(fn, alarm)),
      Object.fromEntries(queues.map(([id, resource]) => ofQueue(id, resource.Properties, alarm))),
      Object.fromEntries(tables.map(([id, resource]) => ofTable(id, resource.Properties, alarm))),
      ofAll(await resolveVariable('self:provider.region'), accountConcurrency, alarm), alerts && ofLimits(alarm)),
  };
};
Object.assign(module.exports, { alarms, metric, throttled, total });
