// Command authorize is the HTTP API's Lambda authorizer: it turns an API key
// into its owner and scopes. It reads the keys table and writes nothing. API
// Gateway keeps an answer for a key and a route, so a key that is disabled
// closes within that time.
package main

import (
	"log"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/table"
)

func main() {
	var cfg struct {
		Keys string `env:"KEYS_TABLE"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	db := table.Client(env.AWS("DYNAMODB"))
	h := &handler{keys: table.NewAPIKeys(db, cfg.Keys), now: time.Now, log: lambdacontext.NewLogger()}
	lambda.Start(h.Handle)
}
