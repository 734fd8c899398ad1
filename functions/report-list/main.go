// Command report-list answers GET /api/reports: an owner's reports, newest
// first, page by page.
package main

import (
	"context"
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/secret"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Reports   string `env:"REPORTS_TABLE"`
		CursorKey string `env:"CURSOR_KEY_ARN"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	key, _, err := secret.New(env.AWS("SECRETS_MANAGER")).Read(context.Background(), cfg.CursorKey)
	if err != nil {
		log.Fatal(err)
	}
	h := &handler{
		reports: table.NewReports(table.Client(env.AWS("DYNAMODB")), cfg.Reports),
		cursors: web.NewCursors(key),
	}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
