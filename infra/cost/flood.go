package main

import (
	"cmp"
	"maps"
	"slices"

	"github.com/minim-dev/minim/shared/table"
)

// flood is unwanted traffic of the most expensive kind: visits of existing links by clients that look like
// browsers.
type flood struct {
	rate     float64 // requests a second
	hours    float64
	throttle float64 // of the API, requests a second (throttle in infra/stages)
}

// cost returns the cost of a flood in addition to the month, and the requests that the API lets through, in millions.
// The others get 429, which is not billed. The edge bills all requests, unless it has a plan.
func (f flood) cost(u usage, m measured, items sizes, p priced) (dollars, passed float64) {
	seconds := f.hours * 3600
	all := f.rate * seconds / 1e6
	passed = min(f.rate, f.throttle) * seconds / 1e6
	visits := u
	visits.redirects, visits.links, visits.images, visits.probe = passed, 0, 0, false
	visits.busy = secondsAMonth / seconds
	visits.together = table.ClickGroup
	quiet := visits
	quiet.redirects = 0
	d, idle := need(visits, m, items), need(quiet, m, items)
	for what := range d {
		d[what] -= idle[what]
	}
	d["edge-requests"] += all - passed
	d["edge-functions"] += all - passed
	if u.firewall {
		d["firewall-requests"] += all - passed
	}
	delete(d, "edge-plan")
	return sum(p.cost(d, false, u.plan)) - p.Plans[u.plan].Price, passed
}

// fitting returns the cheapest plan of CloudFront whose allowance covers a demand, "" if there is none.
func (p priced) fitting(d demand) string {
	names := slices.SortedFunc(maps.Keys(p.Plans), func(a, b string) int { return cmp.Compare(p.Plans[a].Price, p.Plans[b].Price) })
	for _, name := range names {
		if plan := p.Plans[name]; d["edge-requests"] <= plan.Requests && d["edge-transfer"] <= plan.Transfer {
			return name
		}
	}
	return ""
}

// edge returns the cost of those parts of a demand that a plan includes, after the free tier.
func (p priced) edge(d demand) float64 {
	cost, total := p.cost(d, true, ""), 0.0
	for _, what := range slices.Sorted(maps.Keys(cost)) {
		if p.Prices[what].InPlans {
			total += cost[what]
		}
	}
	return total
}
