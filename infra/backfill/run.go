package main

import (
	"context"
	"fmt"
	"time"

	"github.com/minim-dev/minim/infra/target"
	"github.com/minim-dev/minim/shared/table"
)

// run adds the links of the tables with the prefix to the index, one slice per second.
func run(ctx context.Context, prefix string, rate int, after string) error {
	cfg, err := target.Config(ctx)
	if err != nil {
		return err
	}
	filler := table.NewLinkFiller(table.Client(cfg), prefix+"links", prefix+"link-index")
	second := time.NewTicker(time.Second)
	defer second.Stop()
	for filled := 0; ; {
		n, next, err := filler.Fill(ctx, after, rate)
		if err != nil {
			return fmt.Errorf("%w; continue with AFTER=%q", err, after)
		}
		filled += n
		if next == "" {
			fmt.Printf("%d links are in the index\n", filled)
			return nil
		}
		after = next
		fmt.Printf("%d links, up to %s\n", filled, after)
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w; continue with AFTER=%q", context.Cause(ctx), after)
		case <-second.C:
		}
	}
}
