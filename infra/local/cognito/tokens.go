package cognito

import (
	"crypto/rand"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// grant is the request for which tokens are issued.
type grant struct {
	refresh string // the refresh token in the request, if any
	nonce   string // of the authorization request
	fresh   bool   // issue a new refresh token
}

// issue returns new tokens of a session.
func (v *provider) issue(c Client, id string, of grant) (*oidc.AccessTokenResponse, error) {
	var refresh string
	var g session
	var u user
	err := v.change(func(s *state) error {
		found, person, err := v.alive(s, id)
		if err != nil {
			return err
		}
		if of.refresh != "" {
			if err := v.holds(c, found, of.refresh); err != nil {
				return err
			}
		}
		if of.fresh {
			refresh = id + "." + rand.Text() + rand.Text()
			found.Former, found.Replaced, found.Token = found.Token, v.now(), digest(refresh)
		}
		g, u = *found, *person
		u.Attributes, u.Groups = maps.Clone(u.Attributes), slices.Clone(u.Groups)
		return nil
	})
	if err != nil {
		return nil, err
	}
	access, err := v.sign(v.accessClaims(c, id, &g, &u), accessKeys)
	if err != nil {
		return nil, err
	}
	answer := &oidc.AccessTokenResponse{
		AccessToken: access, RefreshToken: refresh, TokenType: oidc.BearerToken, ExpiresIn: uint64(c.Access / time.Second),
	}
	if slices.Contains(g.Scopes, oidc.ScopeOpenID) {
		claims := v.identityClaims(c, id, &g, &u)
		if of.nonce != "" {
			claims["nonce"] = of.nonce
		}
		if claims["at_hash"], err = oidc.ClaimHash(access, jose.RS256); err != nil {
			return nil, err
		}
		answer.IDToken, err = v.sign(claims, identityKeys)
	}
	return answer, err
}

// alive returns a session with its user, or an error if it has ended. The caller holds mu.
func (v *provider) alive(s *state, id string) (*session, *user, error) {
	g := s.Grants[id]
	if g == nil || !v.now().Before(g.Until) {
		return nil, nil, oidc.ErrInvalidGrant().WithDescription("the session is over")
	}
	u := s.Users[g.User]
	if u == nil || u.Disabled {
		return nil, nil, oidc.ErrInvalidGrant().WithDescription("the user is disabled")
	}
	return g, u, nil
}

// claims returns the claims that ID tokens and access tokens have in common.
func (v *provider) claims(id string, g *session, u *user, valid time.Duration) map[string]any {
	now := v.now()
	all := map[string]any{
		"sub": u.Sub, "iss": v.Issuer, "origin_jti": id, "event_id": g.Event, "jti": newUUID(),
		"auth_time": g.At.Unix(), "iat": now.Unix(), "exp": now.Add(valid).Unix(),
	}
	if len(u.Groups) > 0 {
		all["cognito:groups"] = u.Groups
	}
	return all
}

func (v *provider) accessClaims(c Client, id string, g *session, u *user) map[string]any {
	all := v.claims(id, g, u, c.Access)
	maps.Copy(all, map[string]any{
		"token_use": "access", "client_id": c.ID, "username": u.Name, "scope": strings.Join(g.Scopes, " "), "version": 2,
	})
	return all
}

func (v *provider) identityClaims(c Client, id string, g *session, u *user) map[string]any {
	all := v.claims(id, g, u, c.Identity)
	maps.Copy(all, map[string]any{"token_use": "id", "aud": c.ID, "cognito:username": u.Name})
	for name, value := range u.readable(c, g.Scopes) {
		all[name] = value
		if strings.HasSuffix(name, "_verified") {
			all[name] = value == "true"
		}
	}
	return all
}

// machineToken returns the access token for a machine client.
func (v *provider) machineToken(c Client, scopes []string) (*oidc.AccessTokenResponse, error) {
	now := v.now()
	token, err := v.sign(map[string]any{
		"sub": c.ID, "client_id": c.ID, "iss": v.Issuer, "token_use": "access", "scope": strings.Join(scopes, " "), "version": 2,
		"jti": newUUID(), "auth_time": now.Unix(), "iat": now.Unix(), "exp": now.Add(c.Access).Unix(),
	}, accessKeys)
	if err != nil {
		return nil, err
	}
	return &oidc.AccessTokenResponse{AccessToken: token, TokenType: oidc.BearerToken, ExpiresIn: uint64(c.Access / time.Second)}, nil
}

// readable returns the attributes that a client may read with scopes. openid alone allows all of them, like profile.
func (u *user) readable(c Client, scopes []string) map[string]string {
	all := map[string]string{}
	has := func(scope string) bool { return slices.Contains(scopes, scope) }
	everything := has(oidc.ScopeProfile) || !has(oidc.ScopeEmail) && !has(oidc.ScopePhone)
	for name, value := range u.Attributes {
		email, phone := strings.HasPrefix(name, "email"), strings.HasPrefix(name, "phone_number")
		granted := everything || email && has(oidc.ScopeEmail) || phone && has(oidc.ScopePhone)
		if granted && (len(c.Readable) == 0 || slices.Contains(c.Readable, name)) {
			all[name] = value
		}
	}
	return all
}
