// Command package makes what is deployed the same for the same source.
//
//	package --out build build/arm64/link-get build/arm64/health
//
// puts function binaries into zips: build/link-get.zip and build/health.zip, each
// with the one file bootstrap, which is what the runtime provided.al2023 starts.
//
//	package --stamp .serverless [--at 2026-11-21T06:10:59Z]
//
// sets the time that osls writes into a compiled stack: to none, or, just before
// it is deployed, to the time of the deployment.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

func main() {
	out := flag.String("out", "build", "the `folder` of the zips")
	stack := flag.String("stamp", "", "the `folder` of a compiled stack whose time is set")
	at := flag.String("at", "1970-01-01T00:00:00Z", "the `time` that is set")
	flag.Parse()
	var err error
	switch {
	case *stack != "":
		var when time.Time
		if when, err = time.Parse(time.RFC3339, *at); err == nil {
			err = stamp(*stack, when)
		}
	case flag.NArg() > 0:
		for _, binary := range flag.Args() {
			err = errors.Join(err, writeZip(filepath.Join(*out, filepath.Base(binary)+".zip"), binary))
		}
	default:
		err = errors.New("binaries or a compiled stack are needed: package --out build BINARY… or package --stamp FOLDER")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "package:", err)
		os.Exit(1)
	}
}
