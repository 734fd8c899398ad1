// Command package puts function binaries into zips for Lambda. The same binary
// gives the same bytes every time, so that a deployment changes only the
// functions that have changed.
//
//	package --out build build/arm64/link-get build/arm64/health
//
// writes build/link-get.zip and build/health.zip, each with the one file
// bootstrap, which is what the runtime provided.al2023 starts.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("out", "build", "the `folder` of the zips")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "package: binaries are needed: package --out build BINARY…")
		os.Exit(2)
	}
	for _, binary := range flag.Args() {
		zip := filepath.Join(*out, filepath.Base(binary)+".zip")
		if err := writeZip(zip, binary); err != nil {
			fmt.Fprintln(os.Stderr, "package:", err)
			os.Exit(1)
		}
	}
}
