package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// row is a line of the table: the requests of a target, or some of them.
type row struct {
	name    string
	took    []time.Duration // sorted
	perS    float64         // while all users are there; 0 for a part of the requests
	errors  int
	most    int   // environments
	bytes   int64 // of them, at most
	started []time.Duration
}

// rows sums up a result: all requests, and for Lambda cold and warm ones apart.
func rows(s settings, r result) []row {
	all := row{name: r.name}
	cold, warm := row{name: "  cold"}, row{name: "  warm"}
	full := 0
	for _, one := range r.samples {
		if one.err != nil {
			all.errors++
			continue
		}
		if one.at >= s.duration/3 && one.at < 2*s.duration/3 {
			full++
		}
		all.took = append(all.took, one.took)
		if one.cold > 0 {
			cold.took, cold.started = append(cold.took, one.took), append(cold.started, one.cold)
		} else {
			warm.took = append(warm.took, one.took)
		}
	}
	all.perS = float64(full) / (s.duration / 3).Seconds()
	for _, c := range r.counts {
		all.most, all.bytes = max(all.most, c.environments), max(all.bytes, c.bytes)
	}
	list := []row{all}
	if len(cold.took) > 0 {
		list = append(list, cold, warm)
	}
	for i := range list {
		slices.Sort(list[i].took)
	}
	return list
}

// quantile is of sorted durations, by the nearest rank.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.2f", float64(d)/float64(time.Millisecond))
}

var header = [...]string{"", "requests", "failed", "a second", "median, ms", "90 %", "99 %", "most", "processes", "memory, MiB"}

// cells are the columns of header.
func (r row) cells() []string {
	cells := []string{r.name, fmt.Sprint(len(r.took)), "", "",
		milliseconds(quantile(r.took, .5)), milliseconds(quantile(r.took, .9)), milliseconds(quantile(r.took, .99)), milliseconds(quantile(r.took, 1)), "", ""}
	if r.most > 0 {
		cells[2], cells[3] = fmt.Sprint(r.errors), fmt.Sprintf("%.0f", r.perS)
		cells[8], cells[9] = fmt.Sprint(r.most), fmt.Sprintf("%.0f", float64(r.bytes)/(1<<20))
	}
	return cells
}

// report is the table for a terminal.
func report(s settings, results []result) string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, strings.Join(header[:], "\t")+"\t")
	for _, r := range results {
		for _, line := range rows(s, r) {
			fmt.Fprintln(w, strings.Join(line.cells(), "\t")+"\t")
		}
	}
	_ = w.Flush()
	fmt.Fprintf(&text, "\n%s\n", story(s, results))
	return text.String()
}

// story reports what became of the environments.
func story(s settings, results []result) string {
	for _, r := range results {
		list := rows(s, r)
		if len(list) < 2 {
			continue
		}
		starts := slices.Clone(list[1].started)
		slices.Sort(starts)
		gone := "were still there when the experiment ended"
		if last := r.counts[len(r.counts)-1]; last.environments == 0 {
			i := slices.IndexFunc(r.counts, func(c count) bool { return c.at > s.duration && c.environments == 0 })
			gone = fmt.Sprintf("were all gone %.1f s after the last user", (r.counts[i].at - s.duration).Seconds())
		}
		return fmt.Sprintf("%d environments at most, %d cold starts; an environment started in %s ms at the median; they %s.",
			list[0].most, len(starts), milliseconds(quantile(starts, .5)), gone)
	}
	return ""
}

// publish writes the chart, and replaces the section of as many users in load.md.
func publish(s settings, results []result) error {
	name := fmt.Sprintf("load-%d.svg", s.users)
	if err := os.WriteFile(filepath.Join(s.docs, name), []byte(chart(s, results)), 0o644); err != nil {
		return err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "## %d users\n\n`make load USERS=%d`, %s, %s/%s, %d processors. %s\n\n", s.users, s.users, runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), story(s, results))
	fmt.Fprintf(&text, "|%s |\n|%s\n", strings.Join(header[:], " | "), strings.Repeat(" --- |", len(header)))
	for _, r := range results {
		for _, line := range rows(s, r) {
			fmt.Fprintf(&text, "| %s |\n", strings.Join(line.cells(), " | "))
		}
	}
	fmt.Fprintf(&text, "\n![Users, environments and latencies over time](%s)\n", name)
	file := filepath.Join(s.docs, "load.md")
	page, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	changed, err := replace(string(page), fmt.Sprintf("%d users", s.users), text.String())
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(changed), 0o644)
}

// replace puts a section in the place of the one that was there before it, between two marks.
func replace(page, section, text string) (string, error) {
	begin, end := "<!-- "+section+" -->\n", "<!-- end of "+section+" -->\n"
	before, rest, found := strings.Cut(page, begin)
	if !found {
		return strings.TrimRight(page, "\n") + "\n\n" + begin + text + end, nil
	}
	_, after, found := strings.Cut(rest, end)
	if !found {
		return "", fmt.Errorf("load.md: %q is not closed by %q", strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return before + begin + text + end + after, nil
}
