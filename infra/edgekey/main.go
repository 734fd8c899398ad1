// Command edgekey changes the key that the edge sends with each request to the
// API, around a deployment that tells the edge of it:
//
//	EDGE_KEY_VERSION=$(edgekey --stack minim-dev --before)
//	… deploy with that variable …
//	edgekey --stack minim-dev --after
//
// Before, a new key becomes the current one, and the one that the edge sends stays
// good; unless the last deployment did not finish, which leaves both as they are.
// Afterwards, when all of the edge sends the current key, the previous one is
// forgotten. If CloudFormation has not given the edge the current key, the command
// does. A stack that does not exist yet has no secret: its version is "first".
package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/minim-dev/minim/infra/account"
	"github.com/minim-dev/minim/shared/secret"
)

func main() {
	stack := flag.String("stack", "", "the `name` of the stack, whose secret is named after it (required)")
	before := flag.Bool("before", false, "make a new key, and tell the version to deploy")
	after := flag.Bool("after", false, "forget the previous key")
	flag.Parse()
	if *stack == "" || *before == *after || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "edgekey: edgekey --stack NAME --before, or --after")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *stack, *before); err != nil {
		fmt.Fprintln(os.Stderr, "edgekey:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, stack string, before bool) error {
	cfg, err := account.Config(ctx)
	if err != nil {
		return err
	}
	r := rotation{secrets: secret.New(cfg), edge: distribution{cfg, stack}, id: stack + "-edge-key", random: rand.Text,
		warn: func(message string) { fmt.Fprintln(os.Stderr, "edgekey:", message) }}
	if !before {
		return r.after(ctx)
	}
	version, err := r.before(ctx)
	if err == nil {
		fmt.Println(version)
	}
	return err
}
