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
		"link-redirect": {2, 512, 9}, "click-count": {50, 512, 9}, "link-shorten": {10, 256, 9}, "image-upload": {5, 256, 9}, "image-resize": {800, 1024, 9},
	}}
}

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
	tell(&out, usage{redirects: 10, links: 0.1, images: 0.1, alarms: 60, busy: 3, window: 1, together: 1, traces: true, firewall: true}, prices(t), fixed())
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

// Everything that a month takes has a price with a source, and no price stands idle.
func TestPrices(t *testing.T) {
	p := prices(t)
	taken := slices.Sorted(maps.Keys(need(usage{1, 1, 1, 1, 1, 1, 1, true, true}, fixed())))
	if diff := cmp.Diff(taken, slices.Sorted(maps.Keys(p.Prices))); diff != "" {
		t.Errorf("taken and priced (-taken +priced):\n%s", diff)
	}
	if _, err := time.Parse(time.DateOnly, p.Date); err != nil {
		t.Error(err)
	}
	for name, price := range p.Prices {
		if price.Price <= 0 || price.Unit == "" || price.Lever == "" || !strings.HasPrefix(price.Source, "aws.amazon.com/") {
			t.Errorf("%s: %+v", name, price)
		}
	}
}

// A million redirects at 2 ms and 512 MB, worked out by hand: they come in a third of the month,
// one in 0.876 seconds, so a batch has 1 + 1/0.876 of them, of as many links.
func TestRedirects(t *testing.T) {
	p := prices(t)
	u := usage{redirects: 1, busy: 3, window: 1, together: 1, traces: true}
	batches := 1 / (1 + 1/0.876)
	m := measured{Functions: map[string]took{"link-redirect": {2, 512, 1}}}
	cost := p.cost(need(u, m), false)
	for name, want := range map[string]float64{
		"api":             1.00,
		"edge-requests":   1.00,
		"lambda-requests": 0.20 * (1 + batches),
		"lambda-time":     1e6 * 0.002 * 0.5 * 0.0000133334,
		"table-reads":     1.5 * 0.125,
		"table-writes":    7 * 0.625,
		"traces":          5 * (0.876 + 0.124/20 + batches),
		"alarms":          0,
	} {
		if math.Abs(cost[name]-want) > 1e-9 {
			t.Errorf("%s costs %v, want %v", name, cost[name], want)
		}
	}
	// One link that everybody follows: batches are full, and so are transactions.
	u.redirects, u.together = 1000, 90
	star := p.cost(need(u, m), false)
	if want := 1000 * (2 + 5./90) * 0.625; math.Abs(star["table-writes"]-want) > 1e-9 {
		t.Errorf("writes of one link cost %v, want %v", star["table-writes"], want)
	}
	if want := 0.20 * 1000 * (1 + 1./270); math.Abs(star["lambda-requests"]-want) > 1e-9 {
		t.Errorf("calls of one link cost %v, want %v", star["lambda-requests"], want)
	}
}

// What was measured is that of functions which exist and which the model asks for.
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
			t.Errorf("%s was measured, but is no function", name)
		}
	}
}

func TestMeasure(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `[{"billedMs":2,"memoryMb":256},{"billedMs":9,"memoryMb":256},{"billedMs":3,"memoryMb":256}]`)
	}))
	defer server.Close()
	m, err := measure(t.Context(), server.URL, time.Now())
	if want := (took{3, 256, 3}); err != nil || m.Functions["link-redirect"] != want || len(m.Functions) != 5 {
		t.Errorf("measured %+v, %v", m, err)
	}
	idle := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `[]`) }))
	defer idle.Close()
	if _, err := measure(t.Context(), idle.URL, time.Now()); err == nil || !strings.Contains(err.Error(), "has not run") {
		t.Errorf("nothing to measure: %v", err)
	}
}
