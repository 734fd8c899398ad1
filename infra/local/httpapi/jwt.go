package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// JWT makes an authorizer one of JSON Web Tokens.
type JWT struct {
	// Issuer is compared with iss; below it is the discovery document, which leads to the keys.
	Issuer string
	// Audience has the values of which aud, or client_id in a token without aud, must be one.
	Audience []string
}

// check returns what is wrong with the settings. http is for this machine.
func (j *JWT) check() error {
	u, err := url.Parse(j.Issuer)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !local(u.Hostname())) || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("issuer %q is not an https URL", j.Issuer)
	}
	if len(j.Audience) == 0 {
		return errors.New("audience is required")
	}
	return nil
}

func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// token is what a function learns of a token.
type token struct {
	Claims map[string]string `json:"claims"`
	Scopes []string          `json:"scopes"` // null unless the route names scopes
}

// authorizeToken checks the token of a request, and keeps its claims. It returns nil to let the request pass.
func (x *exchange) authorizeToken(a *authorizer) *answer {
	given := x.identity(a.IdentitySources[0])
	if scheme, rest, ok := strings.Cut(given, " "); ok && strings.EqualFold(scheme, "bearer") {
		given = strings.TrimSpace(rest)
	}
	if given == "" {
		refusal := refuse(http.StatusUnauthorized, "Unauthorized")
		refusal.header.Set("Www-Authenticate", "Bearer")
		return refusal
	}
	claims, err := a.verify(given, x.at)
	if err != nil {
		x.problem = err.Error()
		refusal := refuse(http.StatusUnauthorized, "Unauthorized")
		refusal.header.Set("Www-Authenticate", fmt.Sprintf(`Bearer scope="%s" error="invalid_token" error_description="%s"`,
			strings.Join(x.route.Scopes, " "), strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(err.Error())))
		return refusal
	}
	x.token = &token{Claims: texts(claims)}
	if len(x.route.Scopes) == 0 {
		return nil
	}
	x.token.Scopes = scopesOf(claims)
	if !slices.ContainsFunc(x.token.Scopes, func(scope string) bool { return slices.Contains(x.route.Scopes, scope) }) {
		return refuse(http.StatusForbidden, "Forbidden")
	}
	return nil
}

// algorithms are those that API Gateway takes: of RSA only, so neither none nor a secret that is a public key.
func algorithms() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512}
}

// verify returns the claims of a token that is valid now.
func (a *authorizer) verify(given string, now time.Time) (map[string]any, error) {
	signed, err := jose.ParseSignedCompact(given, algorithms())
	if err != nil || len(signed.Signatures) != 1 {
		return nil, errors.New("the token is malformed, or is not signed with RSA")
	}
	header := signed.Signatures[0].Header
	if header.KeyID == "" {
		return nil, errors.New("the token has no kid")
	}
	key, err := a.keys.find(header.KeyID, header.Algorithm, now)
	if err != nil {
		return nil, err
	}
	payload, err := signed.Verify(key)
	if err != nil {
		return nil, errors.New("signature is invalid")
	}
	var claims map[string]any
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	if err := decoder.Decode(&claims); err != nil || claims == nil {
		return nil, errors.New("the token is malformed, or is not signed with RSA")
	}
	return claims, a.JWT.accept(claims, now)
}

// accept returns why a token is not valid now.
func (j *JWT) accept(claims map[string]any, now time.Time) error {
	if issuer, _ := claims["iss"].(string); issuer != j.Issuer {
		return errors.New("the token does not have a valid issuer")
	}
	audience, present := claims["aud"]
	if !present {
		audience = claims["client_id"]
	}
	if !slices.ContainsFunc(list(audience), func(each string) bool { return slices.Contains(j.Audience, each) }) {
		return errors.New("the token does not have a valid audience")
	}
	at := float64(now.UnixMilli()) / 1000
	over, ok, err := seconds(claims, "exp")
	if err != nil || !ok || at >= over {
		return errors.Join(err, errors.New("the token has expired"))
	}
	for _, name := range []string{"nbf", "iat"} {
		from, ok, err := seconds(claims, name)
		if err != nil || ok && at < from {
			return errors.Join(err, fmt.Errorf("the token is not valid yet: %s is in the future", name))
		}
	}
	return nil
}

// seconds is a claim that is a time.
func seconds(claims map[string]any, name string) (at float64, ok bool, err error) {
	v, ok := claims[name]
	if !ok {
		return 0, false, nil
	}
	n, isNumber := v.(json.Number)
	if !isNumber {
		return 0, true, fmt.Errorf("%s is not a number", name)
	}
	at, err = n.Float64()
	return at, true, err
}

// list is a claim that is a text, or a list of them.
func list(v any) (all []string) {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		for _, each := range v {
			if text, ok := each.(string); ok {
				all = append(all, text)
			}
		}
	}
	return all
}

// scopesOf are all that a token has: those of scp, else of scope.
func scopesOf(claims map[string]any) (all []string) {
	v, ok := claims["scp"]
	if !ok {
		v = claims["scope"]
	}
	for _, each := range list(v) {
		all = append(all, strings.Fields(each)...)
	}
	return all
}

// texts are claims as functions get them: a list is "[a b]", an object is its JSON, and null is left out.
func texts(claims map[string]any) map[string]string {
	all := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(claims)) {
		if v := claims[name]; v != nil {
			all[name] = text(v)
		}
	}
	return all
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case []any:
		var all []string
		for _, each := range v {
			all = append(all, text(each))
		}
		return "[" + strings.Join(all, " ") + "]"
	}
	return string(marshal(v))
}
