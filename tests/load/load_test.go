package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestExperiment runs a short one, as make load does: environments come and go.
func TestExperiment(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	docs := t.TempDir()
	if err := os.WriteFile(docs+"/load.md", []byte("# Load\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "make", "--no-print-directory", "setup", "build/load", "build/load-plain")
	build.Dir = "../.."
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	run := exec.CommandContext(t.Context(), "build/local-cloud", "emulators", "--template", "build/stack-local/cloudformation-template-update-stack.json",
		"--components", "build/components", "--", "build/load", "--users", "3", "--duration", "3s", "--idle", "1s", "--docs", docs)
	run.Dir = "../.."
	output, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	if !regexp.MustCompile(`environments at most, \d+ cold starts; .* were all gone`).Match(output) {
		t.Errorf("output:\n%s", output)
	}
	for _, line := range []string{`Lambda +\d+ +0 +`, ` cold +\d+ +`, ` warm +\d+ +`, `net/http +\d+ +0 +`} {
		if !regexp.MustCompile(line).Match(output) {
			t.Errorf("no %q in:\n%s", line, output)
		}
	}
	page, err := os.ReadFile(docs + "/load.md")
	if err != nil || !strings.Contains(string(page), "](load-3.svg)") {
		t.Errorf("%v:\n%s", err, page)
	}
	drawn, err := os.ReadFile(docs + "/load-3.svg")
	if err != nil {
		t.Fatal(err)
	}
	for decoder := xml.NewDecoder(strings.NewReader(string(drawn))); ; {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestRows(t *testing.T) {
	s := settings{users: 2, duration: 3 * time.Second}
	ms := time.Millisecond
	r := result{name: "Lambda", counts: []count{{0, 1, 10 << 20}, {ms, 2, 30 << 20}, {3100 * ms, 0, 0}}, samples: []sample{
		{at: 0, took: 90 * ms, cold: 40 * ms}, {at: 1100 * ms, took: 2 * ms}, {at: 1200 * ms, took: 4 * ms}, {at: 1300 * ms, err: io.EOF},
	}}
	var got []string
	for _, line := range rows(s, r) {
		got = append(got, strings.Join(line.cells(), "|"))
	}
	want := []string{
		"Lambda|3|1|2|4.00|90.00|90.00|90.00|2|30",
		"  cold|1|||90.00|90.00|90.00|90.00||",
		"  warm|2|||4.00|4.00|4.00|4.00||",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	if reported := story(s, []result{r}); reported != "2 environments at most, 1 cold starts; an environment started in 40.00 ms at the median; they were all gone 0.1 s after the last user." {
		t.Error(reported)
	}
}

func TestReplace(t *testing.T) {
	page, err := replace("# Load\n", "5 users", "a\n")
	if err != nil {
		t.Fatal(err)
	}
	if page, err = replace(page, "50 users", "b\n"); err != nil {
		t.Fatal(err)
	}
	page, err = replace(page, "5 users", "c\n")
	if want := "# Load\n\n<!-- 5 users -->\nc\n<!-- end of 5 users -->\n\n<!-- 50 users -->\nb\n<!-- end of 50 users -->\n"; err != nil || page != want {
		t.Errorf("%v:\n%s", err, page)
	}
	if _, err := replace("<!-- 5 users -->\n", "5 users", ""); err == nil {
		t.Error("a section without an end")
	}
}
