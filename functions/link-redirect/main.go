// Command link-redirect follows short links: GET, HEAD and POST on /{code}, and every path
// without another route. It reads the links table, with a cache of some seconds, and sends
// a click to its queue before it answers, or after it. It counts clicks of limited links and
// attempts at passwords, stores abuse reports, and reads the day's salt of visitors.
package main

import (
	"context"
	"errors"
	"log"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/afterward"
	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/queue"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Links       string `env:"LINKS_TABLE"`
		Stats       string `env:"STATS_TABLE"`
		Idempotency string `env:"IDEMPOTENCY_TABLE"`
		LinkIndex   string `env:"LINK_INDEX_TABLE"`
		Salts       string `env:"SALTS_TABLE"`
		Clicks      string `env:"CLICKS_QUEUE_URL"`
		SiteURL     string `env:"SITE_URL"`
		Fallback    string `env:"FALLBACK_URL" default:""`
		API         string `env:"API_ROUTES" default:""`
		RuntimeAPI  string `env:"AWS_LAMBDA_RUNTIME_API" default:""`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	ctx, logger := context.Background(), lambdacontext.NewLogger()
	site, siteErr := link.NewSite(cfg.SiteURL)
	after, afterErr := afterward.Register(ctx, cfg.RuntimeAPI, logger)
	if err := errors.Join(siteErr, afterErr); err != nil {
		log.Fatal(err)
	}
	db := table.Client(env.AWS("DYNAMODB"))
	cached := newCache(table.NewLinks(db, cfg.Links), time.Now)
	h := &handler{
		site: site, api: web.NewRoutes(cfg.API), links: cached, forget: cached.Forget, clicks: queue.New(queue.Client(env.AWS("SQS")), cfg.Clicks), after: after,
		useless: cached.IfEmpty(func() { log.Fatal("no link could be read yet; ending this environment, since others may have copies") }),
		limits:  newLimiter(table.NewLimits(db, cfg.Stats), after, time.Now), attempts: table.NewAttempts(db, cfg.Idempotency),
		abuse: table.NewAbuse(db, cfg.LinkIndex), visitors: newVisitors(table.NewSalts(db, cfg.Salts), logger),
		random: rand.Float64, fallback: cfg.Fallback, now: time.Now, newID: click.NewID, log: logger,
	}
	go func() { log.Fatal(after.Serve(ctx)) }()
	lambda.Start(afterward.Wrap(after, web.Adapt(h, logger)))
}
