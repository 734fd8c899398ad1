'use strict';
// People who sign in: a Cognito user pool with its pages, for stages with users. It is the issuer of OpenID Connect
// whose address and client the outputs name; the endpoints are in its discovery document.

const minutes = (n) => ({ AccessTokenValidity: n, IdTokenValidity: n, TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' } });

const pool = ({ keep, users }, isProtected) => ({
  Type: 'AWS::Cognito::UserPool',
  DeletionPolicy: keep,
  UpdateReplacePolicy: 'Retain',
  Properties: {
    UserPoolName: '${self:service}-${sls:stage}-people',
    UserPoolTier: 'ESSENTIALS',
    DeletionProtection: isProtected ? 'ACTIVE' : 'INACTIVE',
    UsernameAttributes: ['email'],
    UsernameConfiguration: { CaseSensitive: false },
    AutoVerifiedAttributes: ['email'],
    // The old address is used until the new one has been confirmed.
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
    AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: users.signUp === 'invited' },
    Policies: {
      // NIST SP 800-63B: long passwords, and no rules for their characters.
      PasswordPolicy: {
        MinimumLength: 12, RequireLowercase: false, RequireNumbers: false, RequireSymbols: false, RequireUppercase: false, TemporaryPasswordValidityDays: 3,
      },
      SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] },
    },
    MfaConfiguration: 'OPTIONAL',
    EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    ...users.from && {
      EmailConfiguration: {
        EmailSendingAccount: 'DEVELOPER',
        From: users.from,
        SourceArn: { 'Fn::Sub': `arn:\${AWS::Partition}:ses:\${AWS::Region}:\${AWS::AccountId}:identity/${users.from}` },
      },
    },
  },
});

const client = ({ siteUrl }) => ({
  Type: 'AWS::Cognito::UserPoolClient',
  Properties: {
    ClientName: '${self:service}-${sls:stage}-web',
    UserPoolId: { Ref: 'UserPool' },
    GenerateSecret: true,
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email', 'profile'],
    SupportedIdentityProviders: ['COGNITO'],
    CallbackURLs: [{ 'Fn::Join': ['', [siteUrl, '/api/session/callback']] }],
    LogoutURLs: [{ 'Fn::Join': ['', [siteUrl, '/']] }],
    // The application has its own sessions and needs tokens only to begin one, so they expire as soon as AWS allows.
    ...minutes(5),
    RefreshTokenValidity: 60,
    EnableTokenRevocation: true,
    ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'], // people sign in on the pages only
    PreventUserExistenceErrors: 'ENABLED',
    ReadAttributes: ['email', 'email_verified', 'name'],
    WriteAttributes: ['email', 'name'],
  },
});

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('self:custom.stage');
  if (!stage.users) return { Resources: {} };
  if (!['invited', 'anyone'].includes(stage.users.signUp)) throw new Error('users: signUp must be invited or anyone');
  const isProtected = await require('./protection')({ resolveVariable });
  return {
    Resources: {
      UserPool: pool(stage, isProtected),
      UserPoolClient: client(stage),
      UserPoolDomain: {
        Type: 'AWS::Cognito::UserPoolDomain',
        Properties: { Domain: { 'Fn::Sub': '${self:service}-${sls:stage}-${AWS::AccountId}' }, ManagedLoginVersion: 2, UserPoolId: { Ref: 'UserPool' } },
      },
      // Without a style, Cognito does not serve the pages of version 2.
      UserPoolStyle: {
        Type: 'AWS::Cognito::ManagedLoginBranding',
        Properties: { UserPoolId: { Ref: 'UserPool' }, ClientId: { Ref: 'UserPoolClient' }, UseCognitoProvidedValues: true },
      },
    },
    Outputs: {
      UserPoolIssuer: { Value: { 'Fn::GetAtt': ['UserPool', 'ProviderURL'] } },
      UserPoolClientId: { Value: { Ref: 'UserPoolClient' } },
    },
  };
};
