// Command copy creates a new repository from this one: renamed, and without the features that are left out.
//
//	copy --to ../memo --name memo --module github.com/acme/memo --without images,reports
//
// infra/features.yml lists what belongs to each feature. The command reads the files that Git tracks, applies all
// changes in memory, and writes the result only if every one of them is possible.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "make copy:", err)
		os.Exit(2)
	}
}
