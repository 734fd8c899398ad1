// Command image-upload permits the upload of an image on POST /api/images: one
// item in the images table and a signed request for S3. With a code it also creates
// the short link to the image in the links table, and with an Idempotency-Key an idempotency
// record.
package main

import (
	"log"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Images    string `env:"IMAGES_TABLE"`
		Links     string `env:"LINKS_TABLE"`
		LinkIndex string `env:"LINK_INDEX_TABLE"`
		Records   string `env:"IDEMPOTENCY_TABLE"`
		Uploads   string `env:"UPLOADS_BUCKET"`
		Site      string `env:"SITE_URL"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	db := table.Client(env.AWS("DYNAMODB"))
	images, links := table.NewImages(db, cfg.Images), table.NewImageLinks(db, cfg.Images, cfg.Links, cfg.LinkIndex)
	h := &handler{
		images:    func(r table.IdempotencyRecord) imageStore { return images.Recording(cfg.Records, r) },
		links:     func(r table.IdempotencyRecord) linkStore { return links.Recording(cfg.Records, r) },
		records:   table.NewIdempotency(db, cfg.Records),
		uploads:   blob.NewBucket(blob.Client(env.AWS("S3")), cfg.Uploads),
		site:      cfg.Site,
		newID:     image.NewID,
		newLinkID: link.NewID,
		now:       time.Now,
	}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
