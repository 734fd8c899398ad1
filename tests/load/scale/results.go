//go:build scale

package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// section is a table of docs/scale.md.
type section struct {
	title, text string
	seconds     int
}

func simulate(s settings, p prices) []section {
	clock := &clock{now: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)}
	s1, s2 := star(s), many(s)
	list := []section{
		{fmt.Sprintf("one link, %s requests a second for %s", thousands(s.rate), s.lasts), visited(s1[:2]), secondsOf(s1)},
		{"its clicks", counted(s1), 0},
		{"what cache, batches and shards take off", takenOff(s1[1].visits, s1[2], s1[3], s1[4], s.lasts), 0},
		{fmt.Sprintf("%s links, %s requests a second for %s", thousands(int(s.links)), thousands(s.linksRate), s.lasts), visited(s2[:1]), secondsOf(s2)},
		{"their clicks", counted(s2), 0},
	}
	text, seconds := images(clock, s)
	return append(list,
		section{thousands(s.uploads) + " uploads a day", text, seconds},
		section{"what it costs, by the prices of " + p.Date, cost(p, s, s1[2], s2[1]), 0})
}

func virtual(list []section) (seconds int) {
	for _, one := range list {
		seconds += one.seconds
	}
	return seconds
}

func secondsOf(list []outcome) (seconds int) {
	for _, one := range list {
		seconds += int(one.took.Seconds())
	}
	return seconds
}

func lines(header string, rows [][]string) string {
	var text strings.Builder
	names := strings.Split(header, "|")
	fmt.Fprintf(&text, "| %s |\n|%s\n", strings.Join(names, " | "), strings.Repeat(" --- |", len(names)))
	for _, row := range rows {
		fmt.Fprintf(&text, "| %s |\n", strings.Join(row, " | "))
	}
	return text.String()
}

func visited(list []outcome) string {
	var rows [][]string
	for _, o := range list {
		v := o.visits
		rows = append(rows, []string{
			o.name, thousands(v.requests), share(v.served, v.requests), share(v.stageNo, v.requests), share(v.apiNo, v.requests), share(v.lambdaNo, v.requests),
			thousands(v.environments), share(v.hits, v.served), thousands(v.table.most), thousands(v.table.hottest),
		})
	}
	return lines("case|requests|answered|refused by the stage|by the API's quota|by Lambda's|environments|cache hits|table reads a second, at most|of the hottest item", rows)
}

func counted(list []outcome) string {
	var rows [][]string
	for _, o := range list {
		q, t, seconds := o.counts, o.tables, max(o.took.Seconds(), 1)
		hottest := 0
		for _, n := range t.perShard {
			hottest = max(hottest, n)
		}
		drained := "-"
		if q.open() == 0 {
			drained = o.took.Round(time.Second).String()
		}
		rows = append(rows, []string{
			o.name, thousands(q.sent), thousands(int(float64(q.counted) / seconds)), drained, curve(q.waiting), thousands(q.dead),
			thousands(int(float64(t.done) / seconds)), fmt.Sprintf("%.1f", float64(q.counted)/float64(max(t.done, 1))), fmt.Sprintf("%.0f", float64(hottest)/seconds),
			thousands(t.conflicts), thousands(t.refused),
		})
	}
	return lines("case|clicks|counted a second|all counted after|waiting on the way|dead letters|transactions a second|clicks in each|at the hottest item|conflicts|no capacity", rows)
}

// takenOff compares the same visits and clicks with and without.
func takenOff(v *visits, with, noBatches, noShards outcome, lasts time.Duration) string {
	a := func(n int, took time.Duration) string { return thousands(int(float64(n) / max(took.Seconds(), 1))) }
	return lines("what|without|with|by", [][]string{
		{"reads of the links table a second", a(v.served, lasts), a(v.table.all, lasts), "the cache of an environment, five seconds"},
		{"invocations of click-count", thousands(noBatches.counts.batches), thousands(with.counts.batches), "batches of 256"},
		{"transactions", thousands(noBatches.tables.done), thousands(with.tables.done), "groups of 64"},
		{"write units a click", fmt.Sprintf("%.1f", noBatches.tables.units/float64(noBatches.counts.counted)), fmt.Sprintf("%.1f", with.tables.units/float64(with.counts.counted)), "groups of 64"},
		{"clicks counted a second", a(noBatches.counts.counted, noBatches.took), a(with.counts.counted, with.took), "batches and groups"},
		{"", a(noShards.counts.counted, noShards.took), a(with.counts.counted, with.took), "shards of the counters"},
	})
}

// curve is what waited at five moments, evenly.
func curve(waiting []int) string {
	var points []string
	for i := range 5 {
		if len(waiting) > 0 {
			points = append(points, short(waiting[i*(len(waiting)-1)/4]))
		}
	}
	return strings.Join(points, ", ")
}

func short(n int) string {
	switch {
	case n >= 1_000_000:
		return fmt.Sprintf("%.1fM", float64(n)/1e6)
	case n >= 1000:
		return fmt.Sprintf("%dk", n/1000)
	}
	return fmt.Sprint(n)
}

func images(c *clock, s settings) (string, int) {
	var rows [][]string
	seconds := 0
	for _, environments := range []int{max(1, s.resizers/4), s.resizers / 2, s.resizers} {
		p := uploads(c, s.uploads, environments, s.img)
		seconds += 86400
		rows = append(rows, []string{fmt.Sprint(environments), thousands(p.uploads), thousands(p.done), fmt.Sprintf("%.1f", float64(p.hour)/3600), fmt.Sprintf("%.0f %%", 100*p.busy), thousands(p.most), p.slowest.Round(time.Second).String()})
	}
	return lines("environments of image-resize|uploads|done|a second in the busiest hour|busy|waited, at most|longest wait", rows), seconds
}

func share(part, all int) string {
	if part == 0 || all == 0 {
		return "0"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(all))
}

func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// publish writes each section between its marks in a page.
func publish(file string, list []section) error {
	page, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	text := string(page)
	for i, one := range list {
		begin, end := fmt.Sprintf("<!-- table %d -->\n", i+1), fmt.Sprintf("<!-- end of table %d -->\n", i+1)
		before, rest, found := strings.Cut(text, begin)
		_, after, closed := strings.Cut(rest, end)
		if !found || !closed {
			return fmt.Errorf("%s: there is no %q … %q", file, strings.TrimSpace(begin), strings.TrimSpace(end))
		}
		text = before + begin + "\n**" + strings.ToUpper(one.title[:1]) + one.title[1:] + "**\n\n" + one.text + "\n" + end + after
	}
	return os.WriteFile(file, []byte(text), 0o644)
}
