package main

import "slices"

// goal is a limit for one result of an image: its maximum or minimum.
type goal struct {
	what  string
	limit float64
	least bool
	of    func(r results) float64
}

func (r results) one(name string) measurement { return r.of[way{name, false}] }
func (r results) two(name string) measurement { return r.of[way{name, true}] }

func sharp1(limit float64) goal {
	return goal{"time of sharp, 1 core", limit, false, func(r results) float64 { return r.one(ours).Ms / r.one("sharp").Ms }}
}

func sharp2(limit float64) goal {
	return goal{"time of sharp with `Promise.all`, 2 cores", limit, false, func(r results) float64 { return r.two(ours).Ms / r.two("sharp").Ms }}
}

func peakBelow(limit float64) goal {
	return goal{"peak, MiB", limit, false, func(r results) float64 { return max(r.one(ours).RSS, r.two(ours).RSS) }}
}

// goals are those of an image of each kind.
func goals(p sample) []goal {
	size := goal{"bytes of sharp", 1.03, false, func(r results) float64 { return float64(r.one(ours).Bytes) / float64(r.one("sharp").Bytes) }}
	luma := goal{"luma of resizing alone, dB", 45, true, func(r results) float64 { return slices.Min(r.psnr[best]) }}
	decode := goal{"time of `jpeg.Decode` alone, 1 core", 0.65, false, func(r results) float64 { return r.one(ours).Ms / r.one(decoder).Ms }}
	direct := goal{"times as fast as imaging, 1 core", 6, true, func(r results) float64 { return r.one(direct).Ms / r.one(ours).Ms }}
	switch p.kind {
	case baseline:
		return []goal{decode, sharp1(0.9), sharp2(0.9), direct, peakBelow(48), size, luma}
	case large:
		return []goal{decode, sharp1(0.6), sharp2(0.9), direct, peakBelow(96), size, luma}
	case progressive:
		return []goal{sharp1(0.9), sharp2(0.9), peakBelow(96), size, luma}
	case opaque:
		return []goal{sharp1(1.5), sharp2(1.5), size, luma}
	default:
		return []goal{sharp1(1.5), sharp2(1.5), size}
	}
}

// table compares the results with the goals.
func table(line func(string, ...any), all []results) {
	line("## Goals\n")
	line("| | | limit | measured | |")
	line("| --- | --- | --- | --- | --- |")
	for _, r := range all {
		for _, g := range goals(r.sample) {
			bound, verdict, measured := "at most", "reached", g.of(r)
			if g.least {
				bound = "at least"
			}
			if (measured > g.limit) != g.least && measured != g.limit {
				verdict = "**missed**"
			}
			line("| %s | %s | %s %.2f | %.2f | %s |", r.sample.name, g.what, bound, g.limit, measured, verdict)
		}
	}
}
