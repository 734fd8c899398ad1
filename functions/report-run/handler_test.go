package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/mail"
	"github.com/minim-dev/minim/shared/report"
	"github.com/minim-dev/minim/shared/report/html"
)

// world is everything around the handler: an owner's days in pages of two
// links, files, records, and a clock that every page read moves on.
type world struct {
	days    map[string][]click.DayCount // by owner and date
	links   map[string]link.Link
	files   map[string]string
	records map[string]report.Summary
	started []event
	now     time.Time
	tick    time.Duration // what one page takes
	fail    string        // the call that fails
	address bool          // the stage has one
	mails   []mail.Message
	claims  map[string]bool
	ids     int
}

var errDown = errors.New("down")

func (w *world) failing(call string) error {
	if w.fail == call {
		return errDown
	}
	return nil
}

func (w *world) Owners(context.Context) ([]string, error) {
	return []string{"me", "ann", "me"}, w.failing("owners")
}

func (w *world) OwnerDay(_ context.Context, owner string, day time.Time, after string) ([]click.DayCount, string, error) {
	w.now = w.now.Add(w.tick)
	all := w.days[owner+" "+day.Format(time.DateOnly)]
	from, _ := strconv.Atoi(after)
	to := min(from+2, len(all))
	next := ""
	if to < len(all) {
		next = strconv.Itoa(to)
	}
	return all[from:to], next, w.failing("day")
}

type linkTable struct{ *world }

func (l linkTable) Get(_ context.Context, code string) (link.Link, error) {
	found, ok := l.links[code]
	if !ok {
		return link.Link{}, fault.New(fault.NotFound, "There is no such link.")
	}
	return found, l.failing("links")
}

type bucket struct{ *world }

func (b bucket) Put(_ context.Context, o blob.Object) error {
	if o.ContentType == "" {
		return errors.New("no content type")
	}
	b.files[o.Key] = string(o.Body)
	return b.failing("put " + o.Key[:7])
}

func (b bucket) Get(_ context.Context, key string, limit int64) ([]byte, error) {
	data, ok := b.files[key]
	if !ok || int64(len(data)) > limit {
		return nil, fault.New(fault.NotFound, "There is no such file.")
	}
	return []byte(data), nil
}

type recordTable struct{ *world }

func (b bucket) List(_ context.Context, prefix string) (keys []string, err error) {
	for _, key := range slices.Sorted(maps.Keys(b.files)) {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	return keys, b.failing("list")
}

func (b bucket) Delete(_ context.Context, key string) error {
	if err := b.failing("delete"); err != nil {
		return err
	}
	delete(b.files, key)
	return nil
}

func (r recordTable) Put(_ context.Context, s report.Summary) (bool, error) {
	if _, ok := r.files[s.Key(report.FormatHTML)]; !ok {
		return false, errors.New("the record is there before the file")
	}
	if err := r.failing("record"); err != nil {
		return false, err
	}
	if before, ok := r.records[s.ID]; ok && !before.CreatedAt.Before(s.CreatedAt) {
		return false, nil
	}
	r.records[s.ID] = s
	return true, nil
}

func (r recordTable) ClaimMail(_ context.Context, id string) (bool, error) {
	mine := !r.claims[id]
	r.claims[id] = true
	return mine, r.failing("claim")
}

func (r recordTable) ReturnMail(ctx context.Context, id string) error {
	if ctx.Err() == nil {
		r.claims[id] = false
	}
	return ctx.Err()
}

func (w *world) Wanted() bool { return w.address }

func (w *world) Send(ctx context.Context, m mail.Message) error {
	if err := w.failing("mail"); err != nil {
		return err
	}
	if w.fail == "mail hangs" {
		<-ctx.Done()
		return ctx.Err()
	}
	w.mails = append(w.mails, m)
	return nil
}

func (w *world) Start(_ context.Context, e any) error {
	w.started = append(w.started, e.(event))
	return w.failing("start")
}

func day(code, owner, date string, clicks int64) click.DayCount {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err)
	}
	return click.DayCount{Link: "l." + code, Code: code, Owner: owner, Day: at, Clicks: clicks, Hours: [24]int64{7: clicks}, Names: click.Names{click.Country: {"DE": clicks}}}
}

func newWorld() *world {
	w := &world{
		days: map[string][]click.DayCount{}, files: map[string]string{}, records: map[string]report.Summary{}, claims: map[string]bool{},
		now: time.Date(2026, 11, 21, 2, 0, 1, 0, time.UTC), tick: time.Second,
		links: map[string]link.Link{
			"m0": {ID: "l.m0", Code: "m0", URL: "https://example.com/m0", Owner: "me", Title: "First"},
			"m1": {ID: "l.other", Code: "m1", URL: "https://example.com/secret", Owner: "me"}, // another link with a code that was freed
			"m2": {ID: "l.m2", Code: "summer", URL: "https://example.com/m2", Owner: "me"},    // an earlier code of the link
		},
	}
	for i := range 5 {
		w.days["me 2026-11-20"] = append(w.days["me 2026-11-20"], day(fmt.Sprintf("m%d", i), "me", "2026-11-20", int64(10-i)))
	}
	w.days["me 2026-11-19"] = []click.DayCount{day("m0", "me", "2026-11-19", 20), day("m1", "me", "2026-11-19", 1), day("m2", "me", "2026-11-19", 4)}
	w.days["ann 2026-11-20"] = []click.DayCount{day("a0", "ann", "2026-11-20", 9)}
	w.days["me 2026-11-21"] = []click.DayCount{day("m0", "me", "2026-11-21", 3)}
	return w
}

func (w *world) handler(t *testing.T) *handler {
	t.Helper()
	page, err := html.New()
	if err != nil {
		t.Fatal(err)
	}
	return &handler{
		owners: w, stats: w, links: linkTable{w}, files: bucket{w}, reports: recordTable{w}, self: w, mail: w, page: page,
		site: "https://minim.example", now: func() time.Time { return w.now },
		newID: func() string { w.ids++; return strconv.Itoa(w.ids) }, log: slog.New(slog.DiscardHandler),
	}
}

// deadline is a context whose deadline is on the world's clock.
type deadline struct {
	context.Context
	at time.Time
}

func (d deadline) Deadline() (time.Time, bool) { return d.at, true }

func (w *world) context(t *testing.T, left time.Duration) context.Context {
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "req-1"})
	return deadline{ctx, w.now.Add(left)}
}

func (w *world) totals() map[string]report.Totals {
	totals := map[string]report.Totals{}
	for _, s := range w.records {
		totals[s.Owner+" "+s.Date] = s.Totals
	}
	return totals
}

var whole = map[string]report.Totals{
	"me 2026-11-20":  {Clicks: 40, Before: 25, Links: 5},
	"ann 2026-11-20": {Clicks: 9, Links: 1},
	"* 2026-11-20":   {Clicks: 49, Before: 25, Links: 6},
}

func TestEvents(t *testing.T) {
	golden, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, event string
		want        map[string]report.Totals
		code        fault.Code
	}{
		{"by the schedule", string(golden), whole, ""},
		{"by hand: today so far", `{}`, map[string]report.Totals{
			"me 2026-11-21": {Clicks: 3, Before: 40, Links: 1}, "ann 2026-11-21": {Before: 9}, "* 2026-11-21": {Clicks: 3, Before: 49, Links: 1},
		}, ""},
		{"a day", `{"period": "daily", "date": "2026-11-20"}`, whole, ""},
		{"one owner's", `{"period": "daily", "date": "2026-11-20", "owner": "me"}`, map[string]report.Totals{"me 2026-11-20": whole["me 2026-11-20"]}, ""},
		{"the whole stage's", `{"period": "daily", "date": "2026-11-20", "owner": "*"}`, whole, ""},
		{"tomorrow", `{"period": "daily", "date": "2026-11-22"}`, map[string]report.Totals{}, fault.Invalid},
		{"weekly", `{"period": "weekly", "date": "2026-11-20"}`, map[string]report.Totals{}, fault.Invalid},
		{"progress that is not there", `{"after": "partial/none.json"}`, map[string]report.Totals{}, fault.NotFound},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld()
			var e event
			if err := json.Unmarshal([]byte(test.event), &e); err != nil {
				t.Fatal(err)
			}
			got, err := w.handler(t).Handle(w.context(t, time.Hour), e)
			if fault.CodeOf(err) != test.code {
				t.Fatalf("error %v, want code %q", err, test.code)
			}
			if diff := cmp.Diff(test.want, w.totals()); diff != "" {
				t.Errorf("totals (-want +got):\n%s", diff)
			}
			slices.Sort(got.Reports)
			if want := slices.Sorted(maps.Keys(w.records)); !slices.Equal(want, got.Reports) {
				t.Errorf("result %v, recorded %v", got.Reports, want)
			}
		})
	}
}

func TestTheReportSaysWhatIsTrue(t *testing.T) {
	w := newWorld()
	if _, err := w.handler(t).Handle(w.context(t, time.Hour), event{Period: report.Daily, Date: "2026-11-20", Owner: "me"}); err != nil {
		t.Fatal(err)
	}
	var got report.Report
	if err := json.Unmarshal([]byte(w.files[w.records[report.ID(report.Daily, "2026-11-20", "me")].Key(report.FormatJSON)]), &got); err != nil {
		t.Fatal(err)
	}
	if got.Hours[7].Clicks != 40 || !got.Complete {
		t.Errorf("hour 7 has %d clicks, complete %t", got.Hours[7].Clicks, got.Complete)
	}
	want := []report.Link{
		{ID: "l.m0", Code: "m0", ShortURL: "https://minim.example/m0", URL: "https://example.com/m0", Title: "First", Clicks: 10},
		{ID: "l.m1", Code: "m1", ShortURL: "https://minim.example/m1", Clicks: 9}, // not where another link with the code leads
		{ID: "l.m2", Code: "summer", ShortURL: "https://minim.example/summer", URL: "https://example.com/m2", Clicks: 8},
	}
	if diff := cmp.Diff(want, got.Links[:3]); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	for _, format := range []string{report.FormatHTML, report.FormatCSV} {
		if file := w.files[w.records[got.ID].Key(format)]; !strings.Contains(file, "https://example.com/m0") {
			t.Errorf("%s: %s", format, file)
		}
	}
}

// However short an invocation is, and although each event comes twice, the
// reports are the same in the end.
func TestSlices(t *testing.T) {
	for _, left := range []time.Duration{time.Nanosecond, 3 * time.Second, 8 * time.Second, time.Hour} {
		t.Run(left.String(), func(t *testing.T) {
			w := newWorld()
			h := w.handler(t)
			w.started = []event{{ScheduledAt: time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)}}
			slices := 0
			for ; len(w.started) > 0; slices++ {
				next := w.started[0]
				w.started = w.started[1:]
				waiting := len(w.started)
				if slices > 50 {
					t.Fatal("the run never ends")
				}
				for range 2 {
					if _, err := h.Handle(w.context(t, left), next); err != nil {
						t.Fatal(err)
					}
				}
				w.started = w.started[:min(len(w.started), waiting+1)] // the duplicate started the same
			}
			if diff := cmp.Diff(whole, w.totals()); diff != "" {
				t.Errorf("after %d slices (-want +got):\n%s", slices, diff)
			}
			if (slices == 1) != (left == time.Hour) {
				t.Errorf("%d slices", slices)
			}
		})
	}
}

func TestFailuresAreReported(t *testing.T) {
	for _, call := range []string{"owners", "day", "links", "put reports", "put partial", "record", "start"} {
		t.Run(call, func(t *testing.T) {
			w := newWorld()
			w.fail = call
			left := time.Hour
			if call == "start" || call == "put partial" {
				left = time.Second
			}
			_, err := w.handler(t).Handle(w.context(t, left), event{Period: report.Daily, Date: "2026-11-20"})
			if !errors.Is(err, errDown) {
				t.Fatalf("got %v, want the cause", err)
			}
			// Lambda tries again, and all is well.
			w.fail, w.started = "", nil
			if _, err := w.handler(t).Handle(w.context(t, time.Hour), event{Period: report.Daily, Date: "2026-11-20"}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(whole, w.totals()); diff != "" {
				t.Errorf("after the second try (-want +got):\n%s", diff)
			}
		})
	}
}
