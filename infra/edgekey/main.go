// Command edgekey changes the key that the edge sends with each request to the
// API, around a deployment that tells the edge of it:
//
//	EDGE_KEY_VERSION=$(edgekey --secret minim-dev-edge-key --before)
//	… deploy with that variable …
//	edgekey --secret minim-dev-edge-key --after
//
// Before, a new key becomes the current one, and the one that the edge sends stays
// good; unless the last deployment did not come to its end, which leaves both as
// they are. Afterwards the previous key is forgotten. A stack that is not there yet
// has no secret: its version is "first".
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
	id := flag.String("secret", "", "the `name` of the secret (required)")
	before := flag.Bool("before", false, "make a new key, and tell the version to deploy")
	after := flag.Bool("after", false, "forget the previous key")
	flag.Parse()
	if *id == "" || *before == *after || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "edgekey: edgekey --secret NAME --before, or --after")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *id, *before); err != nil {
		fmt.Fprintln(os.Stderr, "edgekey:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, id string, before bool) error {
	cfg, err := account.Config(ctx)
	if err != nil {
		return err
	}
	r := rotation{secrets: secret.New(cfg), id: id, random: rand.Text}
	if !before {
		return r.after(ctx)
	}
	version, err := r.before(ctx)
	if err == nil {
		fmt.Println(version)
	}
	return err
}
