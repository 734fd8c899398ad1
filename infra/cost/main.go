// Command cost tells what a month costs, by service, from how long the functions took
// when they were measured (measured.yml) and a dated list of prices (prices.yml).
//
//	cost --redirects 10 --images 0.1 --links 0.1 --together 2
//
// Counts are millions a month. With --measure it asks a running local cloud
// how long its functions took, and writes measured.yml instead.
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
	flag.Float64Var(&u.links, "links", 0.1, "made links, in `millions` a month")
	flag.Float64Var(&u.images, "images", 0.1, "uploaded pictures, in `millions` a month")
	flag.Float64Var(&u.alarms, "alarms", 90, "`metrics` that the stack's alarms look at")
	flag.Float64Var(&u.busy, "busy", 3, "visits come in one of `how many` hours")
	flag.Float64Var(&u.window, "window", 1, "`seconds` in which a batch of clicks gathers, as in functions/click-count/function.yml")
	flag.Float64Var(&u.together, "together", 1, "`clicks` of one link that a transaction counts: 1 where all links are followed alike, 90 where one is")
	flag.BoolVar(&u.traces, "traces", true, "with X-Ray")
	flag.BoolVar(&u.firewall, "firewall", false, "with the firewall")
	base := flag.String("measure", "", "the `address` of a local cloud")
	folder := flag.String("data", "infra/cost", "the `folder` of prices.yml and measured.yml")
	flag.Parse()
	if err := run(context.Background(), u, *base, *folder, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "cost:", err)
		os.Exit(1)
	}
}
