// Command image-get answers GET /api/images/{id} from the images table, with the
// status of an image and its variants.
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
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	h := &handler{
		images: table.NewImages(table.Client(env.AWS("DYNAMODB")), cfg.Images),
		site:   cfg.Site,
		now:    time.Now,
	}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
