// Command package makes what is deployed: the same bytes from the same source, without credentials.
//
//	package zips --out build build/arm64/link-get build/arm64/health
//
// puts function binaries into zips: build/link-get.zip and build/health.zip, each
// with the one file bootstrap, which is what the runtime provided.al2023 starts.
//
//	package stacks --stage prod --region eu-central-1
//
// has osls compile the stack of a stage into .serverless and, for another region than us-east-1, its second
// stack into build/us-east-1.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "package:", err)
		os.Exit(1)
	}
}
