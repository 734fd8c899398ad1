package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// The chart: two panels with the same time axis, in pixels.
const (
	chartWidth  = 920
	panelHeight = 190
	panelLeft   = 66
	panelWidth  = chartWidth - panelLeft - 20
	upperTop    = 50
	lowerTop    = upperTop + panelHeight + 60
	chartHeight = lowerTop + panelHeight + 50
)

// mostDots is how many warm requests are drawn; of more, every n-th.
const mostDots = 1500

// drawing is an SVG that grows.
type drawing struct {
	strings.Builder
	end time.Duration // of the time axis
}

// x is where a moment is.
func (d *drawing) x(at time.Duration) float64 {
	return panelLeft + panelWidth*float64(at)/float64(d.end)
}

// logY is where a latency is in the lower panel, from 0.1 ms to 10 s.
func logY(took time.Duration) float64 {
	const least, most = -1, 4
	share := (math.Log10(max(float64(took)/float64(time.Millisecond), .1)) - least) / (most - least)
	return lowerTop + panelHeight*(1-min(share, 1))
}

func (d *drawing) text(x, y float64, anchor, text string) {
	fmt.Fprintf(d, `<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`+"\n", x, y, anchor, text)
}

func (d *drawing) line(points []string, style string) {
	fmt.Fprintf(d, `<polyline fill="none" %s points="%s"/>`+"\n", style, strings.Join(points, " "))
}

// chart draws users and environments above, latencies below.
func chart(s settings, results []result) string {
	d := &drawing{end: s.duration}
	for _, r := range results {
		d.end = max(d.end, r.counts[len(r.counts)-1].at)
	}
	fmt.Fprintf(d, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="system-ui, sans-serif" font-size="12" fill="#1b2426" role="img" aria-label="Users, environments and latencies over time">
<rect width="100%%" height="100%%" fill="#fff"/>
<text x="%d" y="24" font-size="15" font-weight="600">%d users: environments scale out and back</text>
`, chartWidth, chartHeight, chartWidth, chartHeight, panelLeft, s.users)
	d.seconds(upperTop)
	d.seconds(lowerTop)
	d.environments(s, results[0])
	d.latencies(results)
	d.WriteString("</svg>\n")
	return d.String()
}

// seconds draws the frame and the time axis of a panel.
func (d *drawing) seconds(top float64) {
	fmt.Fprintf(d, `<rect x="%d" y="%.0f" width="%d" height="%d" fill="none" stroke="#d5d9d8"/>`+"\n", panelLeft, top, panelWidth, panelHeight)
	step := 5 * time.Second
	if d.end < 10*time.Second {
		step = time.Second
	}
	for at := time.Duration(0); at <= d.end; at += step {
		d.text(d.x(at), top+panelHeight+16, "middle", fmt.Sprintf("%.0f s", at.Seconds()))
	}
}

func (d *drawing) environments(s settings, r result) {
	most := s.users
	for _, c := range r.counts {
		most = max(most, c.environments)
	}
	y := func(n float64) float64 { return upperTop + panelHeight*(1-n/float64(most)/1.1) }
	for _, n := range []int{0, (most + 1) / 2, most} {
		d.text(panelLeft-8, y(float64(n))+4, "end", fmt.Sprint(n))
	}
	var users, environments []string
	for _, c := range r.counts {
		n := 0
		for user := range s.users {
			if from, to := stay(user, s.users, s.duration); c.at >= from && c.at < to {
				n++
			}
		}
		users = append(users, fmt.Sprintf("%.1f,%.1f", d.x(c.at), y(float64(n))))
		environments = append(environments, fmt.Sprintf("%.1f,%.1f", d.x(c.at), y(float64(c.environments))))
	}
	d.line(environments, `stroke="#1f5c57" stroke-width="2.5"`)
	d.line(users, `stroke="#8a6d00" stroke-width="1.5" stroke-dasharray="5 4"`)
	d.legend(upperTop-8, [][2]string{{"#1f5c57", "environments"}, {"#8a6d00", "users (dashed)"}})
}

// latencies draws each cold request, many of the warm ones, and the median of
// each second of both targets.
func (d *drawing) latencies(results []result) {
	for _, ms := range []int{1, 10, 100, 1000} {
		at := logY(time.Duration(ms) * time.Millisecond)
		fmt.Fprintf(d, `<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#eceeed"/>`+"\n", panelLeft, panelLeft+panelWidth, at, at)
		d.text(panelLeft-8, at+4, "end", fmt.Sprintf("%d ms", ms))
	}
	every := max(1, len(results[0].samples)/mostDots)
	for i, one := range results[0].samples {
		switch {
		case one.err != nil:
		case one.cold > 0:
			fmt.Fprintf(d, `<circle cx="%.1f" cy="%.1f" r="3" fill="#b3261e"/>`+"\n", d.x(one.at), logY(one.took))
		case i%every == 0:
			fmt.Fprintf(d, `<circle cx="%.1f" cy="%.1f" r="1.2" fill="#1f5c57" fill-opacity=".35"/>`+"\n", d.x(one.at), logY(one.took))
		}
	}
	for i, colour := range []string{"#0d2f2c", "#3b5bdb"} {
		if i < len(results) {
			d.line(d.medians(results[i]), `stroke="`+colour+`" stroke-width="2"`)
		}
	}
	d.legend(lowerTop-8, [][2]string{{"#b3261e", "cold request"}, {"#1f5c57", "warm request"}, {"#0d2f2c", "median on Lambda"}, {"#3b5bdb", "median behind net/http"}})
}

// medians are of each half second.
func (d *drawing) medians(r result) (points []string) {
	const part = time.Second / 2
	parts := map[time.Duration][]time.Duration{}
	for _, one := range r.samples {
		if one.err == nil {
			parts[one.at/part] = append(parts[one.at/part], one.took)
		}
	}
	for at := time.Duration(0); at*part < d.end; at++ {
		if took := parts[at]; len(took) > 0 {
			slices.Sort(took)
			points = append(points, fmt.Sprintf("%.1f,%.1f", d.x(at*part+part/2), logY(quantile(took, .5))))
		}
	}
	return points
}

func (d *drawing) legend(y float64, entries [][2]string) {
	x := float64(panelLeft)
	for _, e := range entries {
		fmt.Fprintf(d, `<circle cx="%.1f" cy="%.1f" r="4" fill="%s"/>`+"\n", x+4, y-4, e[0])
		d.text(x+13, y, "start", e[1])
		x += 30 + 7*float64(len(e[1]))
	}
}
