package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"
)

func main() {
	root := flag.String("root", ".", "the repository")
	only := flag.String("only", "", "apply only mutations of files whose path contains this text")
	limit := flag.Duration("limit", 3*time.Minute, "how long a package's tests may take; a mutant that takes longer counts as killed")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var chosen []mutation
	for _, m := range all() {
		if strings.Contains(m.file, *only) {
			chosen = append(chosen, m)
		}
	}
	if len(chosen) == 0 {
		fmt.Fprintf(os.Stderr, "mutants: no mutation of a file whose path contains %q\n", *only)
		os.Exit(2)
	}
	r := &runner{root: *root, limit: *limit, out: os.Stdout}
	survivors, err := r.run(ctx, chosen)
	switch {
	case err != nil:
		fmt.Fprintf(os.Stderr, "mutants: %v\n", err)
		os.Exit(2)
	case len(survivors) > 0:
		fmt.Printf("\n%d of %d mutants survived; no test noticed that\n", len(survivors), len(chosen))
		for _, m := range survivors {
			fmt.Printf("  %s: %s\n", m.file, m.breaks)
		}
		os.Exit(1)
	}
	fmt.Printf("\nall %d mutants were killed\n", len(chosen))
}
