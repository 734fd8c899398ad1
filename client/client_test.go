package client_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/minim-dev/minim/client"
	"github.com/minim-dev/minim/client/api"
	"github.com/minim-dev/minim/client/internal/apitest"
)

// problem is an answer that reports a failure.
func problem(status int, header map[string]string) apitest.Answer {
	return apitest.Answer{Status: status, Header: header, Body: `{"type": "about:blank", "title": "Failure", "status": 503, "detail": "Not now.", "instance": "r1"}`}
}

func newClient(t *testing.T, url string, options ...client.Option) *client.Client {
	t.Helper()
	c, err := client.New(url, apitest.Key, options...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRetries(t *testing.T) {
	busy := apitest.Answer{Status: 429, Type: "application/json", Body: `{"message": "Too Many Requests"}`}
	for name, test := range map[string]struct {
		first    apitest.Answer
		call     func(context.Context, *client.Client) error
		requests int
	}{
		"a link is made again by its key": {problem(503, nil), create, 2},
		"a read is repeated":              {problem(503, nil), read, 2},
		"an edit is repeated":             {problem(503, nil), edit(""), 2},
		"an edit of a version is not":     {problem(503, nil), edit(`"1"`), 1},
		"but if it was refused":           {busy, edit(`"1"`), 2},
		"a restore is not":                {problem(503, nil), restore, 1},
		"a mistake is not repeated":       {problem(409, nil), create, 1},
		"nor one of the service":          {problem(500, nil), create, 1},
		"a long wait is refused":          {problem(503, map[string]string{"Retry-After": "3600"}), read, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // they wait
			server := apitest.New(t, func(r apitest.Request, before int) apitest.Answer {
				if before == 0 {
					return test.first
				}
				if r.Method == http.MethodPost {
					return apitest.Answer{Status: 201, Body: apitest.Link("go", "https://go.dev/")}
				}
				return apitest.Answer{Status: 200, Body: apitest.Link("go", "https://go.dev/")}
			})
			err := test.call(t.Context(), newClient(t, server.URL))
			requests := server.Requests()
			if len(requests) != test.requests || (err == nil) != (test.requests == 2) {
				t.Fatalf("%d requests, %v", len(requests), err)
			}
			if len(requests) == 2 {
				if a, b := requests[0], requests[1]; a.Body != b.Body || a.Header.Get("Idempotency-Key") != b.Header.Get("Idempotency-Key") {
					t.Errorf("sent %v, then %v", a, b)
				}
			} else if client.StatusOf(err) != test.first.Status {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func create(ctx context.Context, c *client.Client) error {
	_, err := c.CreateLinkWithResponse(ctx, nil, api.NewLink{URL: "https://go.dev/"})
	return err
}

func restore(ctx context.Context, c *client.Client) error {
	_, err := c.RestoreLinkWithResponse(ctx, "go", nil)
	return err
}

func read(ctx context.Context, c *client.Client) error {
	_, err := c.GetLinkWithResponse(ctx, "go", nil)
	return err
}

func edit(version string) func(context.Context, *client.Client) error {
	return func(ctx context.Context, c *client.Client) error {
		title := "Go"
		params := api.EditLinkParams{}
		if version != "" {
			params.IfMatch = &version
		}
		_, err := c.EditLinkWithResponse(ctx, "go", &params, api.LinkEdit{Title: &title})
		return err
	}
}

// TestWaits uses a transport instead of a server, so that time passes at once.
func TestWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		at := begun.Add(40 * time.Second).UTC().Format(http.TimeFormat)
		after := []string{"7", at, ""}
		requests := 0
		c := newClient(t, "https://go.example.com", client.WithHTTPClient(&http.Client{Transport: transport(func(r *http.Request) *http.Response {
			w := httptest.NewRecorder()
			if requests++; requests <= len(after) {
				w.Header().Set("Retry-After", after[requests-1])
				w.WriteHeader(http.StatusServiceUnavailable)
				return w.Result()
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.WriteString(apitest.Link("go", "https://go.dev/"))
			return w.Result()
		})}))
		if err := read(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); took < 40*time.Second || took > 43*time.Second {
			t.Errorf("waited %s: 7 s, until %s, and a moment", took, at)
		}
	})
}

type transport func(*http.Request) *http.Response

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r), nil }

func TestWaitEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := newClient(t, "https://go.example.com", client.WithHTTPClient(&http.Client{Transport: transport(func(r *http.Request) *http.Response {
		w := httptest.NewRecorder()
		w.Header().Set("Retry-After", "30")
		w.WriteHeader(http.StatusTooManyRequests)
		cancel()
		return w.Result()
	})}))
	if err := read(ctx, c); err == nil {
		t.Error("no error")
	}
}

func TestErrors(t *testing.T) {
	server := apitest.New(t, func(r apitest.Request, _ int) apitest.Answer {
		switch {
		case strings.HasSuffix(r.Path, "/gone"):
			return apitest.Answer{Status: 403, Type: "application/json", Body: `{"message": "Forbidden"}`}
		case strings.HasPrefix(r.Path, "/api/links/"):
			return apitest.Answer{Status: 412, Header: map[string]string{"ETag": `"3"`}, Body: `{"type": "about:blank", "title": "Precondition Failed", "status": 412, "detail": "It has changed."}`}
		}
		return apitest.Answer{Status: 400, Body: `{"type": "about:blank", "title": "Bad Request", "status": 400, "detail": "url: Is empty.",
			"errors": [{"field": "url", "message": "Is empty."}]}`}
	})
	c := newClient(t, server.URL)
	for name, test := range map[string]struct {
		err  error
		want client.Error
	}{
		"fields":  {create(t.Context(), c), client.Error{Status: 400, Title: "Bad Request", Detail: "url: Is empty.", Fields: []client.Field{{"url", "Is empty."}}}},
		"version": {edit(`"1"`)(t.Context(), c), client.Error{Status: 412, Title: "Precondition Failed", Detail: "It has changed.", ETag: `"3"`}},
		"gateway": {second(c.GetLinkWithResponse(t.Context(), "gone", nil)), client.Error{Status: 403, Title: "Forbidden"}},
	} {
		got, ok := test.err.(*client.Error)
		if !ok || got.Error() == "" {
			t.Errorf("%s: %v", name, test.err)
			continue
		}
		if a, b := *got, test.want; a.Status != b.Status || a.Title != b.Title || a.Detail != b.Detail || a.ETag != b.ETag || len(a.Fields) != len(b.Fields) ||
			len(a.Fields) > 0 && a.Fields[0] != b.Fields[0] {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestOtherServer: neither a page nor another status is taken for an answer of the API.
func TestOtherServer(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		kind   string
	}{"a page": {200, "text/html"}, "another status": {202, "application/json"}} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", test.kind)
			w.WriteHeader(test.status)
			_, _ = w.Write([]byte("{}"))
		}))
		defer server.Close()
		response, err := newClient(t, server.URL).GetLinkWithResponse(t.Context(), "go", nil)
		if err == nil {
			_, err = client.Body(response.JSON200, nil)
		}
		if err == nil || !strings.Contains(err.Error(), "address of a Minim") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAddress(t *testing.T) {
	for _, address := range []string{"", "go.example.com", "ftp://go.example.com", "https://", "http://%"} {
		if _, err := client.New(address, ""); err == nil {
			t.Errorf("%q is taken", address)
		}
	}
}

func TestLinks(t *testing.T) {
	server := apitest.New(t, func(r apitest.Request, _ int) apitest.Answer {
		next := map[string]string{"": `, "next": "two"`, "two": `, "next": "three"`, "three": ""}
		cursor := ""
		if _, after, ok := strings.Cut(r.Query, "cursor="); ok {
			cursor = after
		}
		items := apitest.Link("a"+cursor, "https://a.example/")
		if cursor == "two" {
			items = ""
		}
		return apitest.Answer{Status: 200, Body: `{"items": [` + items + `]` + next[cursor] + `}`}
	})
	var codes []string
	for link, err := range newClient(t, server.URL).Links(t.Context(), api.ListLinksParams{}) {
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, link.Code)
	}
	if strings.Join(codes, " ") != "a athree" || len(server.Requests()) != 3 {
		t.Errorf("%v by %d requests", codes, len(server.Requests()))
	}
	for range newClient(t, server.URL).Links(t.Context(), api.ListLinksParams{}) {
		break
	}
	if len(server.Requests()) != 4 {
		t.Error("a page that is not needed was fetched")
	}
}
