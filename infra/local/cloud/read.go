package cloud

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/minim-dev/minim/infra/local/cognito"
	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/loopback"
	"github.com/minim-dev/minim/infra/local/plan"
	"github.com/minim-dev/minim/infra/local/secrets"
	"github.com/minim-dev/minim/infra/local/ssm"
	"github.com/minim-dev/minim/infra/local/template"
)

// read opens the stores that templates refer to, and plans the stack. If no functions run, it ignores their binaries.
func (c *Cloud) read() (err error) {
	c.secretKey, c.seed = rand.Text(), rand.Text()
	if c.queueListener, err = loopback.Listen(); err != nil { // queue URLs contain this address
		return err
	}
	c.OnClose(func() { c.queueListener.Close() })
	if c.parameters, err = ssm.Open(ssm.Options{Region: Region, Account: Account, Path: filepath.Join(c.o.State, "parameters.json")}); err != nil {
		return err
	}
	if c.secrets, err = secrets.Open(secrets.Options{Region: Region, Account: Account, Path: filepath.Join(c.o.State, "secrets.json")}); err != nil {
		return err
	}
	if c.Pools, err = cognito.Open(cognito.Options{Region: Region, Account: Account, Path: filepath.Join(c.o.State, "pools.json")}); err != nil {
		return err
	}
	if c.Plan, err = c.Replan(); c.Plan != nil && c.o.Functions {
		err = errors.Join(err, lambda.CheckBinaries(c.Plan.Functions))
	}
	if err != nil {
		return err
	}
	for _, d := range plan.Secrets(c.Plan.Stack) {
		if err := c.secrets.Declare(d); err != nil {
			return err
		}
	}
	return c.parameters.Declare(c.Plan.Parameters)
}

// Replan plans the current template. If it returns an error, the plan may be nil or incomplete.
func (c *Cloud) Replan() (*plan.Plan, error) {
	loaded, err := template.Load(c.o.Template, template.Options{
		StackName: c.o.Stack, Account: Account, Region: Region, EdgeDomain: c.o.Site, QueueEndpoint: c.QueueEndpoint(),
		Parameters: c.o.Parameters, Parameter: c.parameters.Value, Secret: c.secret, ClientSecret: c.clientSecret,
	})
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no template %s: --template names one", c.o.Template)
	}
	if err != nil {
		return nil, err
	}
	return plan.New(loaded, plan.Options{
		Region: Region, Account: Account, QueueEndpoint: c.QueueEndpoint(), Binaries: c.o.Binaries, Find: c.findBinary, LogLevel: c.o.LogLevel,
		Seed: c.seed, Debug: c.o.Debug,
	})
}

// secret returns the value of a secret that a template refers to. It creates the secret on first use.
func (c *Cloud) secret(v *template.Secret, key string) (string, bool) {
	if err := c.secrets.Declare(plan.Secret(v)); err != nil {
		return "", false
	}
	return c.secrets.Value(v.ARN(), key)
}

// clientSecret returns the secret of a user pool client. It creates the secret on first use. It returns "" if the template has a mistake.
func (c *Cloud) clientSecret(pool, client string) string {
	secret, err := c.Pools.Secret(pool, client)
	if err != nil {
		c.o.Terminal.Printf("%v", err)
		return ""
	}
	return secret
}

// QueueEndpoint returns the address of SQS.
func (c *Cloud) QueueEndpoint() string { return "http://" + c.queueListener.Addr().String() }
