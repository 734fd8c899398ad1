// Command link-shorten creates a short link on POST /api/links: one item in
// the links table and, when the request carries an Idempotency-Key, its
// idempotency record.
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
		Links       string `env:"LINKS_TABLE"`
		LinkIndex   string `env:"LINK_INDEX_TABLE"`
		Idempotency string `env:"IDEMPOTENCY_TABLE"`
		Settings    string `env:"REPORTS_BUCKET"`
		SiteURL     string `env:"SITE_URL"`
		SiteNames   string `env:"SITE_NAMES"` // separated by commas
		CodeSeed    uint64 `env:"CODE_SEED"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	site, err := link.NewSite(cfg.SiteURL, strings.Split(cfg.SiteNames, ",")...)
	if err != nil {
		log.Fatal(err)
	}
	codes, err := link.NewCodes(cfg.CodeSeed)
	if err != nil {
		log.Fatal(err)
	}
	db := table.Client(env.AWS("DYNAMODB"))
	logger := lambdacontext.NewLogger()
	hosts := blob.NewHostRules(blob.NewBucket(blob.Client(env.AWS("S3")), cfg.Settings), time.Now, logger)
	h := &handler{
		hosts: hosts,
		site:  site, codes: codes, links: table.NewLinkMaker(db, cfg.Links, cfg.Idempotency, cfg.LinkIndex),
		newID: link.NewID, now: time.Now, log: logger,
	}
	lambda.Start(web.Adapt(h, logger))
}
