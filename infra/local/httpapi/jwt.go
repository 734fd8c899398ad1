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

// JWT is the configuration of a JWT authorizer.
type JWT struct {
	// Issuer must equal the claim iss. Its discovery document contains the address of the keys.
	Issuer string
	// Audience lists the allowed values of aud, or of client_id in a token without aud.
	Audience []string
}

// check returns an error if a setting is invalid. http is allowed only for this machine.
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

// token is the part of a function's event about the token.
type token struct {
	Claims map[string]string `json:"claims"`
	Scopes []string          `json:"scopes"` // null unless the route names scopes
}

// authorizeToken checks the token of a request and stores its claims. It returns nil if the request is allowed.
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

// algorithms returns the algorithms that API Gateway accepts. They are all RSA, which rules out "none" and HMAC with
// the public key as the secret.
func algorithms() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512}
}

// verify returns the claims of a token, or an error if the token is not valid now.
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

// accept returns an error if the claims are not valid now.
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

// seconds returns the value of a claim that is a time.
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

// list returns the values of a claim that is a string or a list of strings.
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

// scopesOf returns the scopes of a token: those in scp or, without scp, those in scope.
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

// texts converts claims to the strings that functions get: a list becomes "[a b]", an object JSON; null is omitted.
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
