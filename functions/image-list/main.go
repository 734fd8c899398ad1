// Command image-list answers GET /api/images from the images table: the owner's
// pictures, newest first, in pages.
package main

import (
	"log"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Images string `env:"IMAGES_TABLE"`
		Site   string `env:"SITE_URL"`
		Key    string `env:"CURSOR_KEY"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	h := &handler{
		images:  table.NewImages(table.Client(env.AWS("DYNAMODB")), cfg.Images),
		cursors: web.NewCursors(cfg.Key),
		site:    cfg.Site,
		now:     time.Now,
	}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
