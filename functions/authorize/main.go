// Command authorize is the HTTP API's Lambda authorizer: it lets nothing pass that
// has not come through the edge, and turns an API key or a session into its owner and
// scopes. It reads the edge's secret and the keys and sessions tables, and writes to
// the tables that a key or a session is used. API Gateway keeps an answer for a credential and a
// route for some seconds, so long works a key that was disabled or a session that ended.
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
		Keys     string `env:"KEYS_TABLE"`
		Sessions string `env:"SESSIONS_TABLE"`
		Edge     string `env:"EDGE_KEY_ARN"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	db, logger := table.Client(env.AWS("DYNAMODB")), lambdacontext.NewLogger()
	h := &handler{
		originCheck: &originCheck{secrets: secret.New(env.AWS("SECRETS_MANAGER")), id: cfg.Edge, now: time.Now, log: logger},
		keys:        table.NewAPIKeys(db, cfg.Keys),
		sessions:    table.NewSessions(db, cfg.Sessions),
		now:         time.Now,
		log:         logger,
	}
	lambda.Start(h.Handle)
}
