// Command package makes what is deployed the same for the same source.
//
//	package --out build build/arm64/link-get build/arm64/health
//
// puts function binaries into zips: build/link-get.zip and build/health.zip, each
// with the one file bootstrap, which is what the runtime provided.al2023 starts.
//
//	package --stamp .serverless [--at now]
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
	at := flag.String("at", "1970-01-01T00:00:00Z", "the `time` that is set, or now")
	flag.Parse()
	var err error
	switch {
	case *stack != "":
		when := time.Now()
		if *at != "now" {
			when, err = time.Parse(time.RFC3339, *at)
		}
		if err == nil {
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
