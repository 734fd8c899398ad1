// Command minim makes, finds and watches short links by the API of a Minim. It uploads images. It reads reports.
//
//	export MINIM_URL=https://go.example.com MINIM_KEY=mk_…
//	minim shorten https://go.dev/
//
// minim --help lists the commands, and docs/cli.md shows them.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], system())
	stop()
	os.Exit(code)
}
