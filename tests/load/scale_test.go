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
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
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
	if output, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
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
	visits := first["throttles raised"]
	if len(visits) != 10 {
		t.Fatalf("no visits in\n%s", page)
	}
	if hits, err := strconv.ParseFloat(strings.TrimSuffix(visits[7], " %"), 64); err != nil || hits < 95 {
		t.Errorf("the cache had %s of one link", visits[7])
	}
	// A tenth of the 10,000 clicks a second that one link has to count, of a tenth of the tables.
	star, alone := rows["1,000 a second, tables warm"], rows["… without shards"]
	if len(star) != 11 || len(alone) != 11 {
		t.Fatalf("no clicks in\n%s", page)
	}
	if number(t, star[2]) < 850 || star[5] != "0" {
		t.Errorf("counted %s a second, all after %s, %s dead letters", star[2], star[3], star[5])
	}
	if with := rows["… and tables warm, 10 ×"]; number(t, with[2]) < 3*number(t, alone[2])/2 {
		t.Errorf("counted %s a second with shards, %s without", with[2], alone[2])
	}
}

// number reads a number of a table.
func number(t *testing.T, cell string) int {
	t.Helper()
	n, err := strconv.Atoi(strings.ReplaceAll(cell, ",", ""))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
