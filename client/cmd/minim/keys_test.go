package main

import (
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/client/internal/apitest"
)

const keyJSON = `"id": "k3v7q2ma5xzr", "owner": "me", "name": "CI", "scopes": ["links:read", "keys:read"], "status": "active", "createdBy": null,
	"createdAt": "2026-11-21T03:00:00.000Z"`

func TestKeyList(t *testing.T) {
	server := always(t, 200, `{"items": [{`+keyJSON+`, "expiresAt": "2030-01-31T12:00:00.000Z", "usedOn": "2026-11-22", "formerUntil": null},
		{`+strings.Replace(keyJSON, "CI", "", 1)+`, "expiresAt": null, "usedOn": null, "formerUntil": null}]}`)
	for _, test := range []struct {
		call invocation
		out  string
	}{
		{invocation{args: []string{"keys", "list"}}, "k3v7q2ma5xzr\tactive\t2026-11-22\t2030-01-31T12:00:00.000Z\t2026-11-21T03:00:00.000Z\tCI\tlinks:read,keys:read\n" +
			"k3v7q2ma5xzr\tactive\tnever\tnever\t2026-11-21T03:00:00.000Z\t\tlinks:read,keys:read\n"},
		{invocation{args: []string{"key", "ls", "-q", "--owner", "ann"}}, "k3v7q2ma5xzr\nk3v7q2ma5xzr\n"},
	} {
		test.call.server = server
		if got := test.call.run(t); got.out != test.out || got.code != 0 {
			t.Errorf("%+v", got)
		}
	}
	requests := server.Requests()
	if requests[0].Query != "" || requests[1].Query != "owner=ann" {
		t.Errorf("%+v", requests)
	}
}

func TestKeyCreate(t *testing.T) {
	server := always(t, 201, `{`+keyJSON+`, "expiresAt": null, "usedOn": null, "formerUntil": null, "token": "mk_k3v7q2ma5xzr_SECRET"}`)
	for _, test := range []struct {
		call     invocation
		sent     string
		out, err string
	}{
		{invocation{args: []string{"keys", "create", "CI", "--scope", "links:read,keys:read"}}, `{"name":"CI","scopes":["links:read","keys:read"]}`, "mk_k3v7q2ma5xzr_SECRET\n", ""},
		{invocation{args: []string{"keys", "create", "CI", "--scope", "links:read", "--expires", "2030-01-31T12:00:00Z"}, tty: true},
			`{"expiresAt":"2030-01-31T12:00:00Z","name":"CI","scopes":["links:read"]}`, "mk_k3v7q2ma5xzr_SECRET\n", "shown only once"},
		{invocation{args: []string{"keys", "create", "CI", "--scope", "links:read", "--expires", "never", "--json"}}, `{"name":"CI","scopes":["links:read"]}`, `"token": "mk_k3v7q2ma5xzr_SECRET"`, ""},
	} {
		test.call.server = server
		before := len(server.Requests())
		got := test.call.run(t)
		request := server.Requests()[before]
		if !strings.Contains(got.out, test.out) || !strings.Contains(got.err, test.err) || got.code != 0 || strings.Contains(got.err, "SECRET") {
			t.Errorf("%+v", got)
		}
		if request.Body != test.sent || request.Header.Get("Idempotency-Key") == "" {
			t.Errorf("sent %+v", request)
		}
	}
	for _, args := range [][]string{{"CI"}, {"--scope", "links:read"}, {"CI", "--scope", "links:read", "--expires", "soon"}} {
		if got := (invocation{args: append([]string{"keys", "create"}, args...), server: server}).run(t); got.code != exitUsage {
			t.Errorf("%q: %+v", args, got)
		}
	}
}

// TestKeyCreateRefused: what the API refuses is named by the flags.
func TestKeyCreateRefused(t *testing.T) {
	server := always(t, 400, problem("400", `, "detail": "No.", "errors": [{"field": "scopes", "message": "The scopes are links:read."}, {"field": "name", "message": "Too long."}]`))
	got := invocation{args: []string{"keys", "create", "CI", "--scope", "admin"}, server: server}.run(t)
	if got.code != exitRefused || !strings.Contains(got.err, "--scope: The scopes") || !strings.Contains(got.err, "NAME: Too long") {
		t.Errorf("%+v", got)
	}
}

func TestKeyRotate(t *testing.T) {
	server := always(t, 200, `{`+keyJSON+`, "expiresAt": null, "usedOn": null, "formerUntil": "2026-11-22T03:00:00.000Z", "token": "mk_k3v7q2ma5xzr_SECRET"}`)
	for flags, sent := range map[string]string{"": `{}`, "--overlap=0": `{"overlapHours":0}`, "--overlap=48h": `{"overlapHours":48}`} {
		before := len(server.Requests())
		got := invocation{args: append([]string{"keys", "rotate", "k3v7q2ma5xzr"}, strings.Fields(flags)...), server: server}.run(t)
		request := server.Requests()[before]
		if got.out != "mk_k3v7q2ma5xzr_SECRET\n" || request.Path != "/api/keys/k3v7q2ma5xzr/rotate" || request.Body != sent {
			t.Errorf("%s: %+v by %+v", flags, got, request)
		}
	}
	if got := (invocation{args: []string{"keys", "rotate", "k", "--overlap", (90 * time.Minute).String()}, server: server}).run(t); got.code != exitUsage {
		t.Errorf("%+v", got)
	}
}

func TestKeyRevoke(t *testing.T) {
	server := apitest.New(t, func(r apitest.Request, _ int) apitest.Answer {
		if r.Path == "/api/keys/none" {
			return apitest.Answer{Status: 404, Body: problem("404", `, "detail": "There is no such API key."`)}
		}
		return apitest.Answer{Status: 204}
	})
	if got := (invocation{args: []string{"keys", "revoke", "a", "b"}, server: server}).run(t); got.code != exitUsage || len(server.Requests()) != 0 {
		t.Errorf("without asking: %+v", got)
	}
	if got := (invocation{args: []string{"keys", "revoke", "a", "none", "b", "-y"}, server: server}).run(t); got.code != exitFailed || got.out != "a\nb\n" {
		t.Errorf("%+v", got)
	}
	if got := (invocation{args: []string{"keys", "rm", "a"}, tty: true, in: "y\n", server: server}).run(t); got.code != 0 || !strings.Contains(got.err, "Revoke a?") {
		t.Errorf("%+v", got)
	}
}
