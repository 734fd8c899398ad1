// Command report-request answers POST /api/reports: it starts the creation of the
// caller's report of a day. With an Idempotency-Key it writes an idempotency
// record.
package main

import (
	"log"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/invoke"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Run     string `env:"REPORT_RUN_FUNCTION"`
		Records string `env:"IDEMPOTENCY_TABLE"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	h := &handler{
		run:     invoke.New(invoke.Client(env.AWS("LAMBDA")), cfg.Run),
		records: table.NewIdempotency(table.Client(env.AWS("DYNAMODB")), cfg.Records),
		now:     time.Now,
	}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
