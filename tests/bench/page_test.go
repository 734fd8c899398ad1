package main

import (
	"strings"
	"testing"
)

// A page reports which goals were reached, and whether the machine was quiet.
func TestPage(t *testing.T) {
	one := photos("")[0]
	r := results{sample: one, of: map[way]measurement{}, psnr: map[string][]float64{best: {52, 53, 44}}}
	for _, w := range ways(one) {
		r.add(w, measurement{Ms: 100, CPU: 90, RSS: 20, Bytes: 1000})
		r.add(w, measurement{Ms: 120, CPU: 95, RSS: 30, Bytes: 1000})
	}
	r.add(way{ours, false}, measurement{Ms: 50, CPU: 45, RSS: 10, Bytes: 1000})
	got := page([]results{r}, 3, idleWait{all: 7, busy: 2})
	for _, line := range []string{
		"| 12 megapixels, JPEG | time of sharp, 1 core | at most 0.90 | 0.50 | reached |",
		"| 12 megapixels, JPEG | time of sharp with `Promise.all`, 2 cores | at most 0.90 | 1.00 | **missed** |",
		"| 12 megapixels, JPEG | peak, MiB | at most 48.00 | 30.00 | reached |",
		"| 12 megapixels, JPEG | luma of resizing alone, dB | at least 45.00 | 44.00 | **missed** |",
		"| minim | 50 | 1.00 × | 45 | 1.00 × | 100 | 1.00 × | 30 | 1000 |",
		"**2 of 7 processes began while others used the machine**",
	} {
		if !strings.Contains(got, line) {
			t.Errorf("%q is missing from\n%s", line, got)
		}
	}
}
