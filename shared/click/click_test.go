package click_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/fault"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func TestNewIDIsRandom(t *testing.T) {
	seen := make([]map[string]bool, 20) // the values of each byte beyond the 6 of the time
	for i := range seen {
		seen[i] = map[string]bool{}
	}
	for range 100 {
		id := click.NewID(noon)
		for i := 12; i < len(id); i += 2 {
			seen[i/2][id[i:i+2]] = true
		}
	}
	for i, values := range seen[6:16] {
		if len(values) < 50 { // 83 are expected
			t.Errorf("byte %d has %d values in 100 IDs", i+6, len(values))
		}
	}
}

func TestNewIDOrdersByTime(t *testing.T) {
	seen := map[string]bool{}
	last := ""
	for ms := range 2000 {
		id := click.NewID(noon.Add(time.Duration(ms) * time.Millisecond))
		if len(id) != 32 || id <= last || seen[id] {
			t.Fatalf("%s after %s", id, last)
		}
		seen[id], last = true, id
	}
	if first, second := click.NewID(noon), click.NewID(noon); first == second {
		t.Error("two ids of one moment are equal")
	}
}

func TestMessage(t *testing.T) {
	c := click.Click{ID: "1", Link: "l.1", Code: "abc", Owner: "me", At: noon.In(time.FixedZone("CET", 3600)), Country: "DE"}
	message, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"1","link":"l.1","code":"abc","owner":"me","country":"DE","at":"2026-11-21T12:00:00.000Z"}`
	if string(message) != want {
		t.Errorf("got  %s\nwant %s", message, want)
	}
	got, err := click.Decode(message)
	c.At = noon
	if diff := cmp.Diff(c, got); diff != "" || err != nil {
		t.Errorf("%v, (-want +got)\n%s", err, diff)
	}
}

func TestDecodeRefuses(t *testing.T) {
	tests := []struct{ name, message string }{
		{"no JSON", `click!`},
		{"empty", ``},
		{"no object", `[]`},
		{"no id", `{"code":"abc","owner":"me","at":"2026-11-21T12:00:00.000Z"}`},
		{"no code", `{"id":"1","owner":"me","at":"2026-11-21T12:00:00.000Z"}`},
		{"no owner", `{"id":"1","code":"abc","at":"2026-11-21T12:00:00.000Z"}`},
		{"no time", `{"id":"1","code":"abc","owner":"me"}`},
		{"bad time", `{"id":"1","code":"abc","owner":"me","at":"noon"}`},
		{"long link", `{"id":"1","code":"abc","link":"` + strings.Repeat("x", 129) + `","owner":"me","at":"2026-11-21T12:00:00.000Z"}`},
		{"long code", `{"id":"1","code":"` + strings.Repeat("x", 129) + `","owner":"me","at":"2026-11-21T12:00:00.000Z"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if c, err := click.Decode([]byte(test.message)); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v, %v", c, err)
			}
		})
	}
}

// Clicks that are queued while a new version is deployed name no link.
func TestDecodeWithoutLink(t *testing.T) {
	c, err := click.Decode([]byte(`{"id":"1","code":"abc","owner":"me","at":"2026-11-21T12:00:00.000Z"}`))
	if err != nil || c.Link != "abc" || c.Code != "abc" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestDecodeCleansNames(t *testing.T) {
	long := strings.Repeat("ü", 100)
	c, err := click.Decode([]byte(`{"id":"1","code":"a","owner":"me","at":"2026-11-21T12:00:00Z","city":" a\u0000\nb ","referrer":"` + long + `"}`))
	if err != nil {
		t.Fatal(err)
	}
	if c.City != "ab" || c.Referrer != long[:80] {
		t.Errorf("city %q, referrer %q", c.City, c.Referrer)
	}
}

// A name is cut before the symbol that exceeds 80 bytes, wherever in that symbol
// the limit falls.
func TestDecodeCutsNamesBetweenSymbols(t *testing.T) {
	for _, symbol := range []string{"x", "ü", "語", "🦊"} {
		for offset := range 4 {
			name := strings.Repeat("a", offset) + strings.Repeat(symbol, 90)
			want := strings.Repeat("a", offset) + strings.Repeat(symbol, (80-offset)/len(symbol))
			c, err := click.Decode([]byte(`{"id":"1","code":"a","owner":"me","at":"2026-11-21T12:00:00Z","city":"` + name + `"}`))
			if err != nil || c.City != want {
				t.Errorf("%d bytes before %s: %q, want %q, %v", offset, symbol, c.City, want, err)
			}
		}
	}
}

func TestSum(t *testing.T) {
	at := noon.Add(31 * time.Minute)
	day, quarter := click.Sum([]click.Click{
		{Link: "l.a", Code: "a", Owner: "me", At: at, Country: "DE", Referrer: click.Direct, Language: "de", Visitor: "00000000000000ff", Scan: true},
		{Link: "l.a", Code: "a", Owner: "me", At: at.Add(13 * time.Minute), Country: "DE", Device: "mobile", Destination: "https://a.example/", Visitor: "none"},
		{Link: "l.a", Code: "a", Owner: "me", At: at, Bot: "Googlebot", Scan: true},
		{Link: "l.a", Code: "a", Owner: "me", At: at, Bot: click.Other},
	})
	names := click.Names{
		"country": {"DE": 2}, "city": {"unknown": 2}, "referrer": {"direct": 1, "unknown": 1},
		"browser": {"unknown": 2}, "system": {"unknown": 2}, "device": {"mobile": 1, "unknown": 1},
		"language": {"de": 1, "unknown": 1}, "destination": {"https://a.example/": 1},
		"bot": {"Googlebot": 1, "other": 1},
	}
	want := click.DayCount{
		Link: "l.a", Code: "a", Owner: "me", Day: noon.Truncate(24 * time.Hour), Clicks: 2, Scans: 1, Hours: [24]int64{12: 2},
		Quarters: [96]int64{50: 2}, Names: names, Visitors: day.Visitors,
	}
	wantQuarter := click.QuarterCount{
		At: noon.Add(30 * time.Minute), Clicks: 2, Scans: 1, Minutes: [15]int64{1: 1, 14: 1}, Names: names, Visitors: day.Visitors,
	}
	if n, err := click.Distinct(day.Visitors); n != 1 || err != nil {
		t.Errorf("%d visitors, %v", n, err)
	}
	if diff := cmp.Diff(wantQuarter, quarter); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if bots := day.Names.Bots(); bots != 2 {
		t.Errorf("%d clicks of bots", bots)
	}
	if diff := cmp.Diff(want, day); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestLimit(t *testing.T) {
	known := click.Names{"city": {click.Unknown: 5, click.Other: 1}}
	for n := range click.NamesADay - 2 {
		known.Add(click.City, "old"+string(rune('A'+n)), 1)
	}
	day := click.DayCount{Names: click.Names{
		"city":     {"oldA": 4, "new1": 1, "new2": 3, "new3": 2, click.Unknown: 7},
		"referrer": {"a.example": 1, click.Direct: 1},
		"browser":  {"Chrome": 18},
	}}
	added := day.Names.Limit(known)
	want := click.Names{
		"city":     {"oldA": 4, "new2": 3, "new3": 2, click.Unknown: 7, click.Other: 1},
		"referrer": {"a.example": 1, click.Direct: 1},
		"browser":  {"Chrome": 18},
	}
	if diff := cmp.Diff(want, day.Names); diff != "" || added != 3 {
		t.Errorf("added %d, (-want +got)\n%s", added, diff)
	}
	known.Merge(day.Names)
	if n := len(known["city"]); n != click.NamesADay+2 {
		t.Errorf("%d cities", n)
	}
}

func TestGroups(t *testing.T) {
	one := func(id, link string, at time.Time) click.Click {
		return click.Click{ID: id, Link: link, Code: "same", At: at}
	}
	clicks := []click.Click{
		one("1", "a", noon), one("2", "b", noon), one("1", "a", noon), one("3", "a", noon.Add(time.Minute)),
		one("4", "a", noon.Add(24*time.Hour)), one("5", "a", noon.Add(2*time.Minute)), one("2", "b", noon),
		one("6", "a", noon.Add(15*time.Minute)), one("7", "a", noon.Add(15*time.Minute-time.Millisecond)),
	}
	got := map[string][]string{}
	for link, groups := range click.Groups(clicks, 2) {
		for _, group := range groups {
			ids := ""
			for _, c := range group {
				ids += c.Link + c.ID + " "
			}
			got[link] = append(got[link], ids)
		}
	}
	want := map[string][]string{"a": {"a1 a3 ", "a5 a7 ", "a6 ", "a4 "}, "b": {"b2 "}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
