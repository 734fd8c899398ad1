// Command link-edit changes a link on PATCH /api/links/{code}: in the links table, with its
// index and its history.
package main

import (
	"log"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Links     string `env:"LINKS_TABLE"`
		Index     string `env:"LINK_INDEX_TABLE"`
		History   string `env:"LINK_HISTORY_TABLE"`
		Stats     string `env:"STATS_TABLE"`
		Settings  string `env:"REPORTS_BUCKET"`
		SiteURL   string `env:"SITE_URL"`
		SiteNames string `env:"SITE_NAMES"` // separated by commas
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	site, err := link.NewSite(cfg.SiteURL, strings.Split(cfg.SiteNames, ",")...)
	if err != nil {
		log.Fatal(err)
	}
	db := table.Client(env.AWS("DYNAMODB"))
	logger := lambdacontext.NewLogger()
	hosts := blob.NewHostRules(blob.NewBucket(blob.Client(env.AWS("S3")), cfg.Settings), time.Now, logger)
	h := &handler{
		hosts: hosts,
		site:  site, links: table.NewLinks(db, cfg.Links), editor: table.NewLinkEditor(db, cfg.Links, cfg.Index, cfg.History),
		stats: table.NewStats(db, cfg.Stats), now: time.Now,
	}
	lambda.Start(web.Adapt(h, logger))
}
