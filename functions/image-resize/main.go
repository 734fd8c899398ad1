// Command image-resize turns uploaded files into images. Objects created
// below uploads/ trigger it; it writes variants to the images bucket, and the
// result to the images table. Other functions invoke it to make the variants of an
// image again.
package main

import (
	"log"
	"runtime/debug"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/render"
	"github.com/minim-dev/minim/shared/table"
)

func main() {
	var cfg struct {
		Images    string `env:"IMAGES_TABLE"`
		Links     string `env:"LINKS_TABLE"`
		LinkIndex string `env:"LINK_INDEX_TABLE"`
		Site      string `env:"SITE_URL"`
		Uploads   string `env:"UPLOADS_BUCKET"`
		Results   string `env:"IMAGES_BUCKET"`
		Memory    int    `env:"AWS_LAMBDA_FUNCTION_MEMORY_SIZE"` // MB
		Resizer   string `env:"RESIZER" default:"fast"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	recipe := image.Current()
	var err error
	if recipe.Codec, err = image.CodecOf(cfg.Resizer); err != nil {
		log.Fatal(err)
	}
	debug.SetMemoryLimit(int64(cfg.Memory) << 20 / 100 * 80) // the garbage collector works harder before Lambda kills the process
	db, store := table.Client(env.AWS("DYNAMODB")), blob.Client(env.AWSWithin("S3", 15*time.Second))
	h := &handler{
		images:   table.NewImages(db, cfg.Images),
		contents: table.NewContents(db, cfg.Images),
		links:    table.NewImageLinks(db, cfg.Images, cfg.Links, cfg.LinkIndex),
		site:     cfg.Site,
		uploads:  blob.NewBucket(store, cfg.Uploads),
		results:  blob.NewBucket(store, cfg.Results),
		render:   render.Render,
		limits:   image.LimitsFor(cfg.Memory),
		recipe:   recipe,
		now:      time.Now,
		wait:     wait,
		log:      lambdacontext.NewLogger(),
	}
	lambda.Start(h.Invoke)
}
