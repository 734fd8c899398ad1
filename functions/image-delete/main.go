// Command image-delete answers DELETE /api/images/{id}: it marks the image as
// deleted in the images table, and starts image-sweep to delete its files.
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
		Sweep  string `env:"IMAGE_SWEEP_FUNCTION"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	logger := lambdacontext.NewLogger()
	h := &handler{
		images: table.NewImages(table.Client(env.AWS("DYNAMODB")), cfg.Images),
		sweep:  invoke.New(invoke.Client(env.AWS("LAMBDA")), cfg.Sweep),
		now:    time.Now,
		log:    logger,
	}
	lambda.Start(web.Adapt(h, logger))
}
