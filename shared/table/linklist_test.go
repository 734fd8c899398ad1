package table_test

import (
	"crypto/rand"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/sync/errgroup"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
)

func linkList(db *dynamodb.Client) *table.LinkList {
	return table.NewLinkList(db, "minim-local-links", "minim-local-link-index", "minim-local-stats")
}

// query parses "q=a b&tag=c".
func query(t *testing.T, text string) link.Query {
	t.Helper()
	values := map[string][]string{}
	for pair := range strings.SplitSeq(text, "&") {
		if name, value, ok := strings.Cut(pair, "="); ok {
			values[name] = append(values[name], value)
		}
	}
	q, err := link.ParseQuery(func(name string) []string { return values[name] })
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// titles reads all pages and returns the titles of the links, and how many pages there are.
func titles(t *testing.T, list *table.LinkList, owner string, q link.Query, limit int) (found []string, pages int) {
	t.Helper()
	for after := ""; ; pages++ {
		page, next, err := list.Page(t.Context(), owner, q, after, limit, morning)
		if err != nil || len(page) > limit {
			t.Fatalf("%d links, %v", len(page), err)
		}
		for _, one := range page {
			found = append(found, one.Link.Title)
		}
		if after = next; next == "" {
			return found, pages + 1
		}
	}
}

// TestSearchAfterRefusedRename: what a refused write leaves in the index disturbs no search.
func TestSearchAfterRefusedRename(t *testing.T) {
	_, maker := links(t)
	edits, _ := editor(t)
	list := linkList(table.Client(envtest.AWS(t, "DYNAMODB")))
	owner := rand.Text()
	var two [2]link.Link
	for n := range two {
		two[n] = newLink(morning.Add(time.Duration(n) * time.Minute))
		two[n].Owner, two[n].Title, two[n].URL = owner, string(rune('A'+n)), "https://shop.example/"
		if err := maker.Make(t.Context(), two[n], table.IdempotencyRecord{}); err != nil {
			t.Fatal(err)
		}
	}
	after := two[1]
	after.Code = two[0].Code
	if _, err := edits.Edit(t.Context(), two[1], after, owner, morning); !fault.Is(err, fault.Conflict) {
		t.Fatal(err)
	}
	for _, asked := range []string{"host=shop.example", "q=shop", "q=shop&host=shop.example"} {
		if got, _ := titles(t, list, owner, query(t, asked), 10); strings.Join(got, " ") != "B A" {
			t.Errorf("%s: %q", asked, got)
		}
	}
}

func TestLinkList(t *testing.T) {
	_, maker := links(t)
	edits, _ := editor(t)
	counters, _, db := clicks(t)
	owner := rand.Text()
	made := func(n int) time.Time { return morning.AddDate(0, 0, n-10) }
	day := func(n int) string { return made(n).Format(time.DateOnly) }
	for n, one := range []link.Link{
		{Title: "A", URL: "https://example.com/spring-menu", Tags: []string{"print", "menu"}},
		{Title: "B", URL: "https://example.com/caf%C3%A9", Tags: []string{"print"}, Note: "spring,\nthe Cafe"},
		{Title: "C", URL: "https://shop.example:8443/x", Tags: []string{"menu"}, ExpiresAt: morning},
		{Title: "D", URL: "https://shop.example/springtime", Disabled: true},
		{Title: "E 咖啡", URL: "https://example.org/"},
		{Title: "F", URL: "https://example.org/spring"},
	} {
		at := made(n)
		one.ID, one.Code, one.Owner, one.Redirect, one.Version, one.CreatedAt, one.UpdatedAt = link.NewID(at), rand.Text(), owner, 302, 1, at, at
		if err := maker.Make(t.Context(), one, table.IdempotencyRecord{}); err != nil {
			t.Fatal(err)
		}
		if one.Title == "F" {
			if _, err := edits.Delete(t.Context(), one, owner, morning); err != nil {
				t.Fatal(err)
			}
		}
		if one.Title < "C" {
			visit := newClick(one.ID, morning)
			if _, err := counters.Count(t.Context(), []click.Click{visit}); err != nil {
				t.Fatal(err)
			}
		}
	}
	list := linkList(db)
	for _, test := range []struct{ query, want string }{
		{"", "E 咖啡 D C B A"},
		{"q=spring", "D B A"},
		{"q=SPR", "D B A"},
		{"q=sp", "D B A"}, // too short for the index
		{"q=springt", "D"},
		{"q=spring menu", "A"},
		{"q=café", "B"},
		{"q=咖", "E 咖啡"},
		{"q=啡咖", "E 咖啡"},
		{"q=pring", ""},
		{"tag=print", "B A"},
		{"tag=print&tag=menu", "A"},
		{"anyTag=menu&anyTag=print", "C B A"},
		{"notTag=print", "E 咖啡 D C"},
		{"host=SHOP.example", "D C"},
		{"host=example.com&q=menu", "A"},
		{"status=expired", "C"},
		{"status=disabled", "D"},
		{"status=active", "E 咖啡 B A"},
		{"status=deleted", "F"},
		{"status=deleted&q=nothing", ""},
		{"clicked=never", "E 咖啡 D C"},
		{"from=" + day(1) + "&to=" + day(2), "C B"},
		{"q=spring&from=" + day(1) + "T03:00:00.005Z", "D B"},
		{"q=spring&to=" + day(1), "B A"},
	} {
		for _, limit := range []int{1, 2, 100} {
			got, _ := titles(t, list, owner, query(t, test.query), limit)
			if joined := strings.Join(got, " "); joined != test.want {
				t.Errorf("%s by %d: %q, want %q", test.query, limit, joined, test.want)
			}
		}
	}
	if got, _ := titles(t, list, "another "+owner, query(t, "q=spring"), 10); len(got) != 0 {
		t.Errorf("another owner sees %q", got)
	}
	page, _, err := list.Page(t.Context(), owner, query(t, "tag=menu&tag=print"), "", 10, morning)
	if err != nil || len(page) != 1 || page[0].Clicks != 1 {
		t.Errorf("%+v, %v", page, err)
	}
}

// TestSortedLinks sorts by clicks and by last click, those without clicks last.
func TestSortedLinks(t *testing.T) {
	_, maker := links(t)
	edits, _ := editor(t)
	counters, _, db := clicks(t)
	ranks := table.NewLinkRanks(db, "minim-local-link-index", "minim-local-stats")
	owner := rand.Text()
	var all []link.Link
	for n, clicks := range []int{2, 0, 9, 4, 0} {
		l := storedLink(t, maker, func(l *link.Link) {
			l.Owner, l.Title, l.CreatedAt = owner, string(rune('A'+n)), morning.Add(time.Duration(n)*time.Second)
		})
		all = append(all, l)
		for c := range clicks {
			visit := newClick(l.ID, morning.Add(time.Duration(10*n+c)*time.Minute))
			visit.Owner, visit.Code = owner, l.Code
			milestone, err := counters.Count(t.Context(), []click.Click{visit})
			if want := c == 0 || c == 1 || c == 3 || c == 7; err != nil || milestone != want {
				t.Fatalf("click %d: milestone %t, %v", c+1, milestone, err)
			}
			if milestone {
				err = ranks.Refresh(t.Context(), visit)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	stale := newClick(all[2].ID, morning)
	stale.Owner = owner
	if err := ranks.Refresh(t.Context(), stale); err != nil { // by a click that was counted late
		t.Fatal(err)
	}
	for _, l := range []link.Link{all[1], all[3]} { // without clicks, and with some
		renamed := l
		renamed.Code = rand.Text()
		if _, err := edits.Edit(t.Context(), l, renamed, owner, morning); err != nil {
			t.Fatal(err)
		}
	}
	queued := newClick(all[3].ID, morning.Add(time.Hour)) // before the edit
	queued.Owner, queued.Code = owner, all[3].Code
	if err := ranks.Refresh(t.Context(), queued); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"sort=clicks": "C D A E B", "sort=lastClick": "D C A E B", "sort=clicks&clicked=never": "E B"} {
		for _, limit := range []int{1, 2, 100} {
			if got, _ := titles(t, linkList(db), owner, query(t, text), limit); strings.Join(got, " ") != want {
				t.Errorf("%s by %d: %q, want %q", text, limit, got, want)
			}
		}
	}
}

// The index follows an edit: words that are gone find nothing, new ones do.
func TestLinkListAfterEdits(t *testing.T) {
	_, maker := links(t)
	edits, _ := editor(t)
	_, _, db := clicks(t)
	owner := rand.Text()
	l := storedLink(t, maker, func(l *link.Link) { l.Owner, l.Title, l.Tags = owner, "before", []string{"old"} })
	after := l
	after.Title, after.Tags, after.Code, after.Aliases = "afterwards", []string{"new"}, "c"+rand.Text(), []string{l.Code}
	if _, err := edits.Edit(t.Context(), l, after, owner, morning); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]string{
		"q=before": nil, "q=afterwards": {"afterwards"}, "tag=old": nil, "tag=new": {"afterwards"}, "host=example.com": {"afterwards"},
		"q=" + l.Code: {"afterwards"}, "q=" + after.Code: {"afterwards"},
	} {
		if got, _ := titles(t, linkList(db), owner, query(t, text), 10); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

var manyLinks = flag.Int("links", 1050, "links of TestLinkListIsBounded; the bounds are the same for 100000")

// TestLinkListIsBounded reads pages of an owner with many links: each takes a bounded number
// of requests, whatever is searched.
func TestLinkListIsBounded(t *testing.T) {
	many, rare := *manyLinks, (*manyLinks+992)/1000
	whole := (many + 999) / 1000 // pages of all links
	_, maker := links(t)
	owner := rand.Text()
	var group errgroup.Group
	group.SetLimit(4)
	for n := range many {
		group.Go(func() error {
			at := morning.Add(time.Duration(n) * time.Second)
			code := "c" + rand.Text() // begins like no word that is searched below
			l := link.Link{ID: link.NewID(at), Code: code, URL: "https://example.com/" + fmt.Sprint("page", n), Owner: owner, Redirect: 302, Version: 1, CreatedAt: at, UpdatedAt: at}
			l.Title = fmt.Sprintf("title %d", n)
			if n%1000 == 7 {
				l.Title, l.Tags = "rare "+l.Title, []string{"rare"}
			}
			err := maker.Make(t.Context(), l, table.IdempotencyRecord{})
			for try := 0; err != nil && !fault.Is(err, fault.Conflict) && try < 5; try++ { // the emulator is slow at times
				err = maker.Make(t.Context(), l, table.IdempotencyRecord{})
			}
			if fault.Is(err, fault.Conflict) { // an attempt whose answer was late
				err = nil
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	db, calls := counting(t)
	for _, test := range []struct {
		query string
		most  int // requests of a page
		pages int
		found int
	}{
		{"", 2, (many + 99) / 100, many},
		{"q=rare", 3, 1, rare},
		{"tag=rare", 3, 1, rare},
		{"q=title&tag=rare", 21, whole, rare}, // by the longer word, of which the index has every link
		{"q=ra", 11, whole, rare},             // too short for the index: 1,000 links a page
		{"status=expired", 11, whole, 0},
	} {
		q, pages, found := query(t, test.query), 0, 0
		for after, more := "", true; more; pages++ {
			before := calls()
			page, next, err := linkList(db).Page(t.Context(), owner, q, after, 100, morning.Add(24*time.Hour))
			if err != nil || calls()-before > test.most {
				t.Fatalf("%s: page %d took %d requests, at most %d: %v", test.query, pages, calls()-before, test.most, err)
			}
			found, after, more = found+len(page), next, next != ""
		}
		if found != test.found || pages < test.pages || pages > test.pages+1 { // DynamoDB may not know that a page is the last
			t.Errorf("%s: %d links on %d pages, want %d on %d", test.query, found, pages, test.found, test.pages)
		}
	}
}
