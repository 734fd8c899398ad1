// Command key creates an API key: it writes the key, without its secret, to the
// keys table, and prints the token once, to standard output or to a file that
// only its owner may read.
//
//	key --table minim-dev-keys --owner me --name CI --scopes links:read,links:write
//
// Without --scopes the key has every scope except admin. The rules are those of the API: POST /api/keys.
// With --out, a file whose token is still valid for the same owner and scopes
// is left unchanged. The command uses the usual AWS credentials and, locally,
// AWS_ENDPOINT_URL_DYNAMODB.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"

	"github.com/minim-dev/minim/shared/key"
)

func main() {
	name := flag.String("table", "", "the `name` of the keys table (required)")
	owner := flag.String("owner", "", "the `owner` of everything created with the key (required)")
	all := slices.DeleteFunc(key.Scopes(), func(scope key.Scope) bool { return scope == key.Admin })
	var draft key.Draft
	flag.StringVar(&draft.Name, "name", "make key", "a `name` for the key")
	flag.StringVar(&draft.ExpiresAt, "expires", "", "the `time` at which it expires, such as 2030-01-31T12:00:00Z; empty for never")
	scopes := flag.String("scopes", key.JoinScopes(all, ","), "the key's scopes: a `list` of these, or admin")
	out := flag.String("out", "", "a `file` for the token; empty for standard output")
	flag.Usage = usage
	flag.Parse()
	if *name == "" || *owner == "" || flag.NArg() > 0 {
		usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *name, *owner, draft, *scopes, *out); err != nil {
		fmt.Fprintln(os.Stderr, "key:", err)
		os.Exit(1)
	}
}

func usage() {
	fmt.Fprint(os.Stderr, `key creates an API key and prints it once.

    key --table minim-dev-keys --owner me [--name CI] [--scopes links:read,links:write] [--expires 2030-01-31T12:00:00Z] [--out FILE]

`)
	flag.PrintDefaults()
}
