package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
)

// policy returns the answer of an authorizer without simple responses.
func policy(t *testing.T, statements ...events.IAMPolicyStatement) string {
	t.Helper()
	out, err := json.Marshal(events.APIGatewayV2CustomAuthorizerIAMPolicyResponse{PrincipalID: "me",
		PolicyDocument: events.APIGatewayCustomAuthorizerPolicy{Version: "2012-10-17", Statement: statements},
		Context:        map[string]any{"owner": "me"}})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestAuthorize(t *testing.T) {
	const api = "arn:aws:execute-api:us-east-1:123456789012:abcdef123/$default/"
	allow := func(resources ...string) events.IAMPolicyStatement {
		return events.IAMPolicyStatement{Action: []string{"execute-api:Invoke"}, Effect: "Allow", Resource: resources}
	}
	deny := allow("*")
	deny.Effect = "Deny"
	other := allow("*")
	other.Action = []string{"s3:*"}
	tests := map[string]struct {
		simple bool
		answer string
		status int
	}{
		"allowed":              {true, `{"isAuthorized":true}`, 200},
		"denied":               {true, `{"isAuthorized":false,"context":{"why":"x"}}`, 403},
		"no verdict":           {true, `{}`, 500},
		"not an object":        {true, `"yes"`, 500},
		"word for boolean":     {true, `{"isAuthorized":"true"}`, 500},
		"not JSON":             {true, `yes`, 500},
		"policy for simple":    {true, policy(t, allow("*")), 500},
		"simple for policy":    {false, `{"isAuthorized":true}`, 500},
		"policy":               {false, policy(t, allow(api+"GET/x")), 200},
		"policy with wildcard": {false, policy(t, allow("arn:aws:execute-api:*:*:abcdef123/*/G?T/*")), 200},
		"policy of all":        {false, `{"principalId":"me","policyDocument":{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}}`, 200},
		"of another route":     {false, policy(t, allow(api+"GET/y")), 403},
		"of another action":    {false, policy(t, other), 403},
		"deny wins":            {false, policy(t, allow("*"), deny), 403},
		"empty policy":         {false, policy(t), 403},
		"no principal":         {false, `{"policyDocument":{"Statement":[]}}`, 500},
	}
	messages := map[int]string{403: `{"message":"Forbidden"}`, 500: `{"message":"Internal Server Error"}`, 200: `{}`}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			l := &lambdas{answers: map[string]string{"f": `{}`, "auth": tt.answer}}
			c := testAPI(l, Route{Key: "GET /x", Function: "f", Authorizer: "a"})
			c.Authorizers = []Authorizer{{Name: "a", Function: "auth", SimpleResponses: tt.simple}}
			resp := serve(t, c, httptest.NewRequest("GET", "/x", nil))
			if got := body(t, resp); resp.StatusCode != tt.status || got != messages[tt.status] {
				t.Errorf("got %d %s, want %d", resp.StatusCode, got, tt.status)
			}
			if ran := len(l.payloads) == 2; ran != (tt.status == 200) {
				t.Errorf("%d invocations", len(l.payloads))
			}
		})
	}
}

func TestAuthorizerFails(t *testing.T) {
	for _, problem := range []string{"", "Unhandled"} {
		c := testAPI(&lambdas{}, Route{Key: "GET /x", Function: "f", Authorizer: "a"})
		c.Authorizers = []Authorizer{{Name: "a", Function: "auth", SimpleResponses: true}}
		c.Invoke = func(context.Context, string, []byte) ([]byte, string, error) {
			if problem != "" {
				return []byte(`{"isAuthorized":true}`), problem, nil
			}
			return nil, "", errors.New("it did not run")
		}
		resp := serve(t, c, httptest.NewRequest("GET", "/x", nil))
		if got := body(t, resp); resp.StatusCode != 500 || got != `{"message":"Internal Server Error"}` {
			t.Errorf("got %d %s", resp.StatusCode, got)
		}
	}
}

func TestIdentitySources(t *testing.T) {
	l := &lambdas{answers: map[string]string{"f": `{}`, "auth": `{"isAuthorized":true}`}}
	c := testAPI(l, Route{Key: "GET /x", Function: "f", Authorizer: "a"})
	c.StageVariables = map[string]string{"tier": "gold"}
	c.Authorizers = []Authorizer{{Name: "a", Function: "auth", SimpleResponses: true, IdentitySources: []string{
		"$request.header.Authorization", "$request.querystring.k", "$stageVariables.tier", "$context.routeKey", "$context.identity.sourceIp"}}}
	tests := map[string]struct {
		url, key string
		status   int
	}{
		"all":         {"/x?k=1&k=2", "secret", 200},
		"no header":   {"/x?k=1", "", 401},
		"no query":    {"/x", "secret", 401},
		"empty query": {"/x?k=", "secret", 401},
		"other query": {"/x?kk=1", "secret", 401},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			l.payloads = nil
			r := httptest.NewRequest("GET", tt.url, nil)
			if tt.key != "" {
				r.Header.Set("authorization", tt.key)
			}
			resp := serve(t, c, r)
			if resp.StatusCode != tt.status {
				t.Fatalf("status = %d, want %d", resp.StatusCode, tt.status)
			}
			if tt.status == 401 {
				if got := body(t, resp); got != `{"message":"Unauthorized"}` || len(l.payloads) > 0 {
					t.Errorf("body %s after %d invocations", got, len(l.payloads))
				}
				return
			}
			var e events.APIGatewayV2CustomAuthorizerV2Request
			if err := json.Unmarshal([]byte(l.payloads[0]), &e); err != nil {
				t.Fatal(err)
			}
			want := []string{"secret", "1,2", "gold", "GET /x", "192.0.2.1"}
			if diff := cmp.Diff(want, e.IdentitySource); diff != "" {
				t.Errorf("identity source (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAuthorizerCache(t *testing.T) {
	tests := map[string]struct {
		sources []string
		simple  bool
		answer  string
		want    []int // statuses of /x, /y, /x, then /x with another key, then /x after the TTL
		asked   int
	}{
		"one answer for every route": {[]string{"$request.header.Authorization"}, true, `{"isAuthorized":true}`, []int{200, 200, 200, 200, 200}, 3},
		"refusals too":               {[]string{"$request.header.Authorization"}, true, `{"isAuthorized":false}`, []int{403, 403, 403, 403, 403}, 3},
		"an answer a route":          {[]string{"$request.header.Authorization", "$context.routeKey"}, true, `{"isAuthorized":true}`, []int{200, 200, 200, 200, 200}, 4},
		"policy of one route": {[]string{"$request.header.Authorization"}, false,
			`{"principalId":"me","policyDocument":{"Statement":[{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"*/GET/x"}]}}`, []int{200, 403, 200, 200, 200}, 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			now := noon
			l := &lambdas{answers: map[string]string{"f": `{}`, "auth": tt.answer}}
			c := testAPI(l, Route{Key: "GET /x", Function: "f", Authorizer: "a"}, Route{Key: "GET /y", Function: "f", Authorizer: "a"})
			c.Authorizers = []Authorizer{{Name: "a", Function: "auth", SimpleResponses: tt.simple, IdentitySources: tt.sources, TTL: time.Minute}}
			c.Now = func() time.Time { return now }
			h, err := New(c)
			if err != nil {
				t.Fatal(err)
			}
			get := func(path, key string) int {
				w, r := httptest.NewRecorder(), httptest.NewRequest("GET", path, nil)
				r.Header.Set("Authorization", key)
				h.ServeHTTP(w, r)
				return w.Code
			}
			got := []int{get("/x", "k"), get("/y", "k"), get("/x", "k"), get("/x", "other")}
			now = now.Add(time.Minute)
			got = append(got, get("/x", "k"))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("statuses (-want +got):\n%s", diff)
			}
			asked := 0
			for _, p := range l.payloads {
				if strings.Contains(p, `"type":"REQUEST"`) {
					asked++
				}
			}
			if asked != tt.asked {
				t.Errorf("the authorizer was asked %d times, want %d", asked, tt.asked)
			}
		})
	}
}

func TestCORS(t *testing.T) {
	l := &lambdas{answers: map[string]string{"f": `{"statusCode":200,"headers":{"access-control-allow-origin":"https://evil.test","access-control-expose-headers":"x"}}`}}
	cors := &CORS{AllowOrigins: []string{"https://a.test", "http://*"}, AllowMethods: []string{"GET", "POST"}, AllowHeaders: []string{"authorization"},
		ExposeHeaders: []string{"etag"}, MaxAge: time.Hour, AllowCredentials: true}
	tests := map[string]struct {
		method, origin, asks string
		cors                 *CORS
		status               int
		want                 map[string]string // all Access-Control-… headers
	}{
		"preflight": {"OPTIONS", "https://a.test", "POST", cors, 204, map[string]string{"Allow-Origin": "https://a.test", "Allow-Methods": "GET,POST",
			"Allow-Headers": "authorization", "Max-Age": "3600", "Allow-Credentials": "true", "Expose-Headers": "etag"}},
		"preflight of a stranger":  {"OPTIONS", "https://evil.test", "POST", cors, 204, nil},
		"no preflight":             {"OPTIONS", "https://a.test", "", cors, 404, map[string]string{"Allow-Origin": "https://a.test", "Allow-Credentials": "true", "Expose-Headers": "etag"}},
		"request":                  {"GET", "https://a.test", "", cors, 200, map[string]string{"Allow-Origin": "https://a.test", "Allow-Credentials": "true", "Expose-Headers": "etag"}},
		"any origin of a scheme":   {"GET", "http://b.test", "", cors, 200, map[string]string{"Allow-Origin": "http://b.test", "Allow-Credentials": "true", "Expose-Headers": "etag"}},
		"stranger":                 {"GET", "https://evil.test", "", cors, 200, nil},
		"same origin":              {"GET", "", "", cors, 200, nil},
		"every origin":             {"GET", "https://evil.test", "", &CORS{AllowOrigins: []string{"*"}}, 200, map[string]string{"Allow-Origin": "*"}},
		"not configured":           {"GET", "https://a.test", "", nil, 200, map[string]string{"Allow-Origin": "https://evil.test", "Expose-Headers": "x"}},
		"preflight not configured": {"OPTIONS", "https://a.test", "POST", nil, 404, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := testAPI(l, Route{Key: "GET /x", Function: "f"})
			c.CORS = tt.cors
			r := httptest.NewRequest(tt.method, "/x", nil)
			for k, v := range map[string]string{"Origin": tt.origin, "Access-Control-Request-Method": tt.asks} {
				if v != "" {
					r.Header.Set(k, v)
				}
			}
			resp := serve(t, c, r)
			if resp.StatusCode != tt.status {
				t.Errorf("status = %d, want %d", resp.StatusCode, tt.status)
			}
			got := map[string]string{}
			for k, v := range resp.Header {
				if name, ok := strings.CutPrefix(k, "Access-Control-"); ok {
					got[name] = strings.Join(v, "|")
				}
			}
			if len(got)+len(tt.want) > 0 && !cmp.Equal(tt.want, got) {
				t.Errorf("(-want +got):\n%s", cmp.Diff(tt.want, got))
			}
			if tt.status == http.StatusNoContent && body(t, resp) != "" {
				t.Error("a preflight has a body")
			}
		})
	}
}
