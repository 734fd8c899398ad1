package main

import (
	"fmt"
	"runtime"
	"strings"
)

// page writes the results as docs/benchmarks.md.
func page(all []results, rounds int, idleWait idleWait) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Benchmarks\n")
	line("Written by `make bench` (%s, %s/%s, %d processors); do not edit. Each number is the best of %d processes, each the", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), rounds)
	line("median of three runs, in alternation. %s Variants of 1280, 640 and 320", idleWait)
	line("pixels: JPEG of quality 80, or PNG with alpha. Milliseconds differ between machines: compare the ratios. \"minim\" does all")
	line("that `image-resize` does with a file's bytes, including placeholders and colour; \"imaging\" decodes with the standard")
	line("library and resizes each variant from the source; sharp makes the variants one after the other on one thread, or all in")
	line("parallel with `Promise.all`. CPU time, on one core, hardly depends on the machine's other load. Peak")
	line("memory is VmHWM of the process, with its runtime.\n")
	line("Luma is the brightness of a variant, compared with imaging's Lanczos at the same size before any")
	line("compression. At quality 80 JPEG's own loss dominates, so all results are alike, imaging's too. The line below each table")
	line("compares our resizing with imaging's at quality 100.\n")
	for _, r := range all {
		line("## %s\n", r.sample.name)
		line("| | 1 core, ms | of minim's | CPU time, 1 core, ms | of minim's | 2 cores, ms | of minim's | peak, MiB | bytes | luma, dB at 1280 / 640 / 320 |")
		line("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
		one, two := r.of[way{ours, false}], r.of[way{ours, true}]
		for _, name := range []string{ours, direct, "sharp"} {
			a, c := r.of[way{name, false}], r.of[way{name, true}]
			line("| %s | %.0f | %.2f × | %.0f | %.2f × | %.0f | %.2f × | %.0f | %d | %s |", name, a.Ms, a.Ms/one.Ms, a.CPU, a.CPU/one.CPU, c.Ms, c.Ms/two.Ms, max(a.RSS, c.RSS), a.Bytes, decibels(r.psnr[name]))
		}
		if d, ok := r.of[way{decoder, false}]; ok {
			line("| `jpeg.Decode` alone | %.0f | %.2f × | %.0f | %.2f × | | | %.0f | | |", d.Ms, d.Ms/one.Ms, d.CPU, d.CPU/one.CPU, d.RSS)
		}
		line("")
		if db := r.psnr[best]; db != nil {
			line("Resizing alone, at quality 100: %s dB.\n", decibels(db))
		}
	}
	table(line, all)
	return b.String()
}

func decibels(values []float64) string {
	var parts []string
	for _, v := range values {
		parts = append(parts, fmt.Sprintf("%.1f", v))
	}
	return strings.Join(parts, " / ")
}
