package cognito

import (
	"net/url"
	"slices"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// registered is a client as the protocol's library sees it. What a client may ask for is checked by the provider,
// by the rules of AWS; the library checks the redirect URI, the response type and the grant.
type registered struct{ Client }

// GetID implements op.Client, as do the other methods.
func (c registered) GetID() string { return c.ID }

// RedirectURIs are compared as they are.
func (c registered) RedirectURIs() []string { return c.Callbacks }

// PostLogoutRedirectURIs are compared as they are.
func (c registered) PostLogoutRedirectURIs() []string { return c.Logouts }

// ApplicationType permits schemes of apps where a client has them.
func (c registered) ApplicationType() op.ApplicationType {
	app := slices.ContainsFunc(c.Callbacks, func(text string) bool {
		u, err := url.Parse(text)
		return err == nil && u.Scheme != "http" && u.Scheme != "https"
	})
	if app {
		return op.ApplicationTypeNative
	}
	return op.ApplicationTypeWeb
}

// AuthMethod is by a secret, if the client has one.
func (c registered) AuthMethod() oidc.AuthMethod {
	if c.Confidential {
		return oidc.AuthMethodBasic
	}
	return oidc.AuthMethodNone
}

// ResponseTypes is code, if the client has the flow.
func (c registered) ResponseTypes() []oidc.ResponseType {
	if slices.Contains(c.Flows, codeFlow) {
		return []oidc.ResponseType{oidc.ResponseTypeCode}
	}
	return nil
}

// GrantTypes are those of the client's flows.
func (c registered) GrantTypes() (all []oidc.GrantType) {
	if slices.Contains(c.Flows, codeFlow) {
		all = append(all, oidc.GrantTypeCode, oidc.GrantTypeRefreshToken)
	}
	if slices.Contains(c.Flows, machineFlow) {
		all = append(all, oidc.GrantTypeClientCredentials)
	}
	return all
}

// LoginURL is not used: the provider itself sends people to its page.
func (c registered) LoginURL(string) string { return "" }

// AccessTokenType is JWT.
func (c registered) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeJWT }

// IDTokenLifetime is that of the client.
func (c registered) IDTokenLifetime() time.Duration { return c.Identity }

// DevMode lets callbacks begin with http: Check permits that for localhost only.
func (c registered) DevMode() bool { return true }

// RestrictAdditionalIdTokenScopes restricts nothing: the provider makes the claims.
func (c registered) RestrictAdditionalIdTokenScopes() func([]string) []string { return asTheyAre }

// RestrictAdditionalAccessTokenScopes restricts nothing: the provider makes the claims.
func (c registered) RestrictAdditionalAccessTokenScopes() func([]string) []string { return asTheyAre }

// IsScopeAllowed lets every scope pass: the provider refuses those that the client does not have, where the library
// would drop them.
func (c registered) IsScopeAllowed(string) bool { return true }

// IDTokenUserinfoClaimsAssertion is on: ID tokens have the attributes.
func (c registered) IDTokenUserinfoClaimsAssertion() bool { return true }

// ClockSkew is none: tokens are valid from the second in which they are made.
func (c registered) ClockSkew() time.Duration { return 0 }

func asTheyAre(scopes []string) []string { return scopes }
