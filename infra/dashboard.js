'use strict';
// The dashboard: requests of visitors, functions, queues and tables.
const { throttled } = require('./alarms');
const { functions } = require('./functions');

const name = (fn) => `\${self:service}-\${sls:stage}-${fn}`;
const region = '${AWS::Region}';

/** A graph of twelve columns; two fit side by side. */
const graph = (title, index, metrics, options = {}) => ({
  type: 'metric',
  x: (index % 2) * 12,
  y: Math.floor(index / 2) * 6,
  width: 12,
  height: 6,
  properties: { title, region, view: 'timeSeries', stat: 'Sum', period: 300, metrics, ...options },
});

module.exports = async ({ resolveVariable }) => {
  const all = (await functions(resolveVariable)).map((fn) => name(fn.name));
  const of = async (file, Type) => Object.entries((await resolveVariable(`file(infra/${file})`)).Resources)
    .filter(([, resource]) => resource.Type === Type).map(([id]) => id);
  const queues = (await of('queues.yml', 'AWS::SQS::Queue')).map((id) => `\${${id}.QueueName}`);
  const tables = await of('tables.yml', 'AWS::DynamoDB::Table');
  const refused = (id) => ['Read', 'Write'].map((way) => ['AWS/DynamoDB', `${way}ThrottleEvents`, 'TableName', `\${${id}}`]);
  const each = (what, options) => all.map((fn) => ['AWS/Lambda', what, 'FunctionName', fn, options ?? {}]);
  const edge = (what, options = {}) => ['AWS/CloudFront', what, 'DistributionId', '${Distribution}', 'Region', 'Global', { region: 'us-east-1', ...options }];
  const api = (what, options = {}) => ['AWS/ApiGateway', what, 'ApiId', '${HttpApi}', options];
  const graphs = [
    ['Requests at the edge', [edge('Requests')]],
    ['Errors at the edge, percent', [edge('4xxErrorRate'), edge('5xxErrorRate')], { stat: 'Average' }],
    ['The API: requests and errors', [api('Count'), api('4xx'), api('5xx'), ['Minim', throttled, { label: '429' }]]],
    ['The API: milliseconds', ['p50', 'p90', 'p99'].map((stat) => api('Latency', { stat, label: stat }))],
    ['Invocations', each('Invocations')],
    ['Errors and throttles', [...each('Errors'), ...each('Throttles')]],
    ['Milliseconds, p99', each('Duration'), { stat: 'p99' }],
    ['Environments at once', [...each('ConcurrentExecutions'), ['AWS/Lambda', 'ConcurrentExecutions', { label: 'all of the account' }]], { stat: 'Maximum' }],
    ['Messages waiting', queues.map((q) => ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', q]), { stat: 'Maximum' }],
    ['Age of the oldest message, seconds', queues.map((q) => ['AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName', q]), { stat: 'Maximum' }],
    ['Throttled requests to tables', tables.flatMap(refused)],
    ['Clicks lost, codes tried again', [['Minim', 'ClicksLost', 'function', name('link-redirect')], ['Minim', 'CodeRetries', 'function', name('link-shorten')]]],
  ];
  const widgets = graphs.map(([title, metrics, options], index) => graph(title, index, metrics, options));
  return {
    Resources: {
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: { DashboardName: '${self:service}-${sls:stage}', DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets }) } },
      },
    },
  };
};
