// Command cost estimates the cost of a month by service, from the measured durations of the
// functions (measured.yml) and a dated list of prices (prices.yml).
//
//	cost --redirects 10 --images 0.1 --links 0.1 --together 2
//
// Counts are millions per month. With --measure it reads the durations from a
// running local cloud and writes measured.yml instead.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
)

func main() {
	var u usage
	flag.Float64Var(&u.redirects, "redirects", 10, "followed links, in `millions` a month")
	flag.Float64Var(&u.links, "links", 0.1, "new links, in `millions` per month")
	flag.Float64Var(&u.images, "images", 0.1, "uploaded images, in `millions` per month")
	flag.Float64Var(&u.alarms, "alarms", 104, "`metrics` that the stack's alarms watch")
	flag.Float64Var(&u.busy, "busy", 3, "all visits arrive in one out of this many `hours`")
	flag.Float64Var(&u.window, "window", 1, "`seconds` in which a batch of clicks gathers, as in functions/click-count/function.yml")
	flag.Float64Var(&u.together, "together", 1, "`clicks` of one link that a transaction counts: 1 if all links are equally popular, 64 if all visits are of one link")
	flag.Float64Var(&u.day, "day", 1, "`KB` of a link's counters per day: more with many referrers and cities")
	flag.BoolVar(&u.traces, "traces", true, "include X-Ray (tracing of the stage)")
	flag.BoolVar(&u.firewall, "firewall", false, "include the firewall (waf of the stage)")
	flag.BoolVar(&u.probe, "probe", false, "include the probe (probe of the stage)")
	flag.StringVar(&u.plan, "plan", "", "the flat-rate `plan` of CloudFront: free, pro, business or premium")
	f := flood{}
	flag.Float64Var(&f.rate, "flood", 10_000, "`requests` per second of a flood")
	flag.Float64Var(&f.hours, "flood-hours", 1, "the flood's duration in `hours`")
	flag.Float64Var(&f.throttle, "throttle", 5000, "`requests` per second that the API lets through (throttle of the stage)")
	base := flag.String("measure", "", "the `address` of a local cloud")
	folder := flag.String("data", "infra/cost", "the `folder` of prices.yml, measured.yml and sizes.yml")
	flag.Parse()
	if err := run(context.Background(), u, f, *base, *folder, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "cost:", err)
		os.Exit(1)
	}
}
