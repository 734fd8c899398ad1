// Command authorize is the HTTP API's Lambda authorizer: it lets nothing pass that
// has not come through the edge, and turns an API key or a session into its owner and
// scopes; with a session, the owner is the space that the request names. It reads the edge's secret and the keys,
// sessions and spaces tables, and writes to the first two tables that a key or a session is used. API Gateway caches an
// answer for a credential, a space and a route for some seconds: so long works a key that was disabled, a session that
// ended or a membership that was removed.
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
		Spaces   string `env:"SPACES_TABLE"`
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
		spaces:      table.NewSpaces(db, cfg.Spaces),
		now:         time.Now,
		log:         logger,
	}
	lambda.Start(h.Handle)
}
