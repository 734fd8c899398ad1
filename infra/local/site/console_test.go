package site

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// expectConsole checks the console's pages for the stack of testdata/stack.json, after it has run.
func expectConsole(t *testing.T, base string) {
	t.Helper()
	for path, wants := range map[string][]string{
		"":                         {"Overview", ">echo</a>"},
		"functions/echo":           {"GET</b> <code>/{proxy+}</code>", "queue</b> <code>queue</code>", "stream</b> <code>items</code>"},
		"invocations?q=a+message":  {"1 message"},
		"queues/queue":             {"read by", "This queue is empty."},
		"schedules":                {"cron(0 2 * * ? *)", "Run now"},
		"sources":                  {"batches of up to 10", "batches of up to 100, filters: 1", "shards: 1, batches since the start: 1", "/aws/lambda/", "s3:ObjectCreated:*, keys beginning with in/"},
		"routes":                   {"/{proxy+}", "public"},
		"tables/items?key=item+1":  {">item 1</a>"},
		"buckets/files?prefix=in/": {">a file</a>"},
		"buckets/files/object?" + url.Values{"key": {"in/a file"}}.Encode(): {"4 B"},
		"outbox": {"No mail yet."},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept", "text/html")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %v", path, response.StatusCode, err)
		}
		for _, want := range wants {
			if !strings.Contains(html.UnescapeString(string(body)), want) {
				t.Errorf("%s lacks %q:\n%s", path, want, body)
			}
		}
	}
	response, err := http.Post(base+"functions/echo", "application/x-www-form-urlencoded", strings.NewReader("event=%7B"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err != nil || response.StatusCode != http.StatusBadRequest || !strings.Contains(string(body), "not JSON") {
		t.Errorf("invoke: %d %s %v", response.StatusCode, body, err)
	}
}
