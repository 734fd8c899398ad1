// Command session-close answers DELETE /api/session and /api/session/{id}: it signs the caller out, of one
// browser or of all. It deletes from the sessions table.
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
		Sessions string `env:"SESSIONS_TABLE"`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	h := &handler{sessions: table.NewSessions(table.Client(env.AWS("DYNAMODB")), cfg.Sessions), now: time.Now}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
