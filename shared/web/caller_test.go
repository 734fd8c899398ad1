package web_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/web"
)

func requestOf(authorizer map[string]any) web.Request {
	var event events.APIGatewayV2HTTPRequest
	if authorizer != nil {
		event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{Lambda: authorizer}
	}
	return web.Request{APIGatewayV2HTTPRequest: event}
}

func TestCaller(t *testing.T) {
	tests := []struct {
		name       string
		authorizer map[string]any
		allowed    bool
		ownsOthers bool
	}{
		{"no authorizer", nil, false, false},
		{"no owner", map[string]any{"scopes": "links:write"}, false, false},
		{"lacks the scope", map[string]any{"owner": "ann", "scopes": "links:read"}, false, false},
		{"has the scope", map[string]any{"owner": "ann", "scopes": "links:read links:write"}, true, false},
		{"admin", map[string]any{"owner": "ops", "scopes": "admin"}, true, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			caller, err := requestOf(test.authorizer).Caller("links:write")
			if test.allowed != (err == nil) {
				t.Fatalf("err = %v", err)
			}
			if err != nil {
				if !fault.Is(err, fault.Denied) {
					t.Errorf("not Denied: %v", err)
				}
				return
			}
			if caller.Owns("bob") != test.ownsOthers || !caller.Owns(caller.Owner) {
				t.Errorf("%+v owns bob's: %v", caller, caller.Owns("bob"))
			}
		})
	}
}

func TestParameters(t *testing.T) {
	long := strings.Repeat("ü", 60)
	for _, test := range []struct {
		query  map[string]string
		names  []string
		fields string
	}{
		{nil, nil, ""},
		{map[string]string{"limit": "1", "": ""}, []string{"limit", "cursor"}, ""},
		{map[string]string{"form": "2026-01-01", "limit": "1", "Limit": "1"}, []string{"limit"}, "Limit form"},
		{map[string]string{"limit": "1"}, nil, "limit"},
		{map[string]string{long: ""}, nil, long[:100] + "…"},
	} {
		r := requestOf(map[string]any{"owner": "ann", "scopes": "links:read"})
		r.QueryStringParameters = test.query
		_, err := r.Caller("links:read", test.names...)
		var fields []string
		if err != nil {
			for _, field := range fault.Of(err).Fields {
				fields = append(fields, field.Name)
			}
		}
		if got := strings.Join(fields, " "); got != test.fields || err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%v of %v: %v", test.query, test.names, err)
		}
	}
	r := requestOf(map[string]any{"owner": "ann", "scopes": "links:read"})
	r.QueryStringParameters = map[string]string{"form": ""}
	if _, err := r.Caller("links:write"); !fault.Is(err, fault.Denied) {
		t.Errorf("without the scope: %v", err)
	}
	_, err := r.Caller("links:read", "from", "to")
	if want := "form: There is no such parameter here; there are from, to."; fault.Of(err).Message != want {
		t.Errorf("%v", err)
	}
}

func TestFor(t *testing.T) {
	for _, test := range []struct{ scopes, owner, want string }{
		{"links:read", "", "ann"}, {"links:read", "ann", "ann"}, {"links:read", "bob", ""}, {"links:read", "*", ""}, {"admin", "bob", "bob"}, {"admin", "", "ann"},
	} {
		caller, err := requestOf(map[string]any{"owner": "ann", "scopes": test.scopes}).Caller("links:read")
		if err != nil {
			t.Fatal(err)
		}
		owner, err := caller.For(test.owner)
		if owner != test.want || (test.want == "") != fault.Is(err, fault.Denied) {
			t.Errorf("%q with %s: %q, %v", test.owner, test.scopes, owner, err)
		}
	}
}

// TestAnyone: who asks, whatever their scopes; people do not read of API keys.
func TestAnyone(t *testing.T) {
	person := map[string]any{"owner": "u-ann", "scopes": "notes:read", "session": "5d1f"}
	if got, err := requestOf(person).Anyone(); err != nil || got.Owner != "u-ann" || got.Session != "5d1f" || len(got.Scopes) != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := requestOf(map[string]any{"owner": "ann"}).Anyone(); err != nil || got.Session != "" {
		t.Errorf("got %+v, %v", got, err)
	}
	r := requestOf(person)
	r.QueryStringParameters = map[string]string{"al": "true"}
	if _, err := r.Anyone("all"); !fault.Is(err, fault.Invalid) {
		t.Errorf("an unknown parameter: %v", err)
	}
	if _, err := requestOf(map[string]any{"session": "5d1f"}).Anyone(); !fault.Is(err, fault.Denied) {
		t.Errorf("without an owner: %v", err)
	}
	for _, test := range []struct {
		session, want string
	}{{"5d1f", "You lack the scope notes:write."}, {"", "Your API key lacks the scope notes:write."}} {
		_, err := requestOf(map[string]any{"owner": "ann", "scopes": "notes:read", "session": test.session}).Caller("notes:write")
		if fault.Of(err).Message != test.want {
			t.Errorf("%q: %v", test.session, err)
		}
	}
}

// TestSpace: an authorizer's answer counts for the space that the request names only, and API keys name none.
func TestSpace(t *testing.T) {
	const shop, other = "sp_abcdefghijklmnop", "sp_ponmlkjihgfedcba"
	member := map[string]any{"owner": shop, "person": "u-ann", "scopes": "notes:read", "session": "5d1f"}
	personal := map[string]any{"owner": "u-ann", "person": "u-ann", "scopes": "notes:read notes:write", "session": "5d1f"}
	none := map[string]any{"noSpace": other, "person": "u-ann", "session": "5d1f"}
	ofSpace := map[string]any{"owner": shop, "scopes": "notes:read", "key": "k1"}
	for _, test := range []struct {
		name       string
		authorizer map[string]any
		named      string
		owner, by  string
		code       fault.Code
		person     string // as whom the request can be about the person
	}{
		{"in a space", member, shop, shop, "u-ann", "", "u-ann"},
		{"an answer for a space, without one", member, "", shop, "u-ann", "", "u-ann"}, // the authorizer had it from elsewhere
		{"an answer for another space", member, other, "", "", fault.NotFound, "u-ann"},
		{"personal", personal, "", "u-ann", "u-ann", "", "u-ann"},
		{"personal by its ID", personal, "u-ann", "u-ann", "u-ann", "", "u-ann"},
		{"an answer for the personal space", personal, shop, "", "", fault.NotFound, "u-ann"},
		{"not a member", none, other, "", "", fault.NotFound, "u-ann"},
		{"from before there were spaces", map[string]any{"owner": "u-ann", "session": "5d1f"}, "", "u-ann", "u-ann", "", "u-ann"},
		{"a space's key", ofSpace, "", shop, "key:k1", "", ""},
		{"a space's key that names it", ofSpace, shop, shop, "key:k1", "", ""},
		{"a space's key that names another one", ofSpace, other, "", "", fault.Denied, ""},
		{"a key", map[string]any{"owner": "ann", "key": "k2"}, "", "ann", "ann", "", ""},
		{"a key that names a space", map[string]any{"owner": "ann", "key": "k2"}, shop, "", "", fault.Denied, ""},
		{"nobody", map[string]any{}, shop, "", "", fault.Denied, ""},
	} {
		r := requestOf(test.authorizer)
		r.Headers = map[string]string{"minim-space": test.named}
		got, err := r.Anyone()
		if fault.CodeOf(err) != test.code || got.Owner != test.owner || err == nil && got.By() != test.by {
			t.Errorf("%s: %+v, %v", test.name, got, err)
		}
		got, err = r.Person()
		if got.Person != test.person || got.Owner != test.person || (test.person == "") != fault.Is(err, fault.Denied) || len(got.Scopes) > 0 {
			t.Errorf("%s, about the person: %+v, %v", test.name, got, err)
		}
	}
	r := requestOf(personal)
	r.QueryStringParameters = map[string]string{"al": "true"}
	if _, err := r.Person("all"); !fault.Is(err, fault.Invalid) {
		t.Errorf("an unknown parameter: %v", err)
	}
	if _, err := requestOf(map[string]any{"unavailable": "credentials"}).Person(); err == nil || fault.CodeOf(err) != fault.Internal {
		t.Errorf("unavailable: %v", err)
	}
}
