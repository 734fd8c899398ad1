// Command image-list answers GET /api/images from the images table: the owner's
// images, newest first, in pages.
package main

import (
	"context"
	"log"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/secret"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Images    string `env:"IMAGES_TABLE"`
		Site      string `env:"SITE_URL"`
		CursorKey string `env:"CURSOR_KEY_ARN"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	key, _, err := secret.New(env.AWS("SECRETS_MANAGER")).Read(context.Background(), cfg.CursorKey)
	if err != nil {
		log.Fatal(err)
	}
	h := &handler{
		images:  table.NewImages(table.Client(env.AWS("DYNAMODB")), cfg.Images),
		cursors: web.NewCursors(key),
		site:    cfg.Site,
		now:     time.Now,
	}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
