package cognito

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// Discovery returns the discovery document that AWS publishes for a pool.
func (v *provider) Discovery(context.Context, *op.Request[struct{}]) (*op.Response, error) {
	all := map[string]any{
		"issuer": v.Issuer, "jwks_uri": v.Issuer + "/.well-known/jwks.json",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"}, "scopes_supported": []string{"openid", "email", "phone", "profile"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post"},
	}
	if v.Hosted {
		all["authorization_endpoint"], all["token_endpoint"] = v.Issuer+"/oauth2/authorize", v.Issuer+"/oauth2/token"
		all["userinfo_endpoint"], all["revocation_endpoint"] = v.Issuer+"/oauth2/userInfo", v.Issuer+"/oauth2/revoke"
		all["end_session_endpoint"] = v.Issuer + "/logout"
	}
	return op.NewResponse(all), nil
}

// Keys returns the public keys.
func (v *provider) Keys(context.Context, *op.Request[struct{}]) (*op.Response, error) {
	set, err := v.published()
	if err != nil {
		return nil, err
	}
	return op.NewResponse(set), nil
}

// VerifyAuthRequest finds the client. A request without scopes gets all scopes of the client.
func (v *provider) VerifyAuthRequest(_ context.Context, r *op.Request[oidc.AuthRequest]) (*op.ClientRequest[oidc.AuthRequest], error) {
	c, ok := v.client(r.Data.ClientID)
	if !ok {
		return nil, oidc.ErrInvalidRequest().WithDescription("there is no such client")
	}
	if r.Data.RedirectURI != "" && !slices.Contains(c.Callbacks, r.Data.RedirectURI) {
		return nil, oidc.ErrInvalidRequestRedirectURI().WithDescription("the redirect_uri is not one of the client's callback URLs")
	}
	if len(r.Data.Scopes) == 0 {
		r.Data.Scopes = slices.Clone(c.Scopes)
	}
	return &op.ClientRequest[oidc.AuthRequest]{Request: r, Client: registered{c}}, nil
}

// Authorize redirects to the client with a code, or to the sign-in page.
func (v *provider) Authorize(_ context.Context, r *op.ClientRequest[oidc.AuthRequest]) (*op.Redirect, error) {
	a, c := r.Data, r.Client.(registered).Client
	if a.RequestParam != "" {
		return nil, oidc.ErrRequestNotSupported()
	}
	for _, scope := range a.Scopes {
		if !slices.Contains(c.Scopes, scope) {
			return nil, oidc.ErrInvalidScope().WithDescription("the client does not have the scope")
		}
	}
	if a.CodeChallenge != "" && a.CodeChallengeMethod != oidc.CodeChallengeMethodS256 || a.CodeChallenge == "" && a.CodeChallengeMethod != "" {
		return nil, oidc.ErrInvalidRequest().WithDescription("code_challenge_method must be S256, with a code_challenge")
	}
	b, ok := v.browser(r.Header)
	if ok && a.MaxAge != nil {
		ok = v.now().Sub(b.at) <= time.Duration(*a.MaxAge)*time.Second && !slices.Contains(a.Prompt, oidc.PromptLogin)
	}
	if ok {
		ok = v.read(func(s *state) error { return s.mayEnter(b.user) }) == nil
	}
	if !ok && slices.Contains(a.Prompt, oidc.PromptNone) {
		return nil, oidc.ErrLoginRequired()
	}
	if !ok {
		return op.NewRedirect(v.Issuer + "/login?" + r.Form.Encode()), nil
	}
	code := rand.Text()
	v.short.Lock()
	v.forget()
	v.codes[digest(code)] = &authorization{
		client: c.ID, user: b.user, redirect: a.RedirectURI, nonce: a.Nonce, challenge: a.CodeChallenge, method: string(a.CodeChallengeMethod),
		scopes: a.Scopes, at: b.at, until: v.now().Add(codeTime),
	}
	v.short.Unlock()
	target, err := op.AuthResponseURL(a.RedirectURI, a.ResponseType, oidc.ResponseModeQuery, &op.CodeResponseType{Code: code, State: a.State}, oidc.NewEncoder())
	if err != nil {
		return nil, err
	}
	return op.NewRedirect(target), nil
}

// mayEnter returns an error if a user cannot be signed in. The caller holds mu.
func (s *state) mayEnter(name string) error {
	if u := s.Users[name]; u == nil || u.Disabled || u.Status != confirmed {
		return notAuthorized("The user %s cannot sign in.", name)
	}
	return nil
}

// VerifyClient authenticates a client by its secret, if it has one.
func (v *provider) VerifyClient(_ context.Context, r *op.Request[op.ClientCredentials]) (op.Client, error) {
	c, ok := v.client(r.Data.ClientID)
	if !ok {
		return nil, oidc.ErrInvalidClient()
	}
	if !c.Confidential {
		if r.Data.ClientSecret != "" {
			return nil, oidc.ErrInvalidClient()
		}
		return registered{c}, nil
	}
	secret, err := v.pools.Secret(v.ID, c.ID)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(secret), []byte(r.Data.ClientSecret)) != 1 {
		return nil, oidc.ErrInvalidClient()
	}
	return registered{c}, nil
}

// CodeExchange returns tokens for a code, once. If the code is used again, its session is ended.
func (v *provider) CodeExchange(_ context.Context, r *op.ClientRequest[oidc.AccessTokenRequest]) (*op.Response, error) {
	c, id := r.Client.(registered).Client, newUUID()
	v.short.Lock()
	v.forget()
	a := v.codes[digest(r.Data.Code)]
	if a == nil || a.client != c.ID || !v.now().Before(a.until) {
		v.short.Unlock()
		return nil, oidc.ErrInvalidGrant().WithDescription("the code is not valid")
	}
	former := a.session
	a.replayed = former != ""
	a.session = cmp.Or(former, id)
	v.short.Unlock()
	if former != "" {
		return nil, v.replayed(former)
	}
	if r.Data.RedirectURI != a.redirect {
		return nil, oidc.ErrInvalidGrant().WithDescription("the redirect_uri does not match")
	}
	var challenge *oidc.CodeChallenge
	if a.challenge != "" {
		challenge = &oidc.CodeChallenge{Challenge: a.challenge, Method: oidc.CodeChallengeMethod(a.method)}
	}
	if err := op.AuthorizeCodeChallenge(r.Data.CodeVerifier, challenge); err != nil {
		return nil, err
	}
	err := v.change(func(s *state) error {
		s.Grants[id] = &session{Client: c.ID, User: a.user, Scopes: a.scopes, Event: newUUID(), At: a.at, Until: v.now().Add(c.Refresh)}
		return nil
	})
	if err != nil {
		return nil, err
	}
	v.short.Lock()
	replayed := a.replayed
	v.short.Unlock()
	if replayed {
		return nil, v.replayed(id)
	}
	return v.tokens(v.issue(c, id, grant{nonce: a.nonce, fresh: true}))
}

// replayed ends the session of a code that was used twice.
func (v *provider) replayed(id string) error {
	err := v.change(func(s *state) error {
		delete(s.Grants, id)
		return nil
	})
	if err != nil {
		return err
	}
	return oidc.ErrInvalidGrant().WithDescription("the code has been used")
}

// RefreshToken returns new tokens for a refresh token, with a new refresh token if the client rotates them.
func (v *provider) RefreshToken(_ context.Context, r *op.ClientRequest[oidc.RefreshTokenRequest]) (*op.Response, error) {
	c := r.Client.(registered).Client
	id, _, _ := strings.Cut(r.Data.RefreshToken, ".")
	return v.tokens(v.issue(c, id, grant{refresh: r.Data.RefreshToken, fresh: c.Rotate}))
}

// holds returns an error if a token is not a valid refresh token of a session.
func (v *provider) holds(c Client, g *session, token string) error {
	given := digest(token)
	replaced := g.Former == given && v.now().Sub(g.Replaced) < c.Grace
	if g.Client != c.ID || g.Token != given && !replaced {
		return oidc.ErrInvalidGrant().WithDescription("the refresh token is not valid")
	}
	return nil
}

// ClientCredentialsExchange returns a token for a machine client. A request without scopes gets all scopes of the client.
func (v *provider) ClientCredentialsExchange(_ context.Context, r *op.ClientRequest[oidc.ClientCredentialsRequest]) (*op.Response, error) {
	c := r.Client.(registered).Client
	scopes := slices.DeleteFunc([]string(r.Data.Scope), func(scope string) bool { return scope == "" })
	if len(scopes) == 0 {
		scopes = c.Scopes
	}
	for _, scope := range scopes {
		if !slices.Contains(c.Scopes, scope) {
			return nil, oidc.ErrInvalidScope()
		}
	}
	return v.tokens(v.machineToken(c, scopes))
}

func (v *provider) tokens(answer *oidc.AccessTokenResponse, err error) (*op.Response, error) {
	if err != nil {
		return nil, err
	}
	r := op.NewResponse(answer)
	r.Header.Set("Cache-Control", "no-store")
	return r, nil
}

// UserInfo returns the attributes that the scopes of an access token allow. As in AWS, booleans are strings.
func (v *provider) UserInfo(_ context.Context, r *op.Request[oidc.UserInfoRequest]) (*op.Response, error) {
	refused := op.NewStatusError(oidc.ErrInvalidRequest().WithDescription("the access token is not valid"), http.StatusUnauthorized)
	claims, err := v.verify(r.Data.AccessToken)
	if err != nil {
		return nil, refused
	}
	scope, _ := claims["scope"].(string)
	id, _ := claims["origin_jti"].(string)
	if scopes := strings.Fields(scope); claims["token_use"] != "access" || !slices.Contains(scopes, oidc.ScopeOpenID) {
		return nil, refused
	}
	all := map[string]string{}
	err = v.read(func(s *state) error {
		g, u, err := v.alive(s, id)
		if err != nil {
			return err
		}
		c, _ := v.client(g.Client)
		all = u.readable(c, g.Scopes)
		all["sub"], all["username"] = u.Sub, u.Name
		return nil
	})
	if err != nil {
		return nil, refused
	}
	return op.NewResponse(all), nil
}

// Revocation ends the session of a refresh token, with its access tokens. Access tokens cannot be revoked alone.
func (v *provider) Revocation(_ context.Context, r *op.ClientRequest[oidc.RevocationRequest]) (*op.Response, error) {
	c := r.Client.(registered).Client
	if _, err := v.verify(r.Data.Token); err == nil {
		return nil, &oidc.Error{ErrorType: "unsupported_token_type"}
	}
	id, _, _ := strings.Cut(r.Data.Token, ".")
	err := v.change(func(s *state) error {
		if g := s.Grants[id]; g != nil && v.holds(c, g, r.Data.Token) == nil {
			delete(s.Grants, id)
		}
		return nil // not an error: the token is already invalid
	})
	return op.NewResponse(nil), err
}

// EndSession signs out of the pool's pages, and redirects to a logout URL of the client or to its sign-in page. It
// accepts the parameters of AWS, client_id and logout_uri, not those of OpenID Connect.
func (v *provider) EndSession(_ context.Context, r *op.Request[oidc.EndSessionRequest]) (*op.Redirect, error) {
	c, ok := v.client(r.Data.ClientID)
	if !ok {
		return nil, oidc.ErrInvalidRequest().WithDescription("there is no such client")
	}
	target := r.Form.Get("logout_uri")
	if target == "" && slices.Contains(c.Callbacks, r.Form.Get("redirect_uri")) {
		target = v.Issuer + "/login?" + r.Form.Encode()
	} else if !slices.Contains(c.Logouts, target) {
		return nil, oidc.ErrInvalidRequest().WithDescription("logout_uri is not one of the client's logout URLs")
	} else if state := r.Form.Get("state"); state != "" {
		u, err := url.Parse(target)
		if err != nil {
			return nil, err
		}
		query := u.Query()
		query.Set("state", state)
		u.RawQuery = query.Encode()
		target = u.String()
	}
	redirect := op.NewRedirect(target)
	redirect.Header.Set("Set-Cookie", v.leave(r.Header).String())
	return redirect, nil
}
