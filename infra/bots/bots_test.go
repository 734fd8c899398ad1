package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/click"
)

const modules = "../../node_modules"

// read decodes a JSON file of an npm package that package-lock.json pins.
func read(t *testing.T, name string, v any) []byte {
	t.Helper()
	if testing.Short() {
		t.Skip("needs npm packages")
	}
	data, err := os.ReadFile(filepath.Join(modules, name))
	if err != nil {
		t.Fatalf("%v; run make setup, which installs the packages", err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatal(err)
	}
	return data
}

// visit is the click of a User-Agent that follows a link.
func visit(t *testing.T, agent string) click.Click {
	t.Helper()
	c, counts := click.Of(http.MethodGet, http.Header{"User-Agent": {agent}}.Get)
	if !counts {
		t.Fatalf("a GET request does not count: %s", agent)
	}
	return c
}

type crawler struct {
	Pattern   string
	Instances []string
}

func TestListIsThatOfThePackage(t *testing.T) {
	var crawlers []crawler
	want, err := list(read(t, "crawler-user-agents/crawler-user-agents.json", &crawlers))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../shared/click/bots.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("run make bots (-package +bots.txt)\n%s", diff)
	}
	patterns := map[string]bool{}
	for _, c := range crawlers {
		patterns[c.Pattern] = true
	}
	for pattern, reason := range people {
		if !patterns[pattern] {
			t.Errorf("the package has no pattern %s any more (%s)", pattern, reason)
		}
	}
}

// At most 1 % of the known bots may count as people.
func TestKnownBots(t *testing.T) {
	var crawlers []crawler
	read(t, "crawler-user-agents/crawler-user-agents.json", &crawlers)
	all, missed, unnamed := 0, 0, 0
	for _, c := range crawlers {
		for _, agent := range c.Instances {
			all++
			switch visit(t, agent).Bot {
			case "":
				missed++
				t.Logf("counts as a person: %s", agent)
			case click.Other:
				unnamed++
			}
		}
	}
	t.Logf("of %d bots, %d count as people and %d have no name", all, missed, unnamed)
	if all < 2000 || missed*100 > all || unnamed*50 > all {
		t.Error("at most 1 % may count as people, and 2 % may have no name")
	}
}

// At most one in 10,000 visits of people may count as a bot's. The packages are samples
// of such visits, so frequent user agents occur in them many times.
func TestPeople(t *testing.T) {
	var visits []struct{ UserAgent, DeviceCategory string }
	read(t, "user-agents/dist/user-agents.json", &visits)
	var top []string
	read(t, "top-user-agents/src/index.json", &top)
	agents := top
	for _, v := range visits {
		agents = append(agents, v.UserAgent)
	}
	wrong := 0
	for _, agent := range agents {
		if c := visit(t, agent); c.Bot != "" {
			wrong++
			t.Logf("counts as %s: %s", c.Bot, agent)
		}
	}
	if len(agents) < 10000 || wrong*10000 > len(agents) {
		t.Errorf("of %d people, %d count as bots", len(agents), wrong)
	}
	wrong = 0
	for _, v := range visits {
		if c := visit(t, v.UserAgent); c.Device != v.DeviceCategory {
			wrong++
			t.Logf("is %s, not %s: %s", v.DeviceCategory, c.Device, v.UserAgent)
		}
	}
	if wrong*1000 > len(visits) {
		t.Errorf("of %d devices, %d are wrong", len(visits), wrong)
	}
}

func TestTexts(t *testing.T) {
	tests := []struct{ pattern, examples, want string }{
		{`Googlebot\/`, ``, "googlebot/\tGooglebot\n"},
		{`[cC]urebot`, ``, "curebot\tCurebot\n"},
		{`(^| )sentry\/`, ``, "^sentry/\tsentry\nsentry/\tsentry\n"},
		{`Automaton|Newsify Feed Fetcher`, ``, "automaton\tAutomaton\nnewsify feed fetcher\tNewsify Feed Fetcher\n"},
		{`Current[\s\S]*RSS Reader`, ``, "rss reader\tRSS Reader\n"},
		{`AdsBot-Google([^-]|$)`, ``, "adsbot-google\tAdsBot-Google\n"},
		{`Viber`, `"Viber", "Viber/13"`, "^viber\tViber\n"},
		{`Viber`, `"Viber", "Mozilla Viber/13"`, "viber\tViber\n"},
		{`CCBot`, `"CCBot/2.0"`, "ccbot\tCCBot\n"},
		{`Butterfly`, ``, ""},
	}
	for _, test := range tests {
		pattern, err := json.Marshal(test.pattern)
		if err != nil {
			t.Fatal(err)
		}
		got, err := list([]byte(`[{"pattern":` + string(pattern) + `,"instances":[` + test.examples + `]}]`))
		if err != nil || string(got) != test.want {
			t.Errorf("%s becomes %q, want %q, %v", test.pattern, got, test.want, err)
		}
	}
	for _, wrong := range []string{`{}`, `[{"pattern":"("}]`, `[{"pattern":"a.*"}]`} {
		if got, err := list([]byte(wrong)); err == nil {
			t.Errorf("%s becomes %q", wrong, got)
		}
	}
}
