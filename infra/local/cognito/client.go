package cognito

import (
	"net/url"
	"slices"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// registered is a client for the OpenID library. The library checks the redirect URI, the response type and the grant;
// the provider checks everything else, by the rules of AWS.
type registered struct{ Client }

// GetID implements op.Client, like the other methods.
func (c registered) GetID() string { return c.ID }

// RedirectURIs returns the callback URLs. They are compared exactly.
func (c registered) RedirectURIs() []string { return c.Callbacks }

// PostLogoutRedirectURIs returns the logout URLs. They are compared exactly.
func (c registered) PostLogoutRedirectURIs() []string { return c.Logouts }

// ApplicationType is native for clients with custom URL schemes.
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

// AuthMethod requires the secret, if the client has one.
func (c registered) AuthMethod() oidc.AuthMethod {
	if c.Confidential {
		return oidc.AuthMethodBasic
	}
	return oidc.AuthMethodNone
}

// ResponseTypes returns code, if the client has that flow.
func (c registered) ResponseTypes() []oidc.ResponseType {
	if slices.Contains(c.Flows, codeFlow) {
		return []oidc.ResponseType{oidc.ResponseTypeCode}
	}
	return nil
}

// GrantTypes returns the grant types of the client's flows.
func (c registered) GrantTypes() (all []oidc.GrantType) {
	if slices.Contains(c.Flows, codeFlow) {
		all = append(all, oidc.GrantTypeCode, oidc.GrantTypeRefreshToken)
	}
	if slices.Contains(c.Flows, machineFlow) {
		all = append(all, oidc.GrantTypeClientCredentials)
	}
	return all
}

// LoginURL is not used: the provider redirects to its sign-in page.
func (c registered) LoginURL(string) string { return "" }

// AccessTokenType returns JWT.
func (c registered) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeJWT }

// IDTokenLifetime returns the client's setting.
func (c registered) IDTokenLifetime() time.Duration { return c.Identity }

// DevMode allows callbacks with http, which Check allows for localhost only.
func (c registered) DevMode() bool { return true }

// RestrictAdditionalIdTokenScopes restricts nothing: the provider creates the claims.
func (c registered) RestrictAdditionalIdTokenScopes() func([]string) []string { return asTheyAre }

// RestrictAdditionalAccessTokenScopes restricts nothing: the provider creates the claims.
func (c registered) RestrictAdditionalAccessTokenScopes() func([]string) []string { return asTheyAre }

// IsScopeAllowed allows all scopes: the provider rejects those that the client does not have, while the library would
// silently ignore them.
func (c registered) IsScopeAllowed(string) bool { return true }

// IDTokenUserinfoClaimsAssertion returns true: ID tokens contain the attributes.
func (c registered) IDTokenUserinfoClaimsAssertion() bool { return true }

// ClockSkew returns 0: tokens are valid from the second of their creation.
func (c registered) ClockSkew() time.Duration { return 0 }

func asTheyAre(scopes []string) []string { return scopes }
