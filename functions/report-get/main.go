// Command report-get answers GET /api/reports/{id}: a report as JSON, as a
// page or as a table.
package main

import (
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Reports string `env:"REPORTS_TABLE"`
		Bucket  string `env:"REPORTS_BUCKET"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	h := &handler{
		reports: table.NewReports(table.Client(env.AWS("DYNAMODB")), cfg.Reports),
		files:   blob.NewBucket(blob.Client(env.AWS("S3")), cfg.Bucket),
	}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
