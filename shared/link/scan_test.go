package link_test

import (
	"testing"

	"github.com/minim-dev/minim/shared/link"
)

func TestScanned(t *testing.T) {
	for query, want := range map[string]struct {
		rest    string
		scanned bool
	}{
		"":              {"", false},
		"qr":            {"", true},
		"qr=":           {"", true}, // as some programs write it
		"qr=1":          {"qr=1", false},
		"a=b&qr&c=%20d": {"a=b&c=%20d", true},
		"a=b&&c":        {"a=b&&c", false},
		"QR":            {"QR", false},
	} {
		if rest, scanned := link.Scanned(query); rest != want.rest || scanned != want.scanned {
			t.Errorf("%q: %q, %t", query, rest, scanned)
		}
	}
}

func TestScanURL(t *testing.T) {
	site, err := link.NewSite("http://localhost:8080/")
	if err != nil {
		t.Fatal(err)
	}
	if url, host := site.ScanURL("go"), site.Host(); url != "http://localhost:8080/go?qr" || host != "localhost:8080" {
		t.Errorf("%s, %s", url, host)
	}
}
