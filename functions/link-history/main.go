// Command link-history answers GET /api/links/{code}/history from the history table: who
// changed what, latest first, in pages. It writes nothing.
package main

import (
	"context"
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/secret"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Links     string `env:"LINKS_TABLE"`
		History   string `env:"LINK_HISTORY_TABLE"`
		CursorKey string `env:"CURSOR_KEY_ARN"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	cursorKey, _, err := secret.New(env.AWS("SECRETS_MANAGER")).Read(context.Background(), cfg.CursorKey)
	if err != nil {
		log.Fatal(err)
	}
	db := table.Client(env.AWS("DYNAMODB"))
	h := &handler{
		links: table.NewLinks(db, cfg.Links), history: table.NewLinkHistory(db, cfg.History), cursors: web.NewCursors(cursorKey),
	}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
