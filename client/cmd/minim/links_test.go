package main

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/client/internal/apitest"
)

func TestList(t *testing.T) {
	for name, test := range map[string]struct {
		call       invocation
		query, out string
	}{
		"pipe":  {invocation{args: []string{"list"}}, "limit=20", "go\t1234\tactive\t2026-11-21T03:00:00.000Z\thttps://go.example.com/go\thttps://go.dev/\tA title\n"},
		"quiet": {invocation{args: []string{"list", "-q"}}, "limit=20", "go\n"},
		"terminal": {invocation{args: []string{"list"}, tty: true}, "limit=20",
			"CODE  CLICKS  STATUS  CREATED           URL              TITLE\ngo    1,234   active  " + time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC).Local().Format("2006-01-02 15:04") + "  https://go.dev/  A title\n"},
		"filters": {invocation{args: []string{"ls", "spring", "sale", "--tag", "a,b", "--any-tag", "c", "--not-tag", "d", "--status", "active", "--host", "x.example",
			"--from", "2026-01-01", "--to", "2026-02-01", "--never-clicked", "--sort", "clicks", "--owner", "me", "-L", "5", "-q"}},
			"anyTag=c&clicked=never&from=2026-01-01&host=x.example&limit=5&notTag=d&owner=me&q=spring+sale&sort=clicks&status=active&tag=a&tag=b&to=2026-02-01", "go\n"},
	} {
		t.Run(name, func(t *testing.T) {
			test.call.server = always(t, 200, `{"items": [`+apitest.Link("go", "https://go.dev/")+`]}`)
			got := test.call.run(t)
			query, err := url.ParseQuery(test.call.server.Requests()[0].Query)
			if err != nil || got.code != 0 || got.out != test.out || query.Encode() != test.query {
				t.Errorf("%+v, asked %s", got, query.Encode())
			}
		})
	}
}

// TestPages: as many pages are fetched as are needed, and the answer's items stay as they are.
func TestPages(t *testing.T) {
	serve := func(t *testing.T) *apitest.Server {
		return apitest.New(t, func(r apitest.Request, _ int) apitest.Answer {
			return apitest.Answer{Status: 200, Body: `{"items": [` + apitest.Link("a", "https://a.example/") + `, ` + apitest.Link("b", "https://b.example/") + `], "next": "n"}`}
		})
	}
	server := serve(t)
	got := invocation{args: []string{"list", "-q", "--limit", "3"}, tty: true, server: server}.run(t)
	if got.out != "a\nb\na\n" || len(server.Requests()) != 2 || !strings.Contains(got.err, "the first 3") {
		t.Errorf("%+v by %d requests", got, len(server.Requests()))
	}
	got = invocation{args: []string{"list", "--json", "--limit", "1"}, server: serve(t)}.run(t)
	if !strings.HasPrefix(got.out, "[\n  {\n    \"id\": ") || !strings.Contains(got.out, `"createdAt": "2026-11-21T03:00:00.000Z"`) || got.err != "" {
		t.Errorf("%+v", got)
	}
}

// TestHostileText: what others have written neither commands a terminal nor breaks a table.
func TestHostileText(t *testing.T) {
	hostile := strings.Replace(apitest.Link("go", "https://go.dev/"), "A title", `A\u001b[2J\nti\ttle`, 1)
	server := apitest.New(t, func(r apitest.Request, _ int) apitest.Answer {
		if r.Path == "/api/links" {
			return apitest.Answer{Status: 200, Body: `{"items": [` + hostile + `]}`}
		}
		return apitest.Answer{Status: 200, Body: hostile}
	})
	for _, args := range [][]string{{"list"}, {"get", "go"}} {
		for _, tty := range []bool{true, false} {
			if got := (invocation{args: args, tty: tty, server: server}).run(t); strings.Contains(got.out, "\x1b") || !strings.Contains(got.out, "A") || strings.Contains(got.out, "ti\ttle") {
				t.Errorf("%v: %q", args, got.out)
			}
		}
	}
}

func TestColours(t *testing.T) {
	server := always(t, 200, apitest.Link("go", "https://go.dev/"))
	got := invocation{args: []string{"get", "go"}, tty: true, color: true, server: server}.run(t)
	if !strings.HasPrefix(got.out, "\x1b[1mhttps://go.example.com/go\x1b[0m\n") || !strings.Contains(got.out, "\x1b[32mactive\x1b[0m") {
		t.Errorf("%q", got.out)
	}
}

func TestEdit(t *testing.T) {
	for name, test := range map[string]struct {
		args    []string
		body    string
		version string
	}{
		"fields": {[]string{"--url", "https://a.example/", "--title", "", "--code", "new"}, `{"code":"new","title":"","url":"https://a.example/"}`, ""},
		"none": {[]string{"--expires", "never", "--not-before", "none", "--max-clicks", "none", "--expired-url", "none", "--no-password"},
			`{"expiredUrl":null,"expiresAt":null,"maxClicks":null,"notBefore":null,"password":null}`, ""},
		"switches":   {[]string{"--disable", "--if-match", `"7"`}, `{"disabled":true}`, `"7"`},
		"enable":     {[]string{"--enable", "--aliases", ""}, `{"aliases":[],"disabled":false}`, ""},
		"taken down": {[]string{"--take-down", "Spam"}, `{"takenDown":"Spam"}`, ""},
		"brought up": {[]string{"--bring-up"}, `{"takenDown":null}`, ""},
		"tags":       {[]string{"--add-tag", "a,news", "--remove-tag", "old"}, `{"tags":["news","a"]}`, `"3"`},
		"no tags":    {[]string{"--remove-tag", "news"}, `{"tags":[]}`, `"3"`},
	} {
		t.Run(name, func(t *testing.T) {
			server := apitest.New(t, func(apitest.Request, int) apitest.Answer {
				return apitest.Answer{Status: 200, Header: map[string]string{"ETag": `"3"`}, Body: apitest.Link("go", "https://go.dev/")}
			})
			got := invocation{args: append([]string{"edit", "go"}, test.args...), server: server}.run(t)
			requests := server.Requests()
			last := requests[len(requests)-1]
			if got.code != 0 || last.Method != "PATCH" || last.Body != test.body || last.Header.Get("If-Match") != test.version {
				t.Errorf("%+v, sent %+v", got, last)
			}
		})
	}
}

// TestEditMeetsEdit: tags are added to those of the version that is changed.
func TestEditMeetsEdit(t *testing.T) {
	patches := 0
	server := apitest.New(t, func(r apitest.Request, _ int) apitest.Answer {
		if r.Method == "PATCH" {
			if patches++; patches == 1 {
				return apitest.Answer{Status: 412, Header: map[string]string{"ETag": `"4"`}, Body: problem("412", `, "detail": "It has changed."`)}
			}
		}
		return apitest.Answer{Status: 200, Header: map[string]string{"ETag": `"` + strings.Repeat("x", patches+1) + `"`}, Body: apitest.Link("go", "https://go.dev/")}
	})
	got := invocation{args: []string{"edit", "go", "--add-tag", "a"}, server: server}.run(t)
	if requests := server.Requests(); got.code != 0 || len(requests) != 4 || requests[3].Header.Get("If-Match") != `"xx"` {
		t.Errorf("%+v by %d requests", got, len(requests))
	}
}

func TestDelete(t *testing.T) {
	serve := func(r apitest.Request, _ int) apitest.Answer {
		if strings.HasSuffix(r.Path, "/gone") {
			return apitest.Answer{Status: 404, Body: problem("404", `, "detail": "There is no such link."`)}
		}
		return apitest.Answer{Status: 204}
	}
	for name, test := range map[string]struct {
		call     invocation
		code     int
		out, err string
		requests int
	}{
		"yes":     {invocation{args: []string{"delete", "go", "--yes"}}, 0, "go\n", "", 1},
		"asked":   {invocation{args: []string{"delete", "go"}, tty: true, in: "y\n"}, 0, "go\n", "Delete go? [y/N] ", 1},
		"refused": {invocation{args: []string{"delete", "a", "b"}, tty: true, in: "\n"}, exitFailed, "", "Delete 2 links? [y/N] minim: nothing deleted\n", 0},
		"partly":  {invocation{args: []string{"delete", "gone", "b", "-y"}}, exitFailed, "b\n", "minim: gone: There is no such link.\n", 2},
		"gone":    {invocation{args: []string{"delete", "gone", "-y"}}, exitNotFound, "", "minim: There is no such link.\n", 1},
	} {
		t.Run(name, func(t *testing.T) {
			test.call.server = apitest.New(t, serve)
			if got := test.call.run(t); got != (result{test.out, test.err, test.code}) || len(test.call.server.Requests()) != test.requests {
				t.Errorf("%+v by %d requests", got, len(test.call.server.Requests()))
			}
		})
	}
}

func TestMoment(t *testing.T) {
	zone := time.FixedZone("", 2*3600)
	a := &app{now: func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, zone) }}
	for text, want := range map[string]any{
		"none": nil, "never": nil, "12h": "2026-11-21T22:00:00.000Z", "+30m": "2026-11-21T10:30:00.000Z", "30d": "2026-12-21T10:00:00.000Z", "2w": "2026-12-05T10:00:00.000Z",
		"2030-06-01": "2030-05-31T22:00:00.000Z", "2030-06-01T18:00": "2030-06-01T16:00:00.000Z", "2030-06-01T18:00:00Z": "2030-06-01T18:00:00.000Z",
	} {
		if got, err := a.moment(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "soon", "2030", "d", "99999999999999999999d"} {
		if got, err := a.moment(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}
