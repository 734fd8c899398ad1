package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"
)

func run(ctx context.Context, u usage, base, folder string, out io.Writer) error {
	if base != "" {
		m, err := measure(ctx, base, time.Now())
		if err != nil {
			return err
		}
		return m.write(folder)
	}
	var p priced
	var m measured
	if err := read(filepath.Join(folder, "prices.yml"), &p); err != nil {
		return err
	}
	if err := read(filepath.Join(folder, "measured.yml"), &m); err != nil {
		return err
	}
	tell(out, u, p, m)
	return nil
}

// tell writes the month as a table, the dearest first, and what pulls at it most.
func tell(out io.Writer, u usage, p priced, m measured) {
	d := need(u, m)
	full, rest := p.cost(d, false), p.cost(d, true)
	names := slices.SortedFunc(maps.Keys(full), func(a, b string) int { return cmp.Or(cmp.Compare(full[b], full[a]), cmp.Compare(a, b)) })
	fmt.Fprintf(out, "A month of %g million redirects, %g million new links, %g million pictures (%s, prices of %s)\n\n", u.redirects, u.links, u.images, p.Region, p.Date)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "service\tamount\tdollars\tafter the free tier\t  unit\t")
	for _, name := range names {
		fmt.Fprintf(w, "%s\t%.4g\t%.2f\t%.2f\t  %s\t\n", name, d[name], full[name], rest[name], p.Prices[name].Unit)
	}
	fmt.Fprintf(w, "all\t\t%.2f\t%.2f\t\t\n", sum(full), sum(rest))
	_ = w.Flush() // to a terminal
	idle := u
	idle.redirects, idle.links, idle.images = 0, 0, 0
	redirects, images := u, u
	redirects.redirects++
	images.images++
	one := sum(full)
	fmt.Fprintf(out, "\na million redirects more  $%.2f\na million pictures more   $%.2f\nwhile nobody comes        $%.2f\n",
		sum(p.cost(need(redirects, m), false))-one, sum(p.cost(need(images, m), false))-one, sum(p.cost(need(idle, m), false)))
	fmt.Fprintf(out, "the biggest lever         %s, %.0f %% of it all: %s\n", names[0], 100*full[names[0]]/one, p.Prices[names[0]].Lever)
}

func sum(all map[string]float64) float64 {
	total := 0.0
	for _, name := range slices.Sorted(maps.Keys(all)) {
		total += all[name]
	}
	return total
}
