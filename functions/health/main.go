// Command health answers GET /api/health without authorization: the version, the
// stage, and whether its dependencies answer. It checks that tables, buckets and the
// queue exist, and reads no data.
package main

import (
	"log"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Stage       string `env:"STAGE"`
		Version     string `env:"VERSION"`
		Links       string `env:"LINKS_TABLE"`
		Clicks      string `env:"CLICKS_TABLE"`
		Stats       string `env:"STATS_TABLE"`
		Images      string `env:"IMAGES_TABLE"`
		Reports     string `env:"REPORTS_TABLE"`
		Keys        string `env:"KEYS_TABLE"`
		Idempotency string `env:"IDEMPOTENCY_TABLE"`
		Uploads     string `env:"UPLOADS_BUCKET"`
		Variants    string `env:"IMAGES_BUCKET"`
		Written     string `env:"REPORTS_BUCKET"`
		Queue       string `env:"CLICKS_QUEUE_URL"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	logger := lambdacontext.NewLogger()
	h := &handler{stage: cfg.Stage, version: cfg.Version, now: time.Now, log: logger, checks: map[string]check{
		"dynamodb": tables(table.Client(env.AWS("DYNAMODB")),
			cfg.Links, cfg.Clicks, cfg.Stats, cfg.Images, cfg.Reports, cfg.Keys, cfg.Idempotency),
		"s3":  buckets(blob.Client(env.AWS("S3")), cfg.Uploads, cfg.Variants, cfg.Written),
		"sqs": queue(sqs.NewFromConfig(env.AWS("SQS")), cfg.Queue),
	}}
	lambda.Start(web.Adapt(h, logger))
}
