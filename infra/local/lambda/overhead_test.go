package lambda

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// BenchmarkWarm measures the platform's overhead of a warm invocation: from a client of the Invoke API to an empty
// handler in a frozen environment, and back. It reports the median; the budget is 1 ms.
func BenchmarkWarm(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "bootstrap")
	if out, err := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", binary, "./testdata/empty").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	p, err := New(b.Context(), Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	if err := p.Add(Function{Name: "empty", Binary: binary}); err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(p.Handler())
	defer server.Close()
	for name, pause := range map[string]time.Duration{"at once": 0, "after a pause": 3 * time.Millisecond} {
		b.Run(name, func(b *testing.B) {
			var all []time.Duration
			for b.Loop() {
				time.Sleep(pause)
				began := time.Now()
				r, err := http.Post(server.URL+"/2015-03-31/functions/empty/invocations", "application/json", bytes.NewReader([]byte("{}")))
				if err != nil {
					b.Fatal(err)
				}
				answer, err := io.ReadAll(r.Body)
				r.Body.Close()
				all = append(all, time.Since(began))
				if err != nil || r.StatusCode != 200 || string(answer) != "null" {
					b.Fatalf("%d %s %v", r.StatusCode, answer, err)
				}
			}
			slices.Sort(all)
			b.ReportMetric(float64(all[len(all)/2].Microseconds()), "µs/median")
			b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "µs/p99")
			b.ReportMetric(float64(len(p.Functions()[0].Environments)), "environments")
		})
	}
}
