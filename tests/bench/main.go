// Command bench compares image-resize with imaging, the standard JPEG decoder and
// sharp on the same generated files, and writes docs/benchmarks.md. Each measurement
// is a separate process; they alternate, and the best one counts.
package main

import (
	"flag"
	"log"
	"os"
	"time"
)

func main() {
	dir := flag.String("dir", "build/bench", "`folder` for the generated images")
	out := flag.String("out", "docs/benchmarks.md", "the page to write")
	rounds := flag.Int("rounds", 5, "processes per measurement")
	timeout := flag.Duration("timeout", 2*time.Second, "how long each measurement waits for an idle machine")
	child := flag.String("child", "", "measure this way of resizing, in this process")
	file := flag.String("file", "", "the image for -child")
	save := flag.String("save", "", "with -child: keep the variants in this folder")
	flag.Parse()
	var err error
	if *child != "" {
		err = measureHere(*child, *file, *save, os.Stdout)
	} else {
		err = bench(*dir, *out, *rounds, *timeout)
	}
	if err != nil {
		log.Fatal(err)
	}
}
