package main

import (
	"context"
	"os"
	"time"

	"github.com/minim-dev/minim/infra/target"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/table"
)

// run creates a key in the named table. The list contains the scopes, which the draft lacks.
func run(ctx context.Context, name, owner string, draft key.Draft, list, out string) (err error) {
	if draft.Scopes, err = key.ParseScopes(list); err != nil {
		return err
	}
	cfg, err := target.Config(ctx)
	if err != nil {
		return err
	}
	m := minter{keys: table.NewAPIKeys(table.Client(cfg), name), now: time.Now, output: os.Stdout}
	return explained(m.tell(ctx, owner, draft, out), name)
}
