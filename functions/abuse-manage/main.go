// Command abuse-manage answers GET /api/abuse and DELETE /api/abuse/{id}: it lists visitors'
// reports of links, from the links' index, and removes those that have been dealt with.
package main

import (
	"context"
	"log"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/secret"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Links     string `env:"LINKS_TABLE"`
		Index     string `env:"LINK_INDEX_TABLE"`
		CursorKey string `env:"CURSOR_KEY_ARN"`
		SiteURL   string `env:"SITE_URL"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	site, err := link.NewSite(cfg.SiteURL)
	if err != nil {
		log.Fatal(err)
	}
	cursorKey, _, err := secret.New(env.AWS("SECRETS_MANAGER")).Read(context.Background(), cfg.CursorKey)
	if err != nil {
		log.Fatal(err)
	}
	db := table.Client(env.AWS("DYNAMODB"))
	h := &handler{
		site: site, reports: table.NewAbuse(db, cfg.Index), links: table.NewLinks(db, cfg.Links), cursors: web.NewCursors(cursorKey), now: time.Now,
	}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
