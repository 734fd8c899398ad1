// Command cost tells what a month costs, by service, from how long the functions took
// when they were measured (measured.yml) and a dated list of prices (prices.yml).
//
//	cost --redirects 10 --images 0.1 --links 0.1
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
	flag.Float64Var(&u.alarms, "alarms", 60, "`alarms` of the stack")
	base := flag.String("measure", "", "the `address` of a local cloud")
	folder := flag.String("data", "infra/cost", "the `folder` of prices.yml and measured.yml")
	flag.Parse()
	if err := run(context.Background(), u, *base, *folder, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "cost:", err)
		os.Exit(1)
	}
}
