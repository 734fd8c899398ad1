package click_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/minim-dev/minim/shared/click"
)

// clicksOf are clicks of visitors with a salt, each twice.
func clicksOf(salt string, from, to int) (clicks []click.Click) {
	for n := from; n < to; n++ {
		c := click.Click{ID: fmt.Sprint(n), Link: "l", At: noon, Visitor: click.VisitorID([]byte(salt), fmt.Sprint("203.0.113.", n), "Firefox")}
		clicks = append(clicks, c, c)
	}
	return clicks
}

func visitorsOf(clicks []click.Click) click.Visitors {
	_, quarter := click.Sum(clicks)
	return quarter.Visitors
}

// TestVisitors checks the error that docs/openapi.yaml states: 1.6 % is the standard error, so an
// estimate that is wrong by more than three times that would be one in 370.
func TestVisitors(t *testing.T) {
	for _, n := range []int{1, 10, 100, 1000, 2000, 10_000, 30_000} {
		got, err := click.Distinct(visitorsOf(clicksOf("salt", 0, n)))
		wrong := math.Abs(float64(got)-float64(n)) / float64(n)
		if err != nil || wrong > 0.048 || n <= 1000 && got != int64(n) {
			t.Errorf("%d visitors count as %d, %v", n, got, err)
		}
	}
}

func TestVisitorsMerge(t *testing.T) {
	first, second, all := visitorsOf(clicksOf("a", 0, 3000)), visitorsOf(clicksOf("a", 2000, 5000)), visitorsOf(clicksOf("a", 0, 5000))
	merged, err := first.Merge(second)
	if err != nil || !bytes.Equal(merged, all) {
		t.Errorf("the union of two sets is not the set of all, %v", err)
	}
	again, err := merged.Merge(first)
	if err != nil || !bytes.Equal(again, merged) {
		t.Errorf("visitors that come again change the set, %v", err)
	}
	reverse, err := second.Merge(first)
	if err != nil || !bytes.Equal(reverse, merged) {
		t.Errorf("the order matters, %v", err)
	}
	if small, err := visitorsOf(clicksOf("a", 0, 3)).Merge(visitorsOf(clicksOf("a", 3, 5))); err != nil || !bytes.Equal(small, visitorsOf(clicksOf("a", 0, 5))) {
		t.Errorf("small sets: %v", err)
	}
	if none, err := click.Visitors(nil).Merge(nil); none != nil || err != nil {
		t.Errorf("%x, %v", none, err)
	}
	if n, err := click.Distinct(nil, visitorsOf(clicksOf("a", 0, 10)), visitorsOf(clicksOf("b", 0, 10))); n != 20 || err != nil {
		t.Errorf("with the salts of two days ten visitors count as %d, %v", n, err)
	}
	if _, err := click.Distinct(click.Visitors("broken")); err == nil {
		t.Error("no error for what is no sketch")
	}
	if n := len(visitorsOf(clicksOf("a", 0, 20_000))); n > 5000 {
		t.Errorf("a sketch has %d bytes", n)
	}
}

func TestDestinationName(t *testing.T) {
	long := "https://example.com/" + strings.Repeat("ä", 80)
	for _, url := range []string{"https://example.com/", "https://example.com/?q=%20", "https://example.com/" + strings.Repeat("a", 60)} {
		if got := click.DestinationName(url); got != url {
			t.Errorf("%q counts as %q", url, got)
		}
	}
	names := map[string]bool{}
	for _, url := range []string{long, long + "1", long + "2", "https://example.com/" + strings.Repeat("a", 61), "https://example.com/\u200b"} {
		name := click.DestinationName(url)
		if len(name) > 80 || names[name] || !strings.HasPrefix(name, "https://example.com/") || !strings.Contains(name, "…") {
			t.Errorf("%q counts as %q", url, name)
		}
		names[name] = true
	}
}
