//go:build scale

package main

import (
	"math"
	"time"
)

// images is a day of uploads: few at night, twice the mean by day. S3 invokes
// image-resize asynchronously, so what finds no environment waits in Lambda's queue.
type imgs struct {
	uploads, done int
	most          int           // that waited, at most
	slowest       time.Duration // until one was taken, at most
	hour          int           // uploads of the busiest hour
	busy          float64       // share of the environments' time
}

func uploads(c *clock, perDay, environments int, img time.Duration) imgs {
	var p imgs
	began, owed := c.now, 0.0
	var waiting []time.Time
	hours := map[int]int{}
	running := 0
	var take func()
	take = func() {
		for running < environments && len(waiting) > 0 {
			p.slowest = max(p.slowest, c.now.Sub(waiting[0]))
			waiting = waiting[1:]
			running++
			c.after(img, func() { running--; p.done++; take() })
		}
	}
	var come func()
	come = func() {
		at := c.now.Sub(began)
		owed += float64(perDay) / 86400 * (1 - math.Cos(2*math.Pi*at.Hours()/24))
		for ; owed >= 1; owed-- {
			p.uploads++
			hours[int(at.Hours())]++
			waiting = append(waiting, c.now)
		}
		take()
		p.most = max(p.most, len(waiting))
		if at < 24*time.Hour {
			c.after(time.Second, come)
		}
	}
	c.after(0, come)
	for c.next() {
	}
	for _, n := range hours {
		p.hour = max(p.hour, n)
	}
	p.busy = float64(p.done) * img.Seconds() / (86400 * float64(environments))
	return p
}
