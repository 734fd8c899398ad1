// Command image-upload permits the upload of a picture on POST /api/images: one
// item in the images table and a signed request for S3.
package main

import (
	"log"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Images  string `env:"IMAGES_TABLE"`
		Uploads string `env:"UPLOADS_BUCKET"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	h := &handler{
		images:  table.NewImages(table.Client(env.AWS("DYNAMODB")), cfg.Images),
		uploads: blob.NewBucket(blob.Client(env.AWS("S3")), cfg.Uploads),
		newID:   image.NewID,
		now:     time.Now,
	}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
