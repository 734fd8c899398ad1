package template

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// poolPath is the path of user pools on this machine. It is below localhost itself, because the resolvers of
// functions may not know subdomains of localhost.
const poolPath = "/_local/cognito/"

// userPools returns the struct for a resource type of Cognito, or nil.
func userPools(resourceType string) kind {
	switch resourceType {
	case "AWS::Cognito::UserPool":
		return new(UserPool)
	case "AWS::Cognito::UserPoolClient":
		return new(UserPoolClient)
	case "AWS::Cognito::UserPoolDomain":
		return new(UserPoolDomain)
	case "AWS::Cognito::UserPoolGroup":
		return new(UserPoolGroup)
	case "AWS::Cognito::UserPoolResourceServer":
		return new(UserPoolResourceServer)
	case "AWS::Cognito::UserPoolUser":
		return new(UserPoolUser)
	case "AWS::Cognito::UserPoolUserToGroupAttachment":
		return new(UserPoolMember)
	}
	return nil
}

// UserPool is AWS::Cognito::UserPool.
type UserPool struct {
	UserPoolName string
	Policies     struct {
		PasswordPolicy *struct {
			MinimumLength                                                      int
			RequireLowercase, RequireNumbers, RequireSymbols, RequireUppercase bool
			TemporaryPasswordValidityDays                                      int
			PasswordHistorySize                                                Noted `note:"former passwords are not remembered"`
		}
		SignInPolicy Noted `note:"people sign in by password only"`
	}
	UsernameAttributes, AliasAttributes, AutoVerifiedAttributes []string
	UsernameConfiguration                                       struct{ CaseSensitive *bool }
	AdminCreateUserConfig                                       struct {
		AllowAdminCreateUserOnly  bool
		UnusedAccountValidityDays int
		InviteMessageTemplate     struct {
			EmailMessage, EmailSubject string
			SMSMessage                 Ignored
		}
	}
	Schema []struct {
		Name                                      string
		Required                                  bool
		AttributeDataType, DeveloperOnlyAttribute Ignored
		Mutable, NumberAttributeConstraints       Ignored
		StringAttributeConstraints                Ignored
	}
	EmailConfiguration struct {
		From                                                       string
		SourceArn                                                  string
		ConfigurationSet, EmailSendingAccount, ReplyToEmailAddress Ignored
	}
	EmailVerificationMessage, EmailVerificationSubject string
	VerificationMessageTemplate                        struct {
		EmailMessage, EmailSubject, DefaultEmailOption     string
		EmailMessageByLink, EmailSubjectByLink, SmsMessage Ignored
	}
	LambdaConfig struct {
		PreSignUp string
		// Triggers that no flow of the local cloud calls.
		PostConfirmation            Noted `note:"this trigger is not called"`
		PreAuthentication           Noted `note:"this trigger is not called"`
		PostAuthentication          Noted `note:"this trigger is not called"`
		PreTokenGeneration          Noted `note:"this trigger is not called"`
		PreTokenGenerationConfig    Noted `note:"this trigger is not called"`
		CustomMessage               Noted `note:"this trigger is not called"`
		UserMigration               Noted `note:"this trigger is not called"`
		DefineAuthChallenge         Noted `note:"this trigger is not called"`
		CreateAuthChallenge         Noted `note:"this trigger is not called"`
		VerifyAuthChallengeResponse Noted `note:"this trigger is not called"`
	}
	MfaConfiguration string
	// The local cloud has neither a second factor nor deletion protection.
	AccountRecoverySetting, DeletionProtection, DeviceConfiguration, EnabledMfas, SmsAuthenticationMessage, SmsConfiguration,
	SmsVerificationMessage, UserAttributeUpdateSettings, UserPoolAddOns, UserPoolTags, UserPoolTier, WebAuthnRelyingPartyID,
	WebAuthnUserVerification, WebAuthnFactorConfiguration, EmailAuthenticationMessage, EmailAuthenticationSubject Ignored

	id, arn, issuer, awsName string
}

// ID returns the pool's ID.
func (v *UserPool) ID() string { return v.id }

// ARN returns the pool's ARN.
func (v *UserPool) ARN() string { return v.arn }

// Issuer returns the pool's URL on this machine, which is the issuer in its tokens.
func (v *UserPool) Issuer() string { return v.issuer }

// AWSIssuer returns the pool's issuer in AWS.
func (v *UserPool) AWSIssuer() string { return "https://" + v.awsName }

func (v *UserPool) setNames(p place) {
	v.UserPoolName = p.name(v.UserPoolName)
	v.id = p.Region + "_" + derived(p, p.ID, 9)
	v.arn = p.arn("cognito-idp", "userpool/"+v.id)
	v.issuer = "http://" + cmp.Or(p.EdgeDomain, "localhost") + poolPath + v.id
	v.awsName = "cognito-idp." + p.Region + ".amazonaws.com/" + v.id
}
func (v *UserPool) ref() string { return v.id }
func (v *UserPool) attributes() map[string]string {
	return map[string]string{"Arn": v.arn, "UserPoolId": v.id, "ProviderName": v.awsName, "ProviderURL": v.issuer}
}

// derived returns an ID that is the same at each start, so a resource keeps its data.
func derived(p place, name string, length int) string {
	sum := sha256.Sum256([]byte(p.StackName + "/" + name))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:])[:length])
}

// UserPoolClient is AWS::Cognito::UserPoolClient.
type UserPoolClient struct {
	ClientName, UserPoolId                                     string
	GenerateSecret, AllowedOAuthFlowsUserPoolClient            bool
	AllowedOAuthFlows, AllowedOAuthScopes                      []string
	CallbackURLs, LogoutURLs                                   []string
	ReadAttributes, SupportedIdentityProviders                 []string
	AccessTokenValidity, IdTokenValidity, RefreshTokenValidity int
	TokenValidityUnits                                         struct{ AccessToken, IdToken, RefreshToken string }
	PreventUserExistenceErrors                                 string
	RefreshTokenRotation                                       struct {
		Feature                 string
		RetryGracePeriodSeconds int
	}
	// In the local cloud tokens can always be revoked, and users sign in only with the pages.
	AnalyticsConfiguration, AuthSessionValidity, DefaultRedirectURI, EnablePropagateAdditionalUserContextData, EnableTokenRevocation,
	ExplicitAuthFlows, WriteAttributes Ignored

	id, secret string
}

// ID returns the client's ID.
func (v *UserPoolClient) ID() string { return v.id }

func (v *UserPoolClient) setNames(p place) {
	v.ClientName = p.name(v.ClientName)
	v.id = derived(p, p.ID, 26)
	if v.GenerateSecret && p.ClientSecret != nil {
		v.secret = p.ClientSecret(v.UserPoolId, v.id)
	}
}
func (v *UserPoolClient) ref() string { return v.id }
func (v *UserPoolClient) attributes() map[string]string {
	return map[string]string{"ClientId": v.id, "ClientSecret": v.secret, "Name": v.ClientName}
}

// UserPoolDomain is AWS::Cognito::UserPoolDomain. A pool with a domain has pages.
type UserPoolDomain struct {
	Domain, UserPoolId                      string
	CustomDomainConfig, ManagedLoginVersion Ignored
}

func (v *UserPoolDomain) setNames(place) {}
func (v *UserPoolDomain) ref() string    { return v.Domain }
func (v *UserPoolDomain) attributes() map[string]string {
	return map[string]string{"CloudFrontDistribution": "d111111abcdef8.cloudfront.net"}
}

// UserPoolGroup is AWS::Cognito::UserPoolGroup.
type UserPoolGroup struct {
	GroupName, UserPoolId   string
	Description, Precedence Ignored
	RoleArn                 Noted `note:"groups have no roles: there are no identity pools"`
}

func (v *UserPoolGroup) setNames(p place)              { v.GroupName = p.name(v.GroupName) }
func (v *UserPoolGroup) ref() string                   { return v.GroupName }
func (v *UserPoolGroup) attributes() map[string]string { return nil }

// UserPoolResourceServer is AWS::Cognito::UserPoolResourceServer: the scopes of an API.
type UserPoolResourceServer struct {
	Identifier, Name, UserPoolId string
	Scopes                       []struct {
		ScopeName        string
		ScopeDescription Ignored
	}
}

func (v *UserPoolResourceServer) setNames(place)                {}
func (v *UserPoolResourceServer) ref() string                   { return v.Identifier }
func (v *UserPoolResourceServer) attributes() map[string]string { return nil }

// UserPoolUser is AWS::Cognito::UserPoolUser: a user to invite.
type UserPoolUser struct {
	Username, UserPoolId, MessageAction                                        string
	UserAttributes                                                             []struct{ Name, Value string }
	ClientMetadata, DesiredDeliveryMediums, ForceAliasCreation, ValidationData Ignored
}

func (v *UserPoolUser) setNames(p place)              { v.Username = p.name(v.Username) }
func (v *UserPoolUser) ref() string                   { return v.Username }
func (v *UserPoolUser) attributes() map[string]string { return nil }

// UserPoolMember is AWS::Cognito::UserPoolUserToGroupAttachment.
type UserPoolMember struct{ GroupName, Username, UserPoolId string }

func (v *UserPoolMember) setNames(place)                {}
func (v *UserPoolMember) ref() string                   { return v.GroupName + "/" + v.Username }
func (v *UserPoolMember) attributes() map[string]string { return nil }
