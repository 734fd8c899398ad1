'use strict';
// The API's routes: a function with httpApi events has one integration and a route for each
// event. API Gateway invokes all functions through one role. osls would write an
// AWS::Lambda::Permission for each function instead, so it does not get the routes.
const { functions, live, normalized, pascal } = require('./functions');

const api = { Ref: 'HttpApi' };

/** GET /api/links/{code}; or $default for the path *, which answers all requests that match no other route. */
const routeKey = ({ method, path }) => (path === '*' ? '$default' : `${method} ${path}`);

/** HttpApiRouteGetApiLinksCodeVar for GET /api/links/{code}, HttpApiRouteDefault for the path *. */
const routeId = ({ method, path }) => `HttpApiRoute${(path === '*' ? ['default'] : [method.toLowerCase(), ...path.split('/')]).filter(Boolean)
  .map((part) => part.replace(/^\{(\w+)\+?\}$/, '$1Var').replace(/[^A-Za-z0-9]/g, ''))
  .map((part) => part[0].toUpperCase() + part.slice(1)).join('')}`;

const integrationId = ({ name }) => `HttpApiIntegration${normalized(name)}`;

const integration = (fn, stage) => ({
  Type: 'AWS::ApiGatewayV2::Integration',
  Properties: {
    ApiId: api,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: live(fn, stage) ? { Ref: `${pascal(fn.name)}Live` } : { 'Fn::GetAtt': [`${normalized(fn.name)}LambdaFunction`, 'Arn'] },
    CredentialsArn: { 'Fn::GetAtt': ['ApiRole', 'Arn'] },
    PayloadFormatVersion: '2.0',
    TimeoutInMillis: 30000,
  },
});

const route = (fn, { authorizer, ...event }) => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: {
    ApiId: api,
    RouteKey: routeKey(event),
    Target: { 'Fn::Join': ['/', ['integrations', { Ref: integrationId(fn) }]] },
    AuthorizationType: 'CUSTOM',
    AuthorizerId: { Ref: `HttpApiAuthorizer${normalized(authorizer.name)}` },
  },
});

const arn = (name) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:\${self:service}-\${sls:stage}-${name}`,
});

/** The role may invoke these functions and aliases. */
const role = (names) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    Policies: [
      {
        PolicyName: 'invoke',
        PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: names.map(arn) }] },
      },
    ],
  },
});

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('self:custom.stage');
  const all = (await functions(resolveVariable)).filter(({ routes }) => routes.length > 0);
  return {
    Resources: {
      ApiRole: role(['authorize', ...all.map((fn) => (live(fn, stage) ? `${fn.name}:live` : fn.name))]),
      ...Object.fromEntries(all.map((fn) => [integrationId(fn), integration(fn, stage)])),
      ...Object.fromEntries(all.flatMap((fn) => fn.routes.map((each) => [routeId(each), route(fn, each)]))),
    },
  };
};
Object.assign(module.exports, { routeId, routeKey });
