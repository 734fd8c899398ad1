// Command key-manage answers GET and POST /api/keys, GET and DELETE /api/keys/{id}, and POST
// /api/keys/{id}/rotate: people and programs manage the API keys of their owner or space. It reads and writes
// the keys table, and reads the spaces table.
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
		Keys   string `env:"KEYS_TABLE"`
		Spaces string `env:"SPACES_TABLE"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	db := table.Client(env.AWS("DYNAMODB"))
	h := &handler{keys: table.NewAPIKeys(db, cfg.Keys), spaces: table.NewSpaces(db, cfg.Spaces), now: time.Now}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
