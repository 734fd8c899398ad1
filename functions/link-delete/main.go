// Command link-delete answers DELETE /api/links/{code}: it marks a link in the links table as
// deleted, or frees its code with free=true.
package main

import (
	"log"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Links   string `env:"LINKS_TABLE"`
		Index   string `env:"LINK_INDEX_TABLE"`
		History string `env:"LINK_HISTORY_TABLE"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	db := table.Client(env.AWS("DYNAMODB"))
	h := &handler{
		links: table.NewLinks(db, cfg.Links), editor: table.NewLinkEditor(db, cfg.Links, cfg.Index, cfg.History), now: time.Now,
	}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
