// Command link-clicks answers GET /api/links/{code}/clicks from the clicks table and, to find
// them, the stats table: a link's raw clicks, latest first, in pages, as JSON or CSV. It
// writes nothing.
package main

import (
	"context"
	"log"
	"time"

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
		Clicks    string `env:"CLICKS_TABLE"`
		Stats     string `env:"STATS_TABLE"`
		Retention int    `env:"CLICK_RETENTION_DAYS" default:"90"`
		CursorKey string `env:"CURSOR_KEY_ARN"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	cursorKey, _, err := secret.New(env.AWS("SECRETS_MANAGER")).Read(context.Background(), cfg.CursorKey)
	if err != nil {
		log.Fatal(err)
	}
	db, keep := table.Client(env.AWS("DYNAMODB")), time.Duration(cfg.Retention)*24*time.Hour
	h := &handler{
		links: table.NewLinks(db, cfg.Links), clicks: table.NewRecentClicks(db, cfg.Clicks, cfg.Stats, keep),
		cursors: web.NewCursors(cursorKey), now: time.Now,
	}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
