// Command bench compares what image-resize does with imaging used directly, the
// standard JPEG decoder alone, and sharp, on the same generated files, and
// writes docs/benchmarks.md. Every measurement is a process of its own; they
// take turns, and the best counts.
package main

import (
	"flag"
	"log"
	"os"
	"time"
)

func main() {
	dir := flag.String("dir", "build/bench", "where the generated pictures are kept")
	out := flag.String("out", "docs/benchmarks.md", "the page to write")
	rounds := flag.Int("rounds", 5, "how often each measurement is taken")
	patience := flag.Duration("patience", 2*time.Second, "how long each waits for others to leave the machine alone")
	child := flag.String("child", "", "measure this way of resizing, in this process")
	file := flag.String("file", "", "the picture for -child")
	save := flag.String("save", "", "with -child: keep the variants in this folder")
	flag.Parse()
	var err error
	if *child != "" {
		err = measureHere(*child, *file, *save, os.Stdout)
	} else {
		err = bench(*dir, *out, *rounds, *patience)
	}
	if err != nil {
		log.Fatal(err)
	}
}
