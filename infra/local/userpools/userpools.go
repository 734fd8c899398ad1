// Package userpools plans the user pools of a template.
package userpools

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/cognito"
	"github.com/minim-dev/minim/infra/local/template"
)

// reader collects notes about settings that are not emulated.
type reader struct {
	stack    *template.Stack
	function func(arn string) (name string, ok bool)
	notes    []string
}

func (r *reader) note(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}

// Read returns the user pools of a stack with everything that belongs to them, and notes about settings that are not
// emulated. function returns the name of a function of the stack by its ARN.
func Read(stack *template.Stack, function func(arn string) (name string, ok bool)) (all []cognito.Pool, notes []string, err error) {
	r := &reader{stack: stack, function: function}
	var errs []error
	ids := map[string]bool{}
	for id, v := range template.Of[template.UserPool](stack) {
		pool, err := r.pool(id+".Properties", v)
		if err == nil {
			if err = pool.Check(); err != nil {
				err = fmt.Errorf("%s: %w", id, err)
			}
		}
		errs = append(errs, err)
		ids[v.ID()] = true
		all = append(all, pool)
	}
	belongs := func(id, pool string) {
		if !ids[pool] {
			errs = append(errs, fmt.Errorf("%s.Properties.UserPoolId: %q is not a user pool of the stack", id, pool))
		}
	}
	for id, v := range template.Of[template.UserPoolClient](stack) {
		belongs(id, v.UserPoolId)
	}
	for id, v := range template.Of[template.UserPoolDomain](stack) {
		belongs(id, v.UserPoolId)
	}
	return all, r.notes, errors.Join(errs...)
}

func (r *reader) pool(at string, v *template.UserPool) (cognito.Pool, error) {
	has := func(list []string, name string) bool { return slices.Contains(list, name) }
	folds := v.UsernameConfiguration.CaseSensitive
	invite, mail := v.AdminCreateUserConfig.InviteMessageTemplate, v.VerificationMessageTemplate
	pool := cognito.Pool{
		ID: v.ID(), Name: v.UserPoolName, ARN: v.ARN(), Issuer: v.Issuer(),
		EmailNames: has(v.UsernameAttributes, "email"), EmailAliases: has(v.AliasAttributes, "email"), VerifyEmail: has(v.AutoVerifiedAttributes, "email"),
		CaseSensitive: folds == nil || *folds, InvitedOnly: v.AdminCreateUserConfig.AllowAdminCreateUserOnly,
		Password: cognito.PasswordPolicy{Length: 8, Lowercase: true, Uppercase: true, Number: true, Symbols: true}, TemporaryDays: 7,
		Messages: cognito.Messages{
			From:          cmp.Or(v.EmailConfiguration.From, sender(v.EmailConfiguration.SourceArn), "no-reply@verificationemail.com"),
			VerifySubject: cmp.Or(mail.EmailSubject, v.EmailVerificationSubject, "Your verification code"),
			VerifyText:    cmp.Or(mail.EmailMessage, v.EmailVerificationMessage, "Your verification code is {####}."),

			InvitationSubject: cmp.Or(invite.EmailSubject, "Your temporary password"),
			Invitations:       cmp.Or(invite.EmailMessage, "Your username is {username} and temporary password is {####}."),
		},
	}
	if policy := v.Policies.PasswordPolicy; policy != nil {
		pool.Password = cognito.PasswordPolicy{
			Length: cmp.Or(policy.MinimumLength, 8), Lowercase: policy.RequireLowercase, Uppercase: policy.RequireUppercase,
			Number: policy.RequireNumbers, Symbols: policy.RequireSymbols,
		}
		pool.TemporaryDays = cmp.Or(policy.TemporaryPasswordValidityDays, pool.TemporaryDays)
	}
	for _, a := range v.Schema {
		if a.Required {
			pool.Required = append(pool.Required, a.Name)
		}
		pool.Attributes = append(pool.Attributes, "custom:"+a.Name)
	}
	if v.MfaConfiguration == "ON" || v.MfaConfiguration == "OPTIONAL" {
		r.note("%s.MfaConfiguration: no second factor is asked for", at)
	}
	if mail.DefaultEmailOption == "CONFIRM_WITH_LINK" {
		r.note("%s.VerificationMessageTemplate.DefaultEmailOption: addresses are confirmed by codes only", at)
	}
	if arn := v.LambdaConfig.PreSignUp; arn != "" {
		name, ok := r.function(arn)
		if !ok {
			return pool, fmt.Errorf("%s.LambdaConfig.PreSignUp: %q is not a function of the stack", at, arn)
		}
		pool.PreSignUp = name
	}
	r.members(&pool)
	return pool, r.clients(&pool)
}

// sender returns the sender's address for the ARN of a mail identity: the address itself, or one of the domain.
func sender(arn string) string {
	_, identity, ok := strings.Cut(arn, ":identity/")
	if ok && !strings.Contains(identity, "@") {
		identity = "no-reply@" + identity
	}
	return identity
}

// members adds the domain, the groups, the scopes and the users of a pool.
func (r *reader) members(pool *cognito.Pool) {
	for _, v := range template.Of[template.UserPoolDomain](r.stack) {
		pool.Hosted = pool.Hosted || v.UserPoolId == pool.ID
	}
	for _, v := range template.Of[template.UserPoolGroup](r.stack) {
		if v.UserPoolId == pool.ID {
			pool.Groups = append(pool.Groups, v.GroupName)
		}
	}
	for _, v := range template.Of[template.UserPoolResourceServer](r.stack) {
		for _, scope := range v.Scopes {
			if v.UserPoolId == pool.ID {
				pool.Scopes = append(pool.Scopes, v.Identifier+"/"+scope.ScopeName)
			}
		}
	}
	for _, v := range template.Of[template.UserPoolUser](r.stack) {
		if v.UserPoolId != pool.ID {
			continue
		}
		u := cognito.NewUser{Name: v.Username, Attributes: map[string]string{}, Silent: v.MessageAction == "SUPPRESS"}
		for _, a := range v.UserAttributes {
			u.Attributes[a.Name] = a.Value
		}
		for _, m := range template.Of[template.UserPoolMember](r.stack) {
			if m.UserPoolId == pool.ID && m.Username == v.Username {
				u.Groups = append(u.Groups, m.GroupName)
			}
		}
		pool.Users = append(pool.Users, u)
	}
}

// clients adds the clients of a pool.
func (r *reader) clients(pool *cognito.Pool) error {
	var errs []error
	for id, v := range template.Of[template.UserPoolClient](r.stack) {
		if v.UserPoolId != pool.ID {
			continue
		}
		valid := func(n int, unit, usual string, otherwise time.Duration) time.Duration {
			scale, ok := map[string]time.Duration{"seconds": time.Second, "minutes": time.Minute, "hours": time.Hour, "days": 24 * time.Hour}[cmp.Or(unit, usual)]
			if !ok {
				errs = append(errs, fmt.Errorf("%s.Properties.TokenValidityUnits: %q is not seconds, minutes, hours or days", id, unit))
			}
			return cmp.Or(time.Duration(n)*scale, otherwise)
		}
		units := v.TokenValidityUnits
		c := cognito.Client{
			ID: v.ID(), Name: v.ClientName, Confidential: v.GenerateSecret, Callbacks: v.CallbackURLs, Logouts: v.LogoutURLs, Readable: v.ReadAttributes,
			Access:   valid(v.AccessTokenValidity, units.AccessToken, "hours", time.Hour),
			Identity: valid(v.IdTokenValidity, units.IdToken, "hours", time.Hour),
			Refresh:  valid(v.RefreshTokenValidity, units.RefreshToken, "days", 30*24*time.Hour),
			Rotate:   v.RefreshTokenRotation.Feature == "ENABLED", Grace: time.Duration(v.RefreshTokenRotation.RetryGracePeriodSeconds) * time.Second,
			HideUsers: v.PreventUserExistenceErrors == "ENABLED",
		}
		if v.AllowedOAuthFlowsUserPoolClient {
			c.Flows, c.Scopes = v.AllowedOAuthFlows, v.AllowedOAuthScopes
		}
		for i, name := range v.SupportedIdentityProviders {
			if name != "COGNITO" {
				r.note("%s.Properties.SupportedIdentityProviders[%d]: people cannot sign in with %s", id, i, name)
			}
		}
		pool.Clients = append(pool.Clients, c)
	}
	return errors.Join(errs...)
}

// Issuer returns the URL on this machine of an issuer with an AWS URL, if it is a pool of the stack. Otherwise it returns the given URL.
func Issuer(stack *template.Stack, given string) string {
	for _, v := range template.Of[template.UserPool](stack) {
		if strings.TrimSuffix(given, "/") == v.AWSIssuer() {
			return v.Issuer()
		}
	}
	return given
}
