package main

import (
	"bytes"
	"flag"
	"io"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden file")

func fixed() measured {
	return measured{Functions: map[string]took{
		"link-redirect": {2, 512, 9}, "click-count": {50, 512, 9}, "link-shorten": {10, 256, 9}, "image-upload": {5, 256, 9}, "image-resize": {800, 1024, 9}, "health": {20, 256, 9},
	}}
}

// small are items of less than 1 KB.
var small = sizes{Click: 200, Total: 50, DayEntry: 60, Link: 300, Idempotency: 700, ImagePending: 300, Image: 1000, Content: 1000}

func prices(t *testing.T) priced {
	t.Helper()
	var p priced
	if err := read("prices.yml", &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTable(t *testing.T) {
	var out bytes.Buffer
	tell(&out, usage{redirects: 10, links: 0.1, images: 0.1, alarms: 60, busy: 3, window: 1, together: 1, day: 1, traces: true, firewall: true, probe: true},
		flood{10_000, 1, 5000}, prices(t), fixed(), small)
	golden := filepath.Join("testdata", "month.golden")
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Everything in a month's demand has a price with a source, and every price is used.
func TestPrices(t *testing.T) {
	p := prices(t)
	taken := slices.Sorted(maps.Keys(need(usage{1, 1, 1, 1, 1, 1, 1, 1, true, true, true, ""}, fixed(), small)))
	if diff := cmp.Diff(taken, slices.Sorted(maps.Keys(p.Prices))); diff != "" {
		t.Errorf("taken and priced (-taken +priced):\n%s", diff)
	}
	if _, err := time.Parse(time.DateOnly, p.Date); err != nil {
		t.Error(err)
	}
	for name, plan := range p.Plans {
		if plan.Requests <= 0 || plan.Transfer <= 0 || !strings.HasPrefix(plan.Source, "aws.amazon.com/") || plan.Price == 0 && name != "free" {
			t.Errorf("the plan %s: %+v", name, plan)
		}
	}
	for name, price := range p.Prices {
		if price.Price <= 0 || price.Unit == "" || price.Lever == "" || !strings.HasPrefix(price.Source, "aws.amazon.com/") {
			t.Errorf("%s: %+v", name, price)
		}
	}
}

// A million redirects at 2 ms and 512 MB, calculated by hand: they arrive in a third of the month, one every
// 0.876 seconds, so a batch has 1 + 1/0.876 of them, each of a different link.
func TestRedirects(t *testing.T) {
	p := prices(t)
	u := usage{redirects: 1, busy: 3, window: 1, together: 1, day: 1, traces: true}
	batches := 1 / (1 + 1/0.876)
	m := measured{Functions: map[string]took{"link-redirect": {2, 512, 1}}}
	cost := p.cost(need(u, m, small), false, "")
	for name, want := range map[string]float64{
		"api":             1.00,
		"edge-requests":   1.00,
		"edge-functions":  0.10,
		"lambda-requests": 0.20 * (1 + batches),
		"lambda-time":     1e6 * 0.002 * 0.5 * 0.0000133334,
		"table-reads":     3 * 0.125,
		"logs":            0.5 * (0.3 + 0.5*(1+batches)),
		"table-writes":    14 * 0.625,
		"traces":          5 * (0.876 + 0.124/20 + batches),
		"alarms":          0,
	} {
		if math.Abs(cost[name]-want) > 1e-9 {
			t.Errorf("%s costs %v, want %v", name, cost[name], want)
		}
	}
	// All visits are of one link: batches and transactions are full.
	u.redirects, u.together = 1000, 64
	star := p.cost(need(u, m, small), false, "")
	if want := 1000 * (2 + 12./64) * 0.625; math.Abs(star["table-writes"]-want) > 1e-9 {
		t.Errorf("writes of one link cost %v, want %v", star["table-writes"], want)
	}
	if want := 0.20 * 1000 * (1 + 1./256); math.Abs(star["lambda-requests"]-want) > 1e-9 {
		t.Errorf("calls of one link cost %v, want %v", star["lambda-requests"], want)
	}
}

// TestItems: indexes and the sizes of items count. The values are calculated by hand, for a million of each.
func TestItems(t *testing.T) {
	large := sizes{Click: 200, Total: 50, DayEntry: 60, Link: 1500, Idempotency: 700, ImagePending: 300, Image: 2500, Content: 1100}
	for _, test := range []struct {
		name                     string
		u                        usage
		items                    sizes
		writes, storage, backups float64
	}{
		// The link twice for the transaction and once in byOwner, the record twice, 12 entries; the table, its index, a record for a day, the entries.
		{"links", usage{links: 1}, small, 17, 0.4 + 0.4 + 0.8/30.4 + 12*0.23, 0.4 + 0.8/30.4 + 12*0.23},
		{"links of two kilobytes", usage{links: 1}, large, 20, 1.6 + 1.6 + 0.8/30.4 + 12*0.23, 1.6 + 0.8/30.4 + 12*0.23},
		// Made 3, begun 3, finished 3, content 1 + 2 + 2, byDue 8.
		{"images", usage{images: 1}, small, 22, 1.1 + 1.1 + 1.1, 1.1 + 1.1},
		// Finished 9, content 2 + 4 + 4.
		{"images of three kilobytes", usage{images: 1}, large, 33, 2.6 + 2.6 + 1.2, 2.6 + 1.2},
		{"clicks", usage{redirects: 1, together: 1, day: 1}, small, 14, 3*0.3 + 0.15 + 1.124 + 0.55 + 0.16, 3*0.3 + 0.15 + 1.124 + 0.55},
		// 39 KB of invented names: 78 units for the day.
		{"clicks of a large day", usage{redirects: 1, together: 1, day: 38.7}, small, 2 + 2 + 78 + 2 + 1 + 5, 3*0.3 + 0.15 + 40.036 + 0.55 + 0.16, 3*0.3 + 0.15 + 40.036 + 0.55},
	} {
		test.u.busy, test.u.window = 3, 1
		d := need(test.u, fixed(), test.items)
		for what, want := range map[string]float64{"table-writes": test.writes, "table-storage": test.storage, "table-backups": test.backups} {
			if math.Abs(d[what]-want) > 1e-9 {
				t.Errorf("%s take %v of %s, want %v", test.name, d[what], what, want)
			}
		}
	}
}

// TestPlans: a plan replaces the prices of everything it includes, and the cheapest plan that is large enough is named.
func TestPlans(t *testing.T) {
	p := prices(t)
	for redirects, want := range map[float64]string{0.9: "free", 9: "pro", 100: "business", 400: "premium", 600: ""} {
		if got := p.fitting(need(usage{redirects: redirects, busy: 3, window: 1, together: 1, day: 1}, fixed(), small)); got != want {
			t.Errorf("%v million redirects: %q, want %q", redirects, got, want)
		}
	}
	u := usage{redirects: 9, busy: 3, window: 1, together: 1, day: 1, firewall: true}
	d := need(u, fixed(), small)
	// 9 million requests at the edge, with its function, and in the firewall, 10.8 GB, a web ACL with four rules.
	if got, want := sum(p.cost(d, false, ""))-sum(p.cost(d, false, "pro")), 9*1.10+10.8*0.085+9*0.60+5+4-15; math.Abs(got-want) > 1e-9 {
		t.Errorf("the plan saves %v, want %v", got, want)
	}
	if err := run(t.Context(), usage{plan: "gold"}, flood{}, "", ".", io.Discard); err == nil || !strings.Contains(err.Error(), "business") {
		t.Errorf("an unknown plan: %v", err)
	}
}

// TestFlood: the edge bills every request, all other services only the requests that the API lets through.
func TestFlood(t *testing.T) {
	p, m := prices(t), measured{Functions: map[string]took{}}
	u := usage{redirects: 3, images: 1, alarms: 90, busy: 3, window: 1, together: 1, day: 1}
	// An hour of 10,000 requests per second is 36 million, of which the API lets half through. Batches and transactions are full.
	const passed = 18
	want := 36*1.10 + passed*(1.00+0.0012*0.085*1e3+0.20*(1+1./256)+0.40*1.2+0.125*(1+2./64)+0.625*(2+12./64)+0.5*(0.3+0.5*(1+1./256))) +
		passed*(0.25+0.20)*(3*0.3+(0.15+1.124+0.55)/64) + passed*0.25*0.16/64
	got, through := flood{10_000, 1, 5000}.cost(u, m, small, p)
	if math.Abs(got-want) > 1e-6 || through != passed {
		t.Errorf("it costs %v with %v million, want %v", got, through, want)
	}
	u.firewall = true
	if walled, _ := (flood{10_000, 1, 5000}).cost(u, m, small, p); math.Abs(walled-got-36*0.60) > 1e-6 {
		t.Errorf("the firewall adds %v", walled-got)
	}
	u.plan = "business"
	planned, _ := flood{10_000, 1, 5000}.cost(u, m, small, p)
	if saved := got - planned; math.Abs(saved-(36*1.10+passed*0.0012*0.085*1e3)) > 1e-6 {
		t.Errorf("a plan saves %v", saved)
	}
}

// The measured functions exist, and they are those that the model needs.
func TestMeasured(t *testing.T) {
	var m measured
	if err := read("measured.yml", &m); err != nil {
		t.Fatal(err)
	}
	for name := range fixed().Functions {
		if took := m.Functions[name]; took.Milliseconds < 1 || took.Memory < 128 {
			t.Errorf("%s was not measured: %+v", name, took)
		}
	}
	for name := range m.Functions {
		if _, err := os.Stat(filepath.Join("../../functions", name)); err != nil {
			t.Errorf("%s was measured, but is not a function", name)
		}
	}
}

func TestMeasure(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `[{"billedMs":2,"memoryMb":256},{"billedMs":9,"memoryMb":256},{"billedMs":3,"memoryMb":256}]`)
	}))
	defer server.Close()
	m, err := measure(t.Context(), server.URL, time.Now())
	if want := (took{3, 256, 3}); err != nil || m.Functions["link-redirect"] != want || len(m.Functions) != 6 {
		t.Errorf("measured %+v, %v", m, err)
	}
	idle := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `[]`) }))
	defer idle.Close()
	if _, err := measure(t.Context(), idle.URL, time.Now()); err == nil || !strings.Contains(err.Error(), "has not run") {
		t.Errorf("nothing to measure: %v", err)
	}
}
