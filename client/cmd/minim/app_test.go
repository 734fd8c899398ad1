package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/minim-dev/minim/client/internal/apitest"
)

// invocation is one run of the command.
type invocation struct {
	args   []string
	in     string
	tty    bool
	color  bool
	noKey  bool
	secret string // what is typed for a password
	server *apitest.Server
}

// result is what a run has written, and its exit code.
type result struct {
	out, err string
	code     int
}

func (i invocation) run(t *testing.T) result {
	t.Helper()
	var out, errors bytes.Buffer
	environment := map[string]string{"MINIM_KEY": apitest.Key}
	if i.server != nil {
		environment["MINIM_URL"] = i.server.URL
	}
	if i.noKey {
		delete(environment, "MINIM_KEY")
	}
	code := run(t.Context(), i.args, console{
		in: strings.NewReader(i.in), out: &out, err: &errors, inTTY: i.tty, outTTY: i.tty, errTTY: i.tty, width: 100, color: i.color,
		secret: func() ([]byte, error) { return []byte(i.secret), nil },
		getenv: func(name string) string { return environment[name] },
	})
	return result{out.String(), errors.String(), code}
}

// always answers every request alike.
func always(t *testing.T, status int, body string) *apitest.Server {
	t.Helper()
	return apitest.New(t, func(apitest.Request, int) apitest.Answer { return apitest.Answer{Status: status, Body: body} })
}

func problem(status, rest string) string {
	return `{"type": "about:blank", "title": "Failure", "status": ` + status + rest + `}`
}

func TestShorten(t *testing.T) {
	rules := filepath.Join(t.TempDir(), "rules.json")
	password := filepath.Join(t.TempDir(), "password")
	for name, content := range map[string]string{rules: `[{"countries": ["DE"], "url": "https://example.de/"}]`, password: "open sesame\nnot this\n"} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		call      invocation
		body, out string
	}{
		"plain": {invocation{args: []string{"shorten", "https://go.dev/"}}, `{"url":"https://go.dev/"}`, "https://go.example.com/go\n"},
		"quiet": {invocation{args: []string{"shorten", "-q", "https://go.dev/"}}, `{"url":"https://go.dev/"}`, "go\n"},
		"options": {invocation{args: []string{"shorten", "https://go.dev/", "--code", "go", "--title", "Go", "--tag", "a,b", "--tag", "c", "--max-clicks", "10",
			"--redirect", "307", "--forward-query", "merge", "--utm", "source=x,medium=y", "--expires", "2030-06-01T00:00:00Z", "--rules", rules,
			"--expired-url", "https://end.example/", "--note", "n"}},
			`{"code":"go","expiredUrl":"https://end.example/","expiresAt":"2030-06-01T00:00:00Z","forwardQuery":"merge","maxClicks":10,"note":"n","redirect":307,` +
				`"rules":[{"countries":["DE"],"url":"https://example.de/"}],"tags":["a","b","c"],"title":"Go","url":"https://go.dev/","utm":{"medium":"y","source":"x"}}`, ""},
		"private":       {invocation{args: []string{"shorten", "https://go.dev/", "--private"}}, `{"private":true,"url":"https://go.dev/"}`, ""},
		"password file": {invocation{args: []string{"shorten", "https://go.dev/", "--password-file", password}}, `{"password":"open sesame","url":"https://go.dev/"}`, ""},
		"password":      {invocation{args: []string{"shorten", "https://go.dev/", "--password"}, tty: true, secret: "sesame"}, `{"password":"sesame","url":"https://go.dev/"}`, ""},
		"piped password": {invocation{args: []string{"shorten", "https://go.dev/", "--password-file", "-"}, in: "from a manager\n"},
			`{"password":"from a manager","url":"https://go.dev/"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			test.call.server = always(t, 201, apitest.Link("go", "https://go.dev/"))
			got := test.call.run(t)
			requests := test.call.server.Requests()
			if got.code != 0 || len(requests) != 1 || requests[0].Body != test.body || requests[0].Path != "/api/links" {
				t.Fatalf("%+v, sent %+v", got, requests)
			}
			if test.out != "" && got.out != test.out {
				t.Errorf("printed %q", got.out)
			}
			if requests[0].Header.Get("Idempotency-Key") == "" {
				t.Error("no Idempotency-Key")
			}
		})
	}
}

func TestShortenMany(t *testing.T) {
	var lines []string
	for range 100 {
		lines = append(lines, "https://example.com/")
	}
	server := apitest.New(t, func(r apitest.Request, before int) apitest.Answer {
		items := strings.Count(r.Body, `"create"`)
		results := strings.Repeat(`, {"status": 201, "code": "x", "shortUrl": "https://go.example.com/x"}`, items-1)
		first := `{"status": 201, "code": "first", "shortUrl": "https://go.example.com/first"}`
		switch before {
		case 1: // the service has had no time for one
			first = `{"status": 503, "problem": ` + problem("503", `, "detail": "No time."`) + `}`
		case 2:
			first = `{"status": 400, "problem": ` + problem("400", `, "detail": "url: Is none."`) + `}`
		}
		return apitest.Answer{Status: 200, Body: `{"results": [` + first + results + `]}`}
	})
	got := invocation{args: []string{"shorten", "--tag", "batch"}, in: strings.Join(lines, "\n") + "\n\n# a comment\nnope\nhttps://example.com/last", server: server}.run(t)
	requests := server.Requests()
	if len(requests) != 3 {
		t.Fatalf("%d requests; %+v", len(requests), got)
	}
	if a, b := requests[1].Header.Get("Idempotency-Key"), requests[2].Header.Get("Idempotency-Key"); a == "" || a != b || requests[1].Body != requests[2].Body {
		t.Errorf("what was late is not the same request: %q and %q", a, b)
	}
	if strings.Count(requests[0].Body, `"tags":["batch"]`) != 100 {
		t.Errorf("sent %s", requests[0].Body)
	}
	printed := strings.Split(got.out, "\n")
	if got.code != exitFailed || len(printed) != 103 || printed[0] != "https://go.example.com/first" || printed[100] != "" || printed[101] != "https://go.example.com/x" {
		t.Errorf("exit %d, %d lines: %q", got.code, len(printed), printed)
	}
	if got.err != "minim: line 103, nope: url: Is none.\n" {
		t.Errorf("reported %q", got.err)
	}
}

func TestUsage(t *testing.T) {
	for name, call := range map[string]invocation{
		"no URL":                {args: []string{"shorten"}, tty: true},
		"unknown command":       {args: []string{"shrten"}},
		"unknown flag":          {args: []string{"list", "--nope"}},
		"no code":               {args: []string{"get"}},
		"two codes":             {args: []string{"stats", "a", "b"}},
		"no group's command":    {args: []string{"abuse"}},
		"another":               {args: []string{"abuse", "nope"}},
		"one code for two":      {args: []string{"shorten", "https://a.example", "https://b.example", "--code", "a"}},
		"no time":               {args: []string{"shorten", "https://a.example", "--expires", "soon"}},
		"no number":             {args: []string{"shorten", "https://a.example", "--max-clicks", "few"}},
		"no limit":              {args: []string{"list", "--limit", "0"}},
		"both":                  {args: []string{"list", "--json", "-q"}},
		"nothing to change":     {args: []string{"edit", "go"}},
		"no terminal":           {args: []string{"delete", "go"}},
		"password, no terminal": {args: []string{"shorten", "https://a.example", "--password"}},
		"empty password":        {args: []string{"shorten", "https://a.example", "--password"}, tty: true},
		"a size on a terminal":  {args: []string{"qr", "go", "--size", "100"}},
		"no ID":                 {args: []string{"abuse", "remove"}},
	} {
		got := call.run(t)
		if got.code != exitUsage || got.out != "" || !strings.HasPrefix(got.err, "minim: ") && !strings.Contains(got.err, "\n"+"minim: ") || !strings.Contains(got.err, "--help") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestFailures(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		body   string
		code   int
		err    string
	}{
		"not found": {404, problem("404", `, "detail": "There is no such link."`), exitNotFound, "minim: There is no such link.\n"},
		"key":       {401, "", exitKey, "minim: the API key is wrong, has expired or was revoked\n"},
		"scope":     {403, problem("403", `, "detail": "The key lacks links:read."`), exitKey, "minim: The key lacks links:read.\n"},
		"conflict":  {412, problem("412", `, "detail": "It has changed."`), exitConflict, "minim: It has changed.\n"},
		"fields": {400, problem("400", `, "detail": "x", "errors": [{"field": "expiresAt", "message": "Is over."}, {"field": "rules[0].url", "message": "Is none."}]`), exitRefused,
			"minim: the request breaks a rule:\n  --expires: Is over.\n  rules[0].url: Is none.\n"},
		"mistake": {500, problem("500", `, "detail": "Our mistake.", "instance": "r1"`), exitUnavailable, "minim: Our mistake.\n  request r1\n"},
	} {
		t.Run(name, func(t *testing.T) {
			server := apitest.New(t, func(apitest.Request, int) apitest.Answer {
				if test.status == 401 {
					return apitest.Answer{Status: 401, Type: "application/json", Body: `{"message": "Unauthorized"}`}
				}
				return apitest.Answer{Status: test.status, Body: test.body}
			})
			got := invocation{args: []string{"edit", "go", "--title", "Go", "--if-match", `"1"`}, server: server}.run(t)
			if got.code != test.code || got.err != test.err || got.out != "" {
				t.Errorf("%+v", got)
			}
		})
	}
	if got := (invocation{args: []string{"list"}, noKey: true}).run(t); got.code != exitKey || !strings.Contains(got.err, "MINIM_KEY") {
		t.Errorf("without a key: %+v", got)
	}
	if got := (invocation{args: []string{"list", "--server", "http://127.0.0.1:1"}}).run(t); got.code != exitUnavailable {
		t.Errorf("without a server: %+v", got)
	}
}

// TestHelp: each command explains itself, without a key.
func TestHelp(t *testing.T) {
	a := &app{console: console{getenv: func(string) string { return "" }}}
	for _, command := range a.root().Commands() {
		got := invocation{args: []string{command.Name(), "--help"}, noKey: true}.run(t)
		if got.code != 0 || !strings.Contains(got.out, "Usage:") {
			t.Errorf("%s: %+v", command.Name(), got)
		}
	}
	if got := (invocation{noKey: true}).run(t); got.code != 0 || !strings.Contains(got.out, "Exit codes:") || !strings.Contains(got.out, "MINIM_KEY") {
		t.Errorf("%+v", got)
	}
}

func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if got := (invocation{args: []string{"completion", shell}, noKey: true}).run(t); got.code != 0 || len(got.out) < 1000 {
			t.Errorf("%s: %d bytes, %+v", shell, len(got.out), got.err)
		}
	}
	server := always(t, 200, `{"items": [`+apitest.Link("go", "https://go.dev/")+`, `+apitest.Link("other", "https://go.example/")+`]}`)
	got := invocation{args: []string{"__complete", "get", "g"}, server: server}.run(t)
	if !strings.HasPrefix(got.out, "go\thttps://go.dev/\n:4\n") || server.Requests()[0].Query != "q=g" {
		t.Errorf("%+v, asked %q", got, server.Requests()[0].Query)
	}
	if got := (invocation{args: []string{"__complete", "get", "go", ""}, server: server}).run(t); !strings.HasPrefix(got.out, ":4\n") || len(server.Requests()) != 1 {
		t.Errorf("a second code is completed: %+v", got)
	}
	if got := (invocation{args: []string{"__complete", "get", ""}, noKey: true}).run(t); !strings.HasPrefix(got.out, ":4\n") {
		t.Errorf("without a key: %+v", got)
	}
}
