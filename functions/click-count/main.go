// Command click-count writes the clicks of the clicks queue to the clicks
// table and into the counters of the stats table, each exactly once, no matter
// how often its message is delivered. At milestones it also updates a link's position in the
// orders by clicks and by last click in the links' index.
package main

import (
	"log"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/batch"
	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/table"
)

// minRetention is longer than a message can wait in a queue and its
// dead-letter queue together: a click must be recognized as long as it can be redelivered.
const minRetention = 30

func main() {
	var cfg struct {
		Clicks    string `env:"CLICKS_TABLE"`
		Stats     string `env:"STATS_TABLE"`
		LinkIndex string `env:"LINK_INDEX_TABLE"`
		Retention int    `env:"CLICK_RETENTION_DAYS" default:"90"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	if cfg.Retention < minRetention {
		log.Fatalf("environment: CLICK_RETENTION_DAYS must be at least %d", minRetention)
	}
	keep := time.Duration(cfg.Retention) * 24 * time.Hour
	db, logger := table.Client(env.AWS("DYNAMODB")), lambdacontext.NewLogger()
	h := &handler{clicks: table.NewClicks(db, cfg.Clicks, cfg.Stats, keep), ranks: table.NewLinkRanks(db, cfg.LinkIndex, cfg.Stats), log: logger}
	lambda.Start(batch.All(h.Handle, logger))
}
