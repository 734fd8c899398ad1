'use strict';
// The alarms: one for each function (it fails or is throttled), one for each queue, table and
// schedule, and those of the whole service. Less urgent alarms watch several functions each, since
// a stack has at most 500 resources; the alarm's value identifies the function.
// Each description ends in the address of its entry in the runbook. Missing data means
// that there was no traffic, and does not set off an alarm.
const { functions, pascal } = require('./functions');

const metric = (Namespace, MetricName, dimensions) => ({
  Namespace,
  MetricName,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});

/** The sum of several metrics, as an alarm's properties. */
const total = (metrics, Period) => ({
  Metrics: [
    { Id: 'total', Expression: 'SUM(METRICS())', Label: 'Total' },
    ...metrics.map((Metric, i) => ({ Id: `m${i}`, ReturnData: false, MetricStat: { Metric, Period, Stat: 'Sum' } })),
  ],
});

// Above seven digits CloudWatch may print a value with an exponent.
const digits = 7;

/**
 * The expression of an alarm on several metrics, each with its stat and limit. Each digit of the value is 1
 * if its metric has reached its limit: 1 is the first, 10 the second, 11 both. Missing data
 * counts as 0.
 */
const coded = (measures, Period) => ({
  Metrics: [
    { Id: 'code', Expression: measures.map(({ limit }, i) => `${10 ** i} * (m${i} >= ${limit})`).join(' + '), Label: 'Code' },
    ...measures.map(({ Metric, Stat }, i) => ({ Id: `m${i}`, ReturnData: false, MetricStat: { Metric, Period, Stat } })),
  ],
});

/** Alarms Slow1Alarm, Slow2Alarm and so on: each watches up to seven functions, and its description has their codes. */
const together = (id, description, entry, all, measure, alarm, options) => Object.fromEntries(
  Array.from({ length: Math.ceil(all.length / digits) }, (_, i) => all.slice(i * digits, (i + 1) * digits)).map((some, i) => [
    `${id}${i + 1}Alarm`,
    alarm(`${description}: ${some.map(({ name }, at) => `${10 ** at} ${name}`).join(', ')}, or a sum of these`, entry,
      coded(some.map(measure), 300), 1, options),
  ]));

// The minimum number of requests for a percentage: of fewer, a single request is a large share.
const few = 100;

/** The percentage of whole that part is. If rate is set, part is a percentage already. */
const share = (part, whole, Period, rate) => ({
  Metrics: [
    { Id: 'share', Expression: `IF(whole >= ${few}, ${rate ? 'part' : '100 * part / whole'}, 0)`, Label: 'Percent' },
    { Id: 'part', ReturnData: false, MetricStat: { Metric: part, Period, Stat: rate ? 'Average' : 'Sum' } },
    { Id: 'whole', ReturnData: false, MetricStat: { Metric: whole, Period, Stat: 'Sum' } },
  ],
});

/** The periods after which a schedule counts as silent: three intervals, or for a daily one 26 hours, because of daylight saving time. */
function silence({ config }) {
  const expression = config.events.filter(({ schedule }) => schedule).flatMap(({ schedule }) => schedule.rate)[0];
  if (!expression) return undefined;
  const [, count, unit] = /^rate\((\d+) (minute|hour)s?\)$/.exec(expression) ?? [];
  if (count) return { Period: count * (unit === 'hour' ? 3600 : 60), EvaluationPeriods: 3 };
  return /^cron\(\d+ \d+ \* \* \? \*\)$|^rate\(1 day\)$/.test(expression) ? { Period: 3600, EvaluationPeriods: 26 } : undefined;
}

/** An alarm: its description, its entry in the runbook, its metric and its threshold. */
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

const lambda = ({ name }, what) => metric('AWS/Lambda', what, { FunctionName: `\${self:service}-\${sls:stage}-${name}` });

/** The alarms of functions. limits.yml can set their thresholds. */
const ofFunctions = (all, alarm) => ({
  ...Object.fromEntries(all.map((fn) => {
    const { errors = 1, throttles = 1 } = fn.limits.alarms ?? {};
    return [`${pascal(fn.name)}FailsAlarm`, alarm(`${fn.name} fails (1) or is throttled (10)`, 'a-function-fails-or-is-throttled',
      coded([{ Metric: lambda(fn, 'Errors'), Stat: 'Sum', limit: errors }, { Metric: lambda(fn, 'Throttles'), Stat: 'Sum', limit: throttles }], 300), 1)];
  })),
  // Three periods in a row: a single cold start must not set it off.
  ...together('Slow', 'Functions come close to their timeout', 'a-function-is-slow', all, (fn) => {
    const { duration = 0.8 } = fn.limits.alarms ?? {};
    return { Metric: lambda(fn, 'Duration'), Stat: 'p99', limit: Math.round(fn.config.timeout * 1000 * duration) };
  }, alarm, { EvaluationPeriods: 3 }),
  ...together('Lost', 'Events that functions could not process are lost', 'work-is-lost', all.filter(({ config }) => config.destinations?.onFailure),
    (fn) => ({ Metric: lambda(fn, 'DestinationDeliveryFailures'), Stat: 'Sum', limit: 1 }), alarm),
  ...together('StreamAge', 'Stream records wait for more than five minutes', 'messages-wait',
    all.filter(({ config }) => config.events.some(({ stream }) => stream)),
    (fn) => ({ Metric: lambda(fn, 'IteratorAge'), Stat: 'Maximum', limit: 300000 }), alarm),
  ...Object.fromEntries(all.filter(silence).map((fn) => [
    `${pascal(fn.name)}SilentAlarm`, alarm(`${fn.name} was not started by its schedule`, 'a-schedule-is-silent', lambda(fn, 'Invocations'), 1,
      { ...silence(fn), ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' }),
  ])),
});

/** The alarm of a queue. A dead-letter queue sets it off with its first message: nothing else processes that. */
function ofQueue(id, { RedrivePolicy }, alarm) {
  const name = id.replace(/Queue$/, '');
  const words = name.replace(/(?<=.)[A-Z]/g, ' $&').toLowerCase();
  const of = (what) => metric('AWS/SQS', what, { QueueName: { 'Fn::GetAtt': [id, 'QueueName'] } });
  const most = { Statistic: 'Maximum' };
  return RedrivePolicy
    ? [`${name}AgeAlarm`, alarm(`Messages wait for more than five minutes in the ${words} queue`, 'messages-wait',
      of('ApproximateAgeOfOldestMessage'), 300, most)]
    : [`${name}Alarm`, alarm(`Failed messages are in the ${words} queue`, 'work-is-left-undone',
      of('ApproximateNumberOfMessagesVisible'), 1, most)];
}

/** The alarm of a table and its indexes: requests are throttled, usually because of a hot partition. */
function ofTable(id, { GlobalSecondaryIndexes = [] }, alarm) {
  const places = [{ TableName: { Ref: id } }, ...GlobalSecondaryIndexes.map(({ IndexName }) => ({ TableName: { Ref: id }, GlobalSecondaryIndexName: IndexName }))];
  const sums = places.flatMap((place) => ['ReadThrottleEvents', 'WriteThrottleEvents'].map((what) => metric('AWS/DynamoDB', what, place)));
  const name = id.replace(/Table$/, '');
  return [`${name}RefusedAlarm`, alarm(`The ${name.toLowerCase()} table refuses requests`, 'a-table-refuses-requests', total(sums, 300), 10)];
}

/** The alarms of the whole service: the API, the edge, the account's concurrency, and clicks that could not be sent. */
const ofAll = (region, accountConcurrency, alarm) => ({
  ApiErrorsAlarm: alarm('The API answers with server errors', 'the-api-answers-with-errors',
    metric('AWS/ApiGateway', '5xx', { ApiId: { Ref: 'HttpApi' } }), 5),
  ClicksLostAlarm: alarm('Clicks could not be sent to their queue', 'clicks-are-lost',
    metric('Minim', 'ClicksLost', { function: '${self:service}-${sls:stage}-link-redirect' }), 1),
  HostRulesAlarm: alarm('Rules about hosts could not be read', 'rules-about-hosts-are-not-read', total(
    ['link-shorten', 'link-edit', 'link-bulk'].map((name) => metric('Minim', 'HostRulesFailed', { function: `\${self:service}-\${sls:stage}-${name}` })), 300), 1),
  ApiRefusedAlarm: alarm('The API refuses more than half of its requests', 'visitors-are-refused',
    share(metric('AWS/ApiGateway', '4xx', { ApiId: { Ref: 'HttpApi' } }), metric('AWS/ApiGateway', 'Count', { ApiId: { Ref: 'HttpApi' } }), 300),
    50, { EvaluationPeriods: 3 }),
  ConcurrencyAlarm: alarm(`Functions use four fifths of the account's ${accountConcurrency} concurrent executions`, 'the-account-runs-out-of-concurrency',
    metric('AWS/Lambda', 'ConcurrentExecutions', {}), Math.floor(0.8 * accountConcurrency), { Statistic: 'Maximum' }),
  // CloudFront publishes its metrics in us-east-1 only. They are percentages, watched for three periods.
  ...(region === 'us-east-1' && {
    EdgeRefusedAlarm: alarm('The edge refuses more than half of its requests', 'visitors-are-refused',
      share(ofEdge('4xxErrorRate'), ofEdge('Requests'), 300, true), 50, { EvaluationPeriods: 3 }),
    EdgeErrorsAlarm: alarm('More than one in twenty answers of the edge is a server error', 'the-edge-answers-with-errors',
      ofEdge('5xxErrorRate'), 5, { Statistic: 'Average', EvaluationPeriods: 3 }),
  }),
});

const ofEdge = (what) => metric('AWS/CloudFront', what, { DistributionId: { Ref: 'Distribution' }, Region: 'Global' });

const throttled = '${self:service}-${sls:stage}-throttled';

/** Throttled requests. API Gateway's metric counts them among all 4xx, so they are counted in the access log. */
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

// If the stage has alerts, alarms notify their topic.
const notify = { 'Fn::If': ['WithAlerts', [{ Ref: 'AlertsTopic' }], { Ref: 'AWS::NoValue' }] };

/** Returns the function that creates an alarm. */
const alarms = async (resolveVariable) => maker(await resolveVariable('self:custom.runbook'), { AlarmActions: notify, OKActions: notify });

module.exports = async ({ resolveVariable }) => {
  const all = await functions(resolveVariable);
  const alarm = await alarms(resolveVariable);
  const of = async (file, Type) => Object.entries((await resolveVariable(`file(infra/${file})`)).Resources).filter(([, resource]) => resource.Type === Type);
  const queues = await of('queues.yml', 'AWS::SQS::Queue');
  const tables = await of('tables.yml', 'AWS::DynamoDB::Table');
  const { accountConcurrency, alerts } = await resolveVariable('self:custom.stage');
  return {
    Resources: Object.assign({}, ofFunctions(all, alarm),
      Object.fromEntries(queues.map(([id, resource]) => ofQueue(id, resource.Properties, alarm))),
      Object.fromEntries(tables.map(([id, resource]) => ofTable(id, resource.Properties, alarm))),
      ofAll(await resolveVariable('self:provider.region'), accountConcurrency, alarm), alerts && ofLimits(alarm)),
  };
};
Object.assign(module.exports, { alarms, metric, throttled, total });
