'use strict';
// Who hears of an alarm, and of the bill: a topic, encrypted with a key of its own
// (CloudWatch may not use the one that AWS manages), an e-mail address, a budget.
const fromHere = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
const tellers = { Service: ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'] };

const key = {
  Type: 'AWS::KMS::Key',
  Properties: {
    Description: 'Alerts of ${self:service}-${sls:stage}',
    EnableKeyRotation: true,
    KeyPolicy: {
      Version: '2012-10-17',
      Statement: [
        // Without the account a key could never be managed again: IAM decides who may.
        {
          Sid: 'Account',
          Effect: 'Allow',
          Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } },
          Action: 'kms:*',
          Resource: '*',
        },
        {
          Sid: 'Tellers',
          Effect: 'Allow',
          Principal: tellers,
          Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
          Resource: '*',
          Condition: fromHere,
        },
      ],
    },
  },
};

const topic = {
  Type: 'AWS::SNS::Topic',
  Properties: { TopicName: '${self:service}-${sls:stage}-alerts', KmsMasterKeyId: { Ref: 'AlertsKey' } },
};

const policy = {
  Type: 'AWS::SNS::TopicPolicy',
  Properties: {
    Topics: [{ Ref: 'AlertsTopic' }],
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Sid: 'Tellers', Effect: 'Allow', Principal: tellers, Action: 'sns:Publish', Resource: { Ref: 'AlertsTopic' }, Condition: fromHere },
        {
          Sid: 'OnlyTLS',
          Effect: 'Deny',
          Principal: '*',
          Action: 'sns:Publish',
          Resource: { Ref: 'AlertsTopic' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    },
  },
};

const subscription = (email) => ({
  Type: 'AWS::SNS::Subscription',
  Properties: { TopicArn: { Ref: 'AlertsTopic' }, Protocol: 'email', Endpoint: email },
});

/** When somebody hears of the bill: at 80 percent of the budget, and when the month will be beyond it. */
const notices = [['ACTUAL', 80], ['FORECASTED', 100]];

/**
 * The budget is the account's: one of the stage alone needs tags that somebody has
 * activated for billing. Its name tells the notices: other ones are another budget to
 * CloudFormation, which could not be made beside one of the same name.
 */
const budget = (dollars) => ({
  Type: 'AWS::Budgets::Budget',
  Properties: {
    Budget: {
      BudgetName: ['${self:service}-${sls:stage}', ...notices.map(([type, percent]) => type.toLowerCase() + percent)].join('-'),
      BudgetType: 'COST',
      TimeUnit: 'MONTHLY',
      BudgetLimit: { Amount: dollars, Unit: 'USD' },
    },
    NotificationsWithSubscribers: notices.map(([NotificationType, Threshold]) => ({
      Notification: { NotificationType, Threshold, ThresholdType: 'PERCENTAGE', ComparisonOperator: 'GREATER_THAN' },
      Subscribers: [{ SubscriptionType: 'SNS', Address: { Ref: 'AlertsTopic' } }],
    })),
  },
});

module.exports = async ({ resolveVariable }) => {
  const { alerts } = await resolveVariable('self:custom.stage');
  if (!alerts) return { Resources: {} };
  return {
    Resources: {
      AlertsKey: key,
      AlertsTopic: topic,
      AlertsTopicPolicy: policy,
      ...(alerts.email && alerts.email !== 'none' && { AlertsEmail: subscription(alerts.email) }),
      ...(alerts.budget && { Budget: { DependsOn: 'AlertsTopicPolicy', ...budget(alerts.budget) } }),
    },
  };
};
