// Command report-list answers GET /api/reports: an owner's reports, newest
// first, page by page.
package main

import (
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Reports   string `env:"REPORTS_TABLE"`
		CursorKey string `env:"CURSOR_KEY"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	h := &handler{
		reports: table.NewReports(table.Client(env.AWS("DYNAMODB")), cfg.Reports),
		cursors: web.NewCursors(cfg.CursorKey),
	}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
