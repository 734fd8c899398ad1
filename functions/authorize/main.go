// Command authorize is the HTTP API's Lambda authorizer: it lets nothing pass that
// has not come through the edge, and turns an API key into its owner and scopes.
// It reads the edge's secret and the keys table and writes nothing. API Gateway
// keeps an answer for a key and a route, so a key that is disabled closes within
// that time.
package main

import (
	"log"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/secret"
	"github.com/minim-dev/minim/shared/table"
)

func main() {
	var cfg struct {
		Keys string `env:"KEYS_TABLE"`
		Edge string `env:"EDGE_KEY_ARN"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	db, logger := table.Client(env.AWS("DYNAMODB")), lambdacontext.NewLogger()
	h := &handler{
		originCheck: &originCheck{secrets: secret.New(env.AWS("SECRETS_MANAGER")), id: cfg.Edge, now: time.Now, log: logger},
		keys:        table.NewAPIKeys(db, cfg.Keys),
		now:         time.Now,
		log:         logger,
	}
	lambda.Start(h.Handle)
}
