// Command link-stats shows the clicks of a link to its owner on
// GET /api/links/{code}/stats. It reads the links and stats tables and writes
// nothing.
package main

import (
	"log"
	"time"
	_ "time/tzdata" // the platform promises no time zones

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Links string `env:"LINKS_TABLE"`
		Stats string `env:"STATS_TABLE"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	db := table.Client(env.AWS("DYNAMODB"))
	h := &handler{links: table.NewLinks(db, cfg.Links), stats: table.NewStats(db, cfg.Stats), now: time.Now}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
