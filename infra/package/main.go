// Command package builds the files to deploy, without credentials: the same bytes from the same source.
//
//	package zips --out build build/arm64/link-get build/arm64/health
//
// puts function binaries into zips: build/link-get.zip and build/health.zip, each
// with one file, bootstrap, which the runtime provided.al2023 starts.
//
//	package stacks --stage prod --region eu-central-1
//
// compiles the stack of a stage with osls into .serverless and, outside us-east-1, its second stack into
// build/us-east-1.
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
