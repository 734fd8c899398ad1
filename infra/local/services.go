package main

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/minim-dev/minim/infra/local/missing"
	"github.com/minim-dev/minim/infra/local/secrets"
	"github.com/minim-dev/minim/infra/local/ses"
	"github.com/minim-dev/minim/infra/local/sns"
	"github.com/minim-dev/minim/infra/local/ssm"
	"github.com/minim-dev/minim/infra/local/template"
)

// services are those that run in this process and that functions call by name.
type services struct {
	parameters *ssm.Store
	secrets    *secrets.Store
	mail       *ses.Server
	topics     *sns.Server
	// deliver brings an event to a function, by its ARN. The command parts has none.
	deliver   func(ctx context.Context, arn string, event []byte) error
	addresses map[string]string // by the variable that tells them, once they answer
}

// openParameters comes before the template, which may refer to them.
func (c *cloud) openParameters() (err error) {
	c.parameters, err = ssm.Open(ssm.Options{Region: region, Account: account, Path: filepath.Join(c.state, "parameters.json")})
	return err
}

// planServices makes what the template says of them.
func (c *cloud) planServices() error {
	var parameters []ssm.Declaration
	for _, p := range template.Of[template.Parameter](c.stack) {
		parameters = append(parameters, ssm.Declaration{
			Name: p.Name, Type: p.Type, Value: p.Value, Description: p.Description, AllowedPattern: p.AllowedPattern, DataType: p.DataType,
		})
	}
	c.mail = ses.New(ses.Outbox{Folder: filepath.Join(c.state, "outbox")}, c.identities())
	return errors.Join(c.parameters.Declare(parameters), c.planTopics())
}

// identities are who sends mail.
func (c *cloud) identities() (all []string) {
	for _, i := range template.Of[template.EmailIdentity](c.stack) {
		all = append(all, i.EmailIdentity)
	}
	return all
}

// startServices serves them.
func (c *cloud) startServices() error {
	all := map[string]http.Handler{"SSM": c.parameters, "SESV2": c.mail, "SNS": c.topics}
	if c.guard != nil {
		all["SSM"], all["SESV2"], all["SNS"] = c.guard.SSM(c.parameters), c.guard.SES(c.mail, c.identities()), c.guard.SNS(c.topics)
	}
	manager, err := c.secretsManager()
	if err != nil {
		return err
	}
	all["SECRETS_MANAGER"] = manager
	c.addresses = map[string]string{}
	all[""] = missing.Handler()
	for name, handler := range all {
		listener, err := listen()
		if err != nil {
			return err
		}
		c.addresses[strings.TrimSuffix("AWS_ENDPOINT_URL_"+name, "_")] = "http://" + listener.Addr().String()
		c.closing = append(c.closing, serve(listener, forPrograms(handler)))
	}
	return nil
}
