package html

import (
	"testing"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/report"
)

func TestChange(t *testing.T) {
	tests := []struct {
		now, before int64
		sofar       bool
		want        string
		direction   string
	}{
		{112, 100, false, "12% more than the day before, which had 100.", "up"},
		{88, 100, false, "12% fewer than the day before, which had 100.", "down"},
		{0, 100, false, "100% fewer than the day before, which had 100.", "down"},
		{10001, 10000, false, "Less than 1% more than the day before, which had 10,000.", "up"},
		{5000, 1, false, "499,900% more than the day before, which had 1.", "up"},
		{100, 100, false, "As many as the day before.", "level"},
		{100, 0, false, "There were none the day before.", "up"},
		{0, 0, false, "There were none the day before either.", "level"},
		{10, 1234, true, "The whole day before had 1,234.", "level"},
	}
	for _, test := range tests {
		r := report.Report{Complete: !test.sofar, Totals: report.Totals{Clicks: test.now, Before: test.before}}
		if got, direction := change(r); got != test.want || direction != test.direction {
			t.Errorf("%d after %d: %s %q, want %s %q", test.now, test.before, direction, got, test.direction, test.want)
		}
	}
}

func TestCeiling(t *testing.T) {
	for n, want := range map[int64]int64{1: 1, 2: 2, 3: 3, 7: 8, 9: 10, 10: 10, 11: 12, 13: 15, 101: 120, 203: 250, 999: 1000, 8001: 10000} {
		if got := ceiling(n); got != want {
			t.Errorf("ceiling(%d) = %d, want %d", n, got, want)
		}
	}
}

func TestName(t *testing.T) {
	tests := []struct{ dimension, raw, want string }{
		{click.Country, "DE", "Germany"},
		{click.Country, "CI", "Côte d’Ivoire"},
		{click.Country, "QQ", "QQ"},
		{click.Country, "unknown", "Unknown"},
		{click.Country, "", ""},
		{click.Referrer, "direct", "Direct"},
		{click.Referrer, "news.example", "news.example"},
		{click.Device, "mobile", "Mobile"},
		{click.Device, "", ""},
		{click.City, "other", "All others"},
	}
	for _, test := range tests {
		if got := name(test.dimension, test.raw); got != test.want {
			t.Errorf("name(%s, %q) = %q, want %q", test.dimension, test.raw, got, test.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := number(n); got != want {
			t.Errorf("number(%d) = %s, want %s", n, got, want)
		}
	}
}
