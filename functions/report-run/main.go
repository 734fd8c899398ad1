// Command report-run writes the reports of a day. A schedule invokes it every
// night, users through the API or by hand, and it invokes itself if a day is too long
// for one invocation.
package main

import (
	"crypto/rand"
	"log"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/invoke"
	"github.com/minim-dev/minim/shared/mail"
	"github.com/minim-dev/minim/shared/report/html"
	"github.com/minim-dev/minim/shared/table"
)

func main() {
	var cfg struct {
		Links   string `env:"LINKS_TABLE"`
		Stats   string `env:"STATS_TABLE"`
		Keys    string `env:"KEYS_TABLE"`
		Reports string `env:"REPORTS_TABLE"`
		Bucket  string `env:"REPORTS_BUCKET"`
		Site    string `env:"SITE_URL"`
		Mail    string `env:"REPORT_MAIL" default:""`
		Self    string `env:"AWS_LAMBDA_FUNCTION_NAME"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	page, err := html.New()
	if err != nil {
		log.Fatal(err)
	}
	db := table.Client(env.AWS("DYNAMODB"))
	h := &handler{
		owners:  table.NewAPIKeys(db, cfg.Keys),
		stats:   table.NewStats(db, cfg.Stats),
		links:   table.NewLinks(db, cfg.Links),
		files:   blob.NewBucket(blob.Client(env.AWSWithin("S3", 30*time.Second)), cfg.Bucket),
		reports: table.NewReports(db, cfg.Reports),
		self:    invoke.New(invoke.Client(env.AWS("LAMBDA")), cfg.Self),
		mail:    mail.New(mail.Client(env.AWSWithin("SESV2", 10*time.Second)), cfg.Mail),
		page:    page,
		site:    cfg.Site,
		now:     time.Now,
		newID:   func() string { return strings.ToLower(rand.Text()[:8]) },
		log:     lambdacontext.NewLogger(),
	}
	lambda.Start(h.Handle)
}
