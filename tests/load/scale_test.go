package main

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// TestScale runs a small simulation, as make scale does: the cache takes one link
// off its table, and with quotas that are raised each click is counted.
func TestScale(t *testing.T) {
	build := exec.CommandContext(t.Context(), "make", "--no-print-directory", "build/load-scale")
	build.Dir = "../.."
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	page, err := os.ReadFile("../../docs/scale.md")
	if err != nil {
		t.Fatal(err)
	}
	docs := t.TempDir() + "/scale.md"
	if err := os.WriteFile(docs, page, 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), "build/load-scale", "-small", "-docs", docs)
	run.Dir = "../.."
	if said, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if page, err = os.ReadFile(docs); err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{} // the last of each name, which are about clicks
	first := map[string][]string{}
	for line := range strings.Lines(string(page)) {
		if cells := strings.Split(strings.Trim(line, "| \n"), " | "); len(cells) > 5 {
			rows[cells[0]] = cells
			if first[cells[0]] == nil {
				first[cells[0]] = cells
			}
		}
	}
	visits := first["way in raised"]
	if len(visits) != 10 {
		t.Fatalf("no visits in\n%s", page)
	}
	if hits, err := strconv.ParseFloat(strings.TrimSuffix(visits[7], " %"), 64); err != nil || hits < 95 {
		t.Errorf("the cache had %s of one link", visits[7])
	}
	clicks := rows["… counters' partition split in 4"]
	if len(clicks) != 13 {
		t.Fatalf("no clicks in\n%s", page)
	}
	if clicks[11] == "-" || clicks[12] != "0" {
		t.Errorf("all done after %s, %s dead letters", clicks[11], clicks[12])
	}
}
