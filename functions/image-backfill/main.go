// Command image-backfill reads the images table and starts image-resize for every
// image whose variants were made with an older recipe. `make backfill-images`
// invokes it, slice by slice.
package main

import (
	"log"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/invoke"
	"github.com/minim-dev/minim/shared/table"
)

func main() {
	var cfg struct {
		Images  string `env:"IMAGES_TABLE"`
		Resize  string `env:"IMAGE_RESIZE_FUNCTION"`
		Resizer string `env:"RESIZER" default:"fast"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	recipe := image.Current()
	var err error
	if recipe.Codec, err = image.CodecOf(cfg.Resizer); err != nil {
		log.Fatal(err)
	}
	h := &handler{
		images: table.NewImages(table.Client(env.AWS("DYNAMODB")), cfg.Images),
		resize: invoke.New(invoke.Client(env.AWS("LAMBDA")), cfg.Resize),
		recipe: recipe.Name(),
	}
	lambda.Start(h.Handle)
}
