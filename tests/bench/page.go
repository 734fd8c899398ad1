package main

import (
	"fmt"
	"runtime"
	"strings"
)

// page writes the results as docs/benchmarks.md.
func page(all []results, rounds int) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Benchmarks\n")
	line("Written by `make bench` (%s, %s/%s, %d processors); do not edit. Each number is the median of %d processes, each the", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), rounds)
	line("median of three runs; the ways take turns. Variants of 1280, 640 and 320 pixels: JPEG of quality 80, or PNG with alpha.")
	line("Milliseconds differ between machines: read the ratios. \"minim\" is what `image-resize` does with the bytes of a file,")
	line("placeholder and colour included; \"imaging\" decodes with the standard library and resizes each variant from the source;")
	line("sharp makes the variants one after the other on one thread, or all at once with `Promise.all`. Peak memory is VmHWM of")
	line("the process, with its runtime. Luma is compared with imaging's Lanczos before compression.\n")
	for _, r := range all {
		line("## %s\n", r.picture.name)
		line("| | 1 core, ms | of minim's | 2 cores, ms | of minim's | peak, MiB | bytes | luma, dB at 1280 / 640 / 320 |")
		line("| --- | --- | --- | --- | --- | --- | --- | --- |")
		one, two := r.of[way{ours, false}], r.of[way{ours, true}]
		for _, name := range []string{ours, direct, "sharp"} {
			a, c := r.of[way{name, false}], r.of[way{name, true}]
			line("| %s | %.0f | %.2f × | %.0f | %.2f × | %.0f | %d | %s |", name, a.Ms, a.Ms/one.Ms, c.Ms, c.Ms/two.Ms, max(a.RSS, c.RSS), a.Bytes, decibels(r.psnr[name]))
		}
		if d, ok := r.of[way{decoder, false}]; ok {
			line("| `jpeg.Decode` alone | %.0f | %.2f × | | | %.0f | | |", d.Ms, d.Ms/one.Ms, d.RSS)
		}
		line("")
		if db := r.psnr[best]; db != nil {
			line("Resizing alone, seen through quality 100: %s dB.\n", decibels(db))
		}
	}
	gates(line, all)
	return b.String()
}

func decibels(values []float64) string {
	var parts []string
	for _, v := range values {
		parts = append(parts, fmt.Sprintf("%.1f", v))
	}
	return strings.Join(parts, " / ")
}

// gates compares the results with what was set out to reach.
func gates(line func(string, ...any), all []results) {
	line("## What was set out to reach\n")
	line("| | at most | measured | |")
	line("| --- | --- | --- | --- |")
	gate := func(what string, limit, measured float64) {
		verdict := "reached"
		if measured > limit {
			verdict = "**missed**"
		}
		line("| %s | %.2f | %.2f | %s |", what, limit, measured, verdict)
	}
	for i, r := range all {
		one, two := r.of[way{ours, false}], r.of[way{ours, true}]
		sharp1, sharp2 := r.of[way{"sharp", false}], r.of[way{"sharp", true}]
		name := r.picture.name
		switch i {
		case 0:
			gate(name+": time of `jpeg.Decode` alone, 1 core", 0.65, one.Ms/r.of[way{decoder, false}].Ms)
			gate(name+": time of sharp, 1 core", 0.9, one.Ms/sharp1.Ms)
			gate(name+": time of sharp, 2 cores", 0.9, two.Ms/sharp2.Ms)
			gate(name+": sixth of the time of imaging", 1, 6*one.Ms/r.of[way{direct, false}].Ms)
			gate(name+": peak, MiB", 48, max(one.RSS, two.RSS))
			gate(name+": bytes of sharp", 1.03, float64(one.Bytes)/float64(sharp1.Bytes))
		case 1:
			gate(name+": time of sharp, 1 core", 0.6, one.Ms/sharp1.Ms)
			gate(name+": peak, MiB", 96, max(one.RSS, two.RSS))
		case 2:
			gate(name+": time of sharp, 1 core", 0.9, one.Ms/sharp1.Ms)
		case 3, 4:
			gate(name+": time of sharp, 1 core", 1.5, one.Ms/sharp1.Ms)
		}
	}
}
