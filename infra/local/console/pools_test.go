package console

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/minim-dev/minim/infra/local/awsjson"
	"github.com/minim-dev/minim/infra/local/cognito"
)

func TestPools(t *testing.T) {
	w := newWorld(t)
	var rotated []string
	w.Pools = func() []cognito.Summary {
		return []cognito.Summary{{
			Pool: cognito.Pool{ID: "us-east-1_a", Name: "app-people", Issuer: "http://localhost:8080/_local/cognito/us-east-1_a", InvitedOnly: true,
				Clients: []cognito.Client{{ID: "c1", Name: "app-web", Flows: []string{"code"}, Callbacks: []string{"http://localhost:8080/back"}}}},
			People: []cognito.Person{
				{Name: "u1", Email: "ada@<example>.com", Status: "CONFIRMED", Groups: []string{"admins"}, Enabled: true, CanEnter: true},
				{Name: "u2", Email: "bob@example.com", Status: "CONFIRMED"},
			},
		}}
	}
	w.RotateKeys = func(pool string) error {
		if pool != "us-east-1_a" {
			return errors.New("there is no user pool " + pool)
		}
		rotated = append(rotated, pool)
		return nil
	}
	w.SignInLink = func(_ context.Context, pool, user string) (string, error) {
		if user != "u1" {
			return "", awsjson.Fault("NotAuthorizedException", "The user %s cannot sign in.", user)
		}
		return "http://localhost:8080/_local/cognito/" + pool + "/enter?token=x", nil
	}
	w.open(t)
	page := text(t, w.get(t, "pools"))
	for _, want := range []string{
		">people</h2>", "only administrators create users", ">web</th>", "<code>c1</code>", "http://localhost:8080/back", "ada@&lt;example&gt;.com",
		"confirmed", "admins", `action="/_local/pools/us-east-1_a/enter"`, `value="u1"`, ">disabled</span>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in the page", want)
		}
	}
	if strings.Contains(page, `value="u2"`) {
		t.Error("a disabled user can be signed in")
	}
	var list []map[string]any
	if err := json.Unmarshal([]byte(text(t, w.do(t, http.MethodGet, "pools", nil, "application/json"))), &list); err != nil || list[0]["issuer"] != "http://localhost:8080/_local/cognito/us-east-1_a" || list[0]["users"] != 2.0 {
		t.Errorf("%v, %v", list, err)
	}
	if page := w.follow(t, w.post(t, "pools/us-east-1_a/keys", nil)); len(rotated) != 1 || !strings.Contains(page, "new signing keys") {
		t.Errorf("rotated %v", rotated)
	}
	if answer := w.post(t, "pools/other/keys", nil); answer.StatusCode != http.StatusNotFound {
		t.Errorf("keys of another pool: %d", answer.StatusCode)
	}
	if answer := w.post(t, "pools/us-east-1_a/enter", url.Values{"user": {"u1"}}); answer.StatusCode != http.StatusSeeOther || !strings.HasSuffix(answer.Header.Get("Location"), "/enter?token=x") {
		t.Errorf("sign in: %d %v", answer.StatusCode, answer.Header)
	}
	if answer := w.post(t, "pools/us-east-1_a/enter", url.Values{"user": {"u2"}}); answer.StatusCode != http.StatusNotFound || !strings.Contains(text(t, answer), "cannot sign in") {
		t.Errorf("sign in as a disabled user: %d", answer.StatusCode)
	}
}
