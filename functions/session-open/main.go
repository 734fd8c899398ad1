// Command session-open signs people in with OpenID Connect: GET /api/session/new sends a browser to
// the issuer, which sends it back to GET /api/session/callback. It writes to the sessions table.
package main

import (
	"log"
	"net/url"
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
		Sessions string `env:"SESSIONS_TABLE"`
		SiteURL  string `env:"SITE_URL"`
		Issuer   string `env:"OIDC_ISSUER"`
		Client   string `env:"OIDC_CLIENT_ID"`
		Secret   string `env:"OIDC_SECRET_ARN" default:""`
	}
	if err := env.Load(&cfg); err != nil {
		log.Fatal(err)
	}
	site, err := url.Parse(cfg.SiteURL)
	if err != nil {
		log.Fatal(err)
	}
	h := &handler{
		host: site.Host, sessions: table.NewSessions(table.Client(env.AWS("DYNAMODB")), cfg.Sessions), now: time.Now,
		issuer: &oidcIssuer{
			url: cfg.Issuer, client: cfg.Client, site: cfg.SiteURL, secretID: cfg.Secret, secrets: secret.New(env.AWS("SECRETS_MANAGER")),
		},
		log: lambdacontext.NewLogger(),
	}
	lambda.Start(web.Adapt(h, h.log))
}
