package main

import (
	"net/http"
	"path/filepath"

	"github.com/minim-dev/minim/infra/local/ses"
	"github.com/minim-dev/minim/infra/local/ssm"
	"github.com/minim-dev/minim/infra/local/template"
)

// services are those that run in this process and that functions call by name.
type services struct {
	parameters *ssm.Store
	addresses  map[string]string // by the variable that tells them, once they answer
}

// openParameters comes before the template, which may refer to them.
func (c *cloud) openParameters() (err error) {
	c.parameters, err = ssm.Open(ssm.Options{Region: region, Account: account, Path: filepath.Join(c.state, "parameters.json")})
	return err
}

// outbox is where mail goes.
func (c *cloud) outbox() ses.Outbox { return ses.Outbox{Folder: filepath.Join(c.state, "outbox")} }

// startServices makes what the template says of them, and serves them.
func (c *cloud) startServices() error {
	var parameters []ssm.Declaration
	for _, p := range template.Of[template.Parameter](c.stack) {
		parameters = append(parameters, ssm.Declaration{
			Name: p.Name, Type: p.Type, Value: p.Value, Description: p.Description, AllowedPattern: p.AllowedPattern, DataType: p.DataType,
		})
	}
	if err := c.parameters.Declare(parameters); err != nil {
		return err
	}
	var identities []string
	for _, i := range template.Of[template.EmailIdentity](c.stack) {
		identities = append(identities, i.EmailIdentity)
	}
	all := map[string]http.Handler{"SSM": c.parameters, "SESV2": ses.New(c.outbox(), identities)}
	if c.guard != nil {
		all["SSM"], all["SESV2"] = c.guard.SSM(all["SSM"]), c.guard.SES(all["SESV2"], identities)
	}
	c.addresses = map[string]string{}
	for name, handler := range all {
		listener, err := listen()
		if err != nil {
			return err
		}
		c.addresses["AWS_ENDPOINT_URL_"+name] = "http://" + listener.Addr().String()
		c.closing = append(c.closing, serve(listener, handler))
	}
	return nil
}
