package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/minim-dev/minim/client/internal/apitest"
)

const stats = `{"unit": "day", "tz": "Europe/Berlin", "from": "2026-11-19T23:00:00.000Z", "to": "2026-11-22T23:00:00.000Z", "total": 1234, "visitors": 5, "scans": 1,
	"botClicks": 2, "series": [{"at": "2026-11-19T23:00:00.000Z", "clicks": 0}, {"at": "2026-11-20T23:00:00.000Z", "clicks": 1},
	{"at": "2026-11-21T23:00:00.000Z", "clicks": 1233}], "countries": [{"name": "DE", "clicks": 1000}, {"name": "other", "clicks": 1}], "cities": [],
	"referrers": [], "browsers": [], "systems": [], "devices": [], "languages": [], "destinations": [], "bots": [],
	"previous": {"from": "2026-11-16T23:00:00.000Z", "to": "2026-11-19T23:00:00.000Z", "total": 7, "visitors": 3, "scans": 0, "botClicks": 0}}`

func TestStats(t *testing.T) {
	server := always(t, 200, stats)
	got := invocation{args: []string{"stats", "go", "--tz", "Europe/Berlin", "--from", "2026-11-20", "--compare"}, server: server}.run(t)
	want := `go  2026-11-20 00:00 to 2026-11-23 00:00, Europe/Berlin

▁▂█
clicks per day, at most 1,233

clicks    1,234, before 7
visitors  5, before 3
QR scans  1, before 0
bots      2, before 0

Countries
  DE     ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇ 1,000
  other  ▇ 1
`
	if got.out != want || got.code != 0 {
		t.Errorf("%+v", got)
	}
	if query := server.Requests()[0].Query; query != "from=2026-11-20&tz=Europe%2FBerlin&top=5&compare=previous" {
		t.Errorf("asked %s", query)
	}
	csv := apitest.New(t, func(r apitest.Request, _ int) apitest.Answer {
		return apitest.Answer{Status: 200, Type: r.Header.Get("Accept"), Body: "at,clicks\n"}
	})
	if got := (invocation{args: []string{"stats", "go", "--csv"}, server: csv}).run(t); got.out != "at,clicks\n" {
		t.Errorf("%+v", got)
	}
}

func TestSparkline(t *testing.T) {
	for want, values := range map[string][]int{"": nil, "▁▁": {0, 0}, "▁▂▄█": {0, 1, 50, 100}, "█": {3}} {
		if got := sparkline(values); got != want {
			t.Errorf("%v: %s, want %s", values, got, want)
		}
	}
	year := make([]int, 366)
	year[365] = 1
	if got := squeezed(year, 80); len(got) != 74 || got[73] != 1 {
		t.Errorf("%v", got)
	}
}

func TestQR(t *testing.T) {
	drawing, err := os.ReadFile("testdata/qr.png") // with a margin of two modules
	if err != nil {
		t.Fatal(err)
	}
	server := apitest.New(t, func(r apitest.Request, _ int) apitest.Answer {
		return apitest.Answer{Status: 200, Type: r.Header.Get("Accept"), Body: string(drawing)}
	})
	modules, err := modulesOf(drawing, 2)
	if err != nil || len(modules) != 29+4 {
		t.Fatalf("%d modules, %v", len(modules), err)
	}
	// The three finder patterns.
	finder := []string{"#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"}
	for _, corner := range [][2]int{{2, 2}, {2 + 29 - 7, 2}, {2, 2 + 29 - 7}} {
		for y, row := range finder {
			for x, want := range row {
				if modules[corner[1]+y][corner[0]+x] != (want == '#') {
					t.Fatalf("there is no finder pattern at %v", corner)
				}
			}
		}
	}
	got := invocation{args: []string{"qr", "go", "--margin", "2"}, server: server}.run(t)
	lines := strings.Split(got.out, "\n")
	if got.code != 0 || len(lines) != 17+1 || lines[0] != strings.Repeat("█", 33) || !strings.HasPrefix(lines[1], "██ ▄▄▄▄▄ █") {
		t.Errorf("drawn\n%s", got.out)
	}
	colored := invocation{args: []string{"qr", "go", "--margin", "2"}, tty: true, color: true, server: server}.run(t)
	if !strings.HasPrefix(colored.out, "\x1b[38;5;16;48;5;231m") || !strings.Contains(colored.out, "  █▀▀▀▀▀█ ") {
		t.Errorf("drawn\n%s", colored.out)
	}
	file := filepath.Join(t.TempDir(), "go.svg")
	got = invocation{args: []string{"qr", "go", "--svg", file, "--png", "-", "--color", "#204080"}, server: server}.run(t)
	if written, err := os.ReadFile(file); err != nil || string(written) != string(drawing) || got.out != string(drawing) {
		t.Errorf("%d and %d bytes, %v; %s", len(written), len(got.out), err, got.err)
	}
	if requests := server.Requests(); requests[2].Query != "format=svg&color=204080" || requests[3].Query != "format=png&color=204080" {
		t.Errorf("asked %s and %s", requests[2].Query, requests[3].Query)
	}
	if _, err := modulesOf([]byte("no PNG"), 4); err == nil {
		t.Error("no error")
	}
}
