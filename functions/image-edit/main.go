// Command image-edit answers PATCH /api/images/{id}: it changes the alt text and
// the focus in the images table, and starts image-resize if the crops must
// be made again.
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
		Images string `env:"IMAGES_TABLE"`
		Resize string `env:"IMAGE_RESIZE_FUNCTION"`
		Site   string `env:"SITE_URL"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	logger := lambdacontext.NewLogger()
	h := &handler{
		images: table.NewImages(table.Client(env.AWS("DYNAMODB")), cfg.Images),
		resize: invoke.New(invoke.Client(env.AWS("LAMBDA")), cfg.Resize),
		site:   cfg.Site,
		now:    time.Now,
		log:    logger,
	}
	lambda.Start(web.Adapt(h, logger))
}
