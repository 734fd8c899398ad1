// Command link-bulk creates, edits, tags and deletes up to 100 links on POST
// /api/links/bulk: in the links table, with their index and their history and, when the
// request carries an Idempotency-Key, a record of each result.
package main

import (
	"errors"
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
		Index       string `env:"LINK_INDEX_TABLE"`
		History     string `env:"LINK_HISTORY_TABLE"`
		Idempotency string `env:"IDEMPOTENCY_TABLE"`
		Settings    string `env:"REPORTS_BUCKET"`
		SiteURL     string `env:"SITE_URL"`
		SiteNames   string `env:"SITE_NAMES"` // separated by commas
		CodeSeed    uint64 `env:"CODE_SEED"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	site, siteErr := link.NewSite(cfg.SiteURL, strings.Split(cfg.SiteNames, ",")...)
	codes, codesErr := link.NewCodes(cfg.CodeSeed)
	if err := errors.Join(siteErr, codesErr); err != nil {
		log.Fatal(err)
	}
	db := table.Client(env.AWS("DYNAMODB"))
	editor := table.NewLinkEditor(db, cfg.Links, cfg.Index, cfg.History)
	logger := lambdacontext.NewLogger()
	hosts := blob.NewHostRules(blob.NewBucket(blob.Client(env.AWS("S3")), cfg.Settings), time.Now, logger)
	h := &handler{
		hosts: hosts,
		site:  site, codes: codes, links: table.NewLinks(db, cfg.Links), maker: table.NewLinkMaker(db, cfg.Links, cfg.Idempotency, cfg.Index),
		editor: func(r table.IdempotencyRecord) linkEditor { return editor.Recording(cfg.Idempotency, r) },
		newID:  link.NewID, now: time.Now, log: logger,
	}
	lambda.Start(web.Adapt(h, logger))
}
