// Command key makes an API key: it writes the key, without its secret, into
// the keys table and tells the token once, on standard output or in a file
// that only its owner may read.
//
//	key --table minim-dev-keys --owner me --name CI --scopes links:read,links:write
//
// Without --scopes the key has every scope except admin. The rules are those of the API: POST /api/keys.
// With --out, a file whose token is still good for the same owner and scopes
// is left as it is. The table is found with the credentials that
// every AWS tool uses and, locally, at AWS_ENDPOINT_URL_DYNAMODB.
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
	owner := flag.String("owner", "", "`who` will own what is made with the key (required)")
	all := slices.DeleteFunc(key.Scopes(), func(scope key.Scope) bool { return scope == key.Admin })
	var draft key.Draft
	flag.StringVar(&draft.Name, "name", "make key", "a `name` by which people know the key")
	flag.StringVar(&draft.ExpiresAt, "expires", "", "`when` it expires, such as 2030-01-31T12:00:00Z; never without it")
	scopes := flag.String("scopes", key.JoinScopes(all, ","), "what the key permits: a `list` of these scopes, or admin")
	out := flag.String("out", "", "a `file` for the token; standard output without it")
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
	fmt.Fprint(os.Stderr, `key makes an API key and tells it once.

    key --table minim-dev-keys --owner me [--name CI] [--scopes links:read,links:write] [--expires 2030-01-31T12:00:00Z] [--out FILE]

`)
	flag.PrintDefaults()
}
