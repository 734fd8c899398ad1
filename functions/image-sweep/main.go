// Command image-sweep completes unfinished images. A schedule invokes it for all
// overdue items of the images table: images that were never uploaded or processed
// fail, and the remains of deleted images and of unfinished work are deleted from
// table and buckets. image-delete invokes it for one image.
package main

import (
	"log"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/invoke"
	"github.com/minim-dev/minim/shared/table"
)

func main() {
	var cfg struct {
		Images    string `env:"IMAGES_TABLE"`
		Links     string `env:"LINKS_TABLE"`
		LinkIndex string `env:"LINK_INDEX_TABLE"`
		Uploads   string `env:"UPLOADS_BUCKET"`
		Results   string `env:"IMAGES_BUCKET"`
		Resize    string `env:"IMAGE_RESIZE_FUNCTION"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	db, store := table.Client(env.AWS("DYNAMODB")), blob.Client(env.AWSWithin("S3", 15*time.Second))
	h := &handler{
		images:   table.NewImages(db, cfg.Images),
		contents: table.NewContents(db, cfg.Images),
		links:    table.NewImageLinks(db, cfg.Images, cfg.Links, cfg.LinkIndex),
		uploads:  blob.NewBucket(store, cfg.Uploads),
		results:  blob.NewBucket(store, cfg.Results),
		resize:   invoke.New(invoke.Client(env.AWS("LAMBDA")), cfg.Resize),
		now:      time.Now,
		log:      lambdacontext.NewLogger(),
	}
	lambda.Start(h.Handle)
}
