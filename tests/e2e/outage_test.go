package e2e

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

var outage = flag.Duration("outage", 8*time.Second, "how long DynamoDB hangs in TestOutage")

// TestOutage lets DynamoDB hang. Links that were followed before still redirect,
// others get a page that asks visitors to wait, and nobody gets the gateway's own
// 500. Afterwards each redirected visit is counted once.
func TestOutage(t *testing.T) {
	if testing.Short() || os.Getenv("BASE_URL") != "" {
		t.Skip("needs a local cloud of its own: make test")
	}
	t.Parallel()
	c := newChaos(t, t.TempDir(), nil)
	c.api(http.MethodPost, "/api/links", `{"url":"https://example.com/","code":"other"}`, nil)
	if !c.visit("before.example") {
		t.Fatal("the link can't be followed")
	}
	resume := c.cloud.suspend(t, "DynamoDB Local")
	began, n := time.Now(), 0
	for ; time.Since(began) < *outage; n++ {
		c.idle("link-redirect")
		if referrer := fmt.Sprintf("r%d.example", n); !c.visit(referrer) || !c.answered[referrer] {
			t.Errorf("after %s: a link that was followed before doesn't redirect", time.Since(began))
		}
		c.idle("link-redirect")
		c.refused("/other", began)
		c.decent("/api/links/chaos", began)
		time.Sleep(again)
	}
	resume()
	t.Logf("%d rounds in %s", n, *outage)
	for end := time.Now().Add(calm); ; time.Sleep(again) {
		status, _ := c.send(http.MethodGet, c.cloud.base+"/other", nil, http.Header{"User-Agent": {"bot"}})
		if status == http.StatusFound {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the other link still gets %d", status)
		}
	}
	c.visit("after.example")
	c.awaitComplete()
	answered, _, _ := c.compare()
	if want := n + 2; answered != want {
		t.Errorf("%d visitors were redirected, want %d", answered, want)
	}
	if total, series := c.total(); total != answered || series != answered {
		t.Errorf("the counters have %d and %d clicks, want %d", total, series, answered)
	}
	if dead := c.waiting("minim-local-clicks-dead"); dead > 0 {
		t.Errorf("%d dead letters", dead)
	}
}

// idle waits until all environments of a function are idle, so that the next request gets a warm one.
func (c *chaos) idle(function string) {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		functions, err := c.cloud.functions()
		if err != nil {
			c.t.Fatal(err)
		}
		busy := 0
		for _, f := range functions {
			for _, e := range f.Environments {
				if strings.HasSuffix(f.Name, function) && e.State == "busy" {
					busy++
				}
			}
		}
		if busy == 0 {
			return
		}
	}
	c.t.Errorf("%s never becomes idle", function)
}

// refused checks that a visitor gets our page with status 503 within two seconds.
func (c *chaos) refused(path string, began time.Time) {
	asked := time.Now()
	got := c.decent(path, began)
	took := time.Since(asked)
	if got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" ||
		!strings.HasPrefix(got.header.Get("Content-Type"), "text/html") || !strings.Contains(string(got.body), "<h1>") {
		c.t.Errorf("%s after %s: %d %v\n%.200s", path, time.Since(began), got.status, got.header, got.body)
	}
	if took > 2*time.Second {
		c.t.Errorf("%s after %s: the answer took %s", path, time.Since(began), took)
	}
}

// decent sends a request and checks that the answer isn't the gateway's own 500.
func (c *chaos) decent(path string, began time.Time) answer {
	request, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.cloud.base+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Accept", "text/html")
	if strings.HasPrefix(path, "/api/") {
		request.Header.Set("Authorization", "Bearer "+c.key)
	}
	got, err := exchange(request)
	if err != nil {
		c.t.Errorf("%s after %s: %v", path, time.Since(began), err)
	}
	if strings.Contains(string(got.body), `{"message":"Internal Server Error"}`) {
		c.t.Errorf("%s after %s: %d %s", path, time.Since(began), got.status, got.body)
	}
	return got
}
