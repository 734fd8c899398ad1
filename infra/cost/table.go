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

func run(ctx context.Context, u usage, f flood, base, folder string, out io.Writer) error {
	if base != "" {
		m, err := measure(ctx, base, time.Now())
		if err != nil {
			return err
		}
		return m.write(folder)
	}
	var p priced
	var m measured
	var items sizes
	if err := read(filepath.Join(folder, "prices.yml"), &p); err != nil {
		return err
	}
	if err := read(filepath.Join(folder, "measured.yml"), &m); err != nil {
		return err
	}
	if err := read(filepath.Join(folder, "sizes.yml"), &items); err != nil {
		return err
	}
	if u.plan != "" && p.Plans[u.plan].Requests == 0 {
		return fmt.Errorf("CloudFront has no plan %q; choose one of %v", u.plan, slices.Sorted(maps.Keys(p.Plans)))
	}
	tell(out, u, f, p, m, items)
	return nil
}

// tell writes the month as a table, the most expensive service first, then the biggest lever and the cost of a flood and of a plan.
func tell(out io.Writer, u usage, f flood, p priced, m measured, items sizes) {
	d := need(u, m, items)
	full, rest := p.cost(d, false, u.plan), p.cost(d, true, u.plan)
	if u.plan != "" {
		d["edge-plan"] = 1
	}
	names := slices.SortedFunc(maps.Keys(full), func(a, b string) int { return cmp.Or(cmp.Compare(full[b], full[a]), cmp.Compare(a, b)) })
	fmt.Fprintf(out, "A month of %g million redirects, %g million new links, %g million images (%s, prices of %s)\n\n", u.redirects, u.links, u.images, p.Region, p.Date)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "service\tamount\tdollars\tafter the free tier\t  unit\t")
	for _, name := range names {
		fmt.Fprintf(w, "%s\t%.4g\t%.2f\t%.2f\t  %s\t\n", name, d[name], full[name], rest[name], cmp.Or(p.Prices[name].Unit, "plan-month"))
	}
	fmt.Fprintf(w, "all\t\t%.2f\t%.2f\t\t\n", sum(full), sum(rest))
	_ = w.Flush() // to a terminal
	idle := u
	idle.redirects, idle.links, idle.images = 0, 0, 0
	redirects, images := u, u
	redirects.redirects++
	images.images++
	one := sum(full)
	all := func(u usage) float64 { return sum(p.cost(need(u, m, items), false, u.plan)) }
	fmt.Fprintf(out, "\na million more redirects  $%.2f\na million more images   $%.2f\nwith no traffic           $%.2f\n", all(redirects)-one, all(images)-one, all(idle))
	fmt.Fprintf(out, "the biggest lever         %s, %.0f %% of the total: %s\n", names[0], 100*full[names[0]]/one, p.Prices[names[0]].Lever)
	dollars, passed := f.cost(u, m, items, p)
	fmt.Fprintf(out, "a flood                   $%.2f: %g requests a second for %g hours, of which the API accepts %.3g million\n", dollars, f.rate, f.hours, passed)
	if name := p.fitting(d); name == "" {
		fmt.Fprintf(out, "CloudFront's plans        none includes %.4g million requests and %.4g GB\n", d["edge-requests"], d["edge-transfer"])
	} else {
		fmt.Fprintf(out, "CloudFront's plans        %s at $%.2f, instead of $%.2f after the free tier\n", name, p.Plans[name].Price, p.edge(d))
	}
}

func sum(all map[string]float64) float64 {
	total := 0.0
	for _, name := range slices.Sorted(maps.Keys(all)) {
		total += all[name]
	}
	return total
}
