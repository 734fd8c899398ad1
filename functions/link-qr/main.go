// Command link-qr draws the QR code of a link for its owner on
// GET /api/links/{code}/qr. It reads the links table and, for a logo, the images
// table and bucket. It writes nothing.
package main

import (
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Links   string `env:"LINKS_TABLE"`
		Images  string `env:"IMAGES_TABLE"`
		Bucket  string `env:"IMAGES_BUCKET"`
		SiteURL string `env:"SITE_URL"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	site, err := link.NewSite(cfg.SiteURL)
	if err != nil {
		log.Fatal(err)
	}
	db := table.Client(env.AWS("DYNAMODB"))
	h := &handler{
		site: site, links: table.NewLinks(db, cfg.Links), images: table.NewImages(db, cfg.Images),
		files: blob.NewBucket(blob.Client(env.AWS("S3")), cfg.Bucket),
	}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
