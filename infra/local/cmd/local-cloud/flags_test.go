package main

import (
	"errors"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Setenv("PORT", "9090")
	t.Setenv("STATE", "/tmp/state")
	t.Setenv("DUPLICATE", "0.5")
	t.Setenv("TIME_SCALE", "60")
	t.Setenv("CHAOS", "0.05")
	t.Setenv("CONCURRENCY", "10")
	s, err := parse([]string{"up", "--setup", "a b", "--setup", "c"})
	if err != nil || s.Port != 9090 || s.State != "/tmp/state" || s.Duplicate != 0.5 || s.TimeScale != 60 || s.Chaos != 0.05 || s.Concurrency != 10 || len(s.Setup) != 2 {
		t.Errorf("%+v, %v", s, err)
	}
	s, err = parse([]string{"up", "--watch", "src more: make all"})
	if err != nil || len(s.Watch) != 1 || strings.Join(s.Watch[0].Paths, "+") != "src+more" || s.Watch[0].Command != "make all" {
		t.Errorf("%+v, %v", s.Watch, err)
	}
	t.Setenv("WATCH", "0")
	if s, err = parse([]string{"up", "--watch", "src more: make all"}); err != nil || len(s.Watch) != 0 {
		t.Errorf("%+v, %v", s.Watch, err)
	}
	s, err = parse([]string{"up", "--parameter", "Stage=dev", "--parameter", "List=a=b"})
	if err != nil || s.Parameters["Stage"] != "dev" || s.Parameters["List"] != "a=b" {
		t.Errorf("%+v, %v", s.Parameters, err)
	}
	s, err = parse([]string{"emulators", "--port", "1", "--", "go", "test", "-v"})
	if err != nil || s.Port != 1 || strings.Join(s.args, " ") != "go test -v" {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestParseMistakes(t *testing.T) {
	for _, c := range []struct{ args, environment, want string }{
		{"", "", "missing command: local-cloud up"},
		{"down", "", "missing command: local-cloud up"},
		{"up now", "", "up takes no arguments"},
		{"emulators", "", "emulators: missing command"},
		{"up --parameter Stage", "", "it is not NAME=VALUE"},
		{"components now", "", "components takes no arguments"},
		{"up --color", "", "flag provided but not defined: -color"},
		{"up", "PORT=http", "PORT=http is not a port"},
		{"up --port 70000", "", "PORT=70000 is not a port"},
		{"up", "DUPLICATE=2", "DUPLICATE=2 is not a share"},
		{"up", "DUPLICATE=NaN", "DUPLICATE=NaN is not a share"},
		{"up", "CHAOS=5%", "CHAOS=5% is not a share"},
		{"up --chaos -1", "", "CHAOS=-1 is not a share"},
		{"up", "CONCURRENCY=0", "CONCURRENCY=0 is not a number of environments"},
		{"up", "TIME_SCALE=0", "TIME_SCALE=0 is not a scale"},
		{"up", "WATCH=maybe", "WATCH=maybe is neither 0 nor 1"},
		{"up --watch src", "", `watch "src": must read PATH…: COMMAND`},
		{"up", "LOG_LEVEL=loud", "LOG_LEVEL=loud is not a level"},
	} {
		t.Run(c.args+" "+c.environment, func(t *testing.T) {
			if name, value, ok := strings.Cut(c.environment, "="); ok {
				t.Setenv(name, value)
			}
			_, err := parse(strings.Fields(c.args))
			var usage usageError
			if !errors.As(err, &usage) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}
