// Command space-manage answers the routes below /api/spaces: people create spaces, invite others by mail, and change or
// remove members. It reads and writes the spaces table, reads the sessions table, and sends mail.
package main

import (
	"log"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/mail"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

func main() {
	var cfg struct {
		Spaces   string `env:"SPACES_TABLE"`
		Sessions string `env:"SESSIONS_TABLE"`
		Site     string `env:"SITE_URL"`
		Mail     string `env:"MAIL_FROM" default:""`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	db := table.Client(env.AWS("DYNAMODB"))
	h := &handler{
		spaces:   table.NewSpaces(db, cfg.Spaces),
		sessions: table.NewSessions(db, cfg.Sessions),
		mail:     mail.New(mail.Client(env.AWS("SESV2")), cfg.Mail),
		site:     cfg.Site,
		now:      time.Now,
	}
	lambda.Start(web.Adapt(h, lambdacontext.NewLogger()))
}
