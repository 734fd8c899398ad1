package httpapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

type authorizer struct {
	Authorizer

	mu    sync.Mutex
	cache map[string]cached
	keys  *keySet // for JWT authorizers
}

type cached struct {
	verdict *verdict
	until   time.Time
}

func newAuthorizer(a Authorizer) (*authorizer, error) {
	made := &authorizer{Authorizer: a, cache: map[string]cached{}}
	var problems []error
	if a.Name == "" || (a.Function == "") == (a.JWT == nil) {
		problems = append(problems, errors.New("name is required, and either a function or an issuer"))
	}
	if a.JWT != nil {
		problems = append(problems, a.JWT.check())
		if len(a.IdentitySources) != 1 || a.TTL != 0 {
			problems = append(problems, errors.New("a JWT authorizer has one identity source and no TTL"))
		}
		made.keys = newKeySet(a.JWT.Issuer)
	}
	if a.TTL < 0 || a.TTL > time.Hour {
		problems = append(problems, fmt.Errorf("TTL %v is not between 0 and 1h", a.TTL))
	}
	if a.TTL > 0 && len(a.IdentitySources) == 0 {
		problems = append(problems, errors.New("TTL needs identity sources"))
	}
	for _, s := range a.IdentitySources {
		if !identitySource.MatchString(s) {
			problems = append(problems, fmt.Errorf("identity source %q is not $request.header.NAME, "+
				"$request.querystring.NAME, $stageVariables.NAME or $context.VARIABLE", s))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("authorizer %q: %w", a.Name, err)
	}
	return made, nil
}

var identitySource = regexp.MustCompile(`^\$(request\.(header|querystring)|stageVariables|context)\.[\w.-]+$`)

// authorize calls the route's authorizer and stores its context. It returns nil if the
// request is allowed, otherwise the error response.
func (x *exchange) authorize() *answer {
	a := x.g.authorizers[x.route.Authorizer]
	if a == nil {
		return nil
	}
	if a.JWT != nil {
		return x.authorizeToken(a)
	}
	identity := make([]string, len(a.IdentitySources))
	for i, s := range a.IdentitySources {
		if identity[i] = x.identity(s); identity[i] == "" {
			return refuse(http.StatusUnauthorized, "Unauthorized")
		}
	}
	v, err := x.verdict(a, identity)
	if err != nil {
		x.problem = err.Error()
		return refuse(http.StatusInternalServerError, "Internal Server Error")
	}
	if !v.allows(x.routeARN()) {
		return refuse(http.StatusForbidden, "Forbidden")
	}
	x.claims = v.context
	return nil
}

func (x *exchange) identity(source string) string {
	where, name, _ := strings.Cut(strings.TrimPrefix(source, "$request."), ".")
	switch where {
	case "header":
		return strings.Join(x.Header.Values(name), ",")
	case "querystring":
		return queryParameters(x.URL.RawQuery)[name]
	case "$stageVariables":
		return x.g.StageVariables[name]
	}
	return x.variable(name)
}

func (x *exchange) routeARN() string {
	return fmt.Sprintf("arn:aws:execute-api:%s:%s:%s/%s/%s%s",
		x.g.Region, x.g.AccountID, x.g.APIID, x.g.Stage, x.Method, x.path)
}

// verdict returns the authorizer's answer for the identity, if possible from its cache.
// A cached answer applies to all routes, unless the route is one of the identity
// sources.
func (x *exchange) verdict(a *authorizer, identity []string) (*verdict, error) {
	key := strings.Join(identity, "\x00")
	if v := a.recall(key, x.at); v != nil {
		return v, nil
	}
	e := x.envelope(0)
	e.Type, e.RouteARN, e.IdentitySource = "REQUEST", x.routeARN(), identity
	out, err := x.call(a.Function, marshal(e), authTimeout)
	if err != nil {
		return nil, err
	}
	v, err := readVerdict(out, a.SimpleResponses)
	if err != nil {
		return nil, fmt.Errorf("authorizer %s: %w", a.Name, err)
	}
	a.remember(key, v, x.at)
	return v, nil
}

func (a *authorizer) recall(key string, now time.Time) *verdict {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c := a.cache[key]; now.Before(c.until) {
		return c.verdict
	}
	return nil
}

func (a *authorizer) remember(key string, v *verdict, now time.Time) {
	if a.TTL == 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for k, c := range a.cache {
		if !now.Before(c.until) {
			delete(a.cache, k)
		}
	}
	a.cache[key] = cached{v, now.Add(a.TTL)}
}

// verdict is an authorizer's answer: yes or no, or a policy that is evaluated for each
// route.
type verdict struct {
	simple  *bool
	policy  []statement
	context map[string]any
}

type statement struct {
	Effect   string
	Action   oneOrMany
	Resource oneOrMany
}

// oneOrMany is a string or a list of strings, as in IAM policies.
type oneOrMany []string

func (l *oneOrMany) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*l = oneOrMany{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(l))
}

func readVerdict(out []byte, simple bool) (*verdict, error) {
	var answer struct {
		IsAuthorized   *bool          `json:"isAuthorized"`
		PrincipalID    string         `json:"principalId"`
		Context        map[string]any `json:"context"`
		PolicyDocument *struct {
			Statement []statement
		} `json:"policyDocument"`
	}
	if err := decode(out, &answer); err != nil {
		return nil, err
	}
	v := &verdict{simple: answer.IsAuthorized, context: answer.Context}
	if simple {
		if v.simple == nil {
			return nil, errors.New("the answer has no isAuthorized")
		}
		return v, nil
	}
	if answer.PrincipalID == "" || answer.PolicyDocument == nil {
		return nil, errors.New("the answer lacks principalId or policyDocument")
	}
	return &verdict{policy: answer.PolicyDocument.Statement, context: answer.Context}, nil
}

// allows evaluates the answer as IAM does: an explicit deny wins, and the default is
// deny.
func (v *verdict) allows(arn string) bool {
	if v.simple != nil {
		return *v.simple
	}
	allowed := false
	for _, s := range v.policy {
		applies := slices.ContainsFunc(s.Action, func(p string) bool {
			return like(strings.ToLower(p), "execute-api:invoke")
		}) && slices.ContainsFunc(s.Resource, func(p string) bool { return like(p, arn) })
		if applies && s.Effect == "Deny" {
			return false
		}
		allowed = allowed || applies && s.Effect == "Allow"
	}
	return allowed
}

// like matches IAM's wildcards: * is any sequence of characters, ? is any single one.
func like(pattern, s string) bool {
	quoted := strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile(`(?s)^` + quoted + `$`).MatchString(s)
}
