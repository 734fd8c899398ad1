package cloud

import (
	"context"
	"net"
	"net/http"
	"path/filepath"
	"slices"

	"github.com/minim-dev/minim/infra/local/account"
	"github.com/minim-dev/minim/infra/local/bus"
	"github.com/minim-dev/minim/infra/local/cognito"
	"github.com/minim-dev/minim/infra/local/loopback"
	"github.com/minim-dev/minim/infra/local/missing"
	"github.com/minim-dev/minim/infra/local/secrets"
	"github.com/minim-dev/minim/infra/local/ses"
	"github.com/minim-dev/minim/infra/local/sns"
)

// pools is the service name of user pools in AWS_ENDPOINT_URL_….
const pools = "COGNITO_IDENTITY_PROVIDER"

// openServices opens ports for the services in this process. Functions get their addresses.
func (c *Cloud) openServices() error {
	c.services = map[string]net.Listener{}
	names := []string{"SSM", "SESV2", "SNS", "SECRETS_MANAGER", "EVENTBRIDGE", ""}
	if c.o.Functions {
		names = append(names, "LAMBDA")
	}
	if len(c.Plan.Pools) > 0 {
		names = append(names, pools)
	}
	for _, name := range names {
		listener, err := loopback.Listen()
		if err != nil {
			return err
		}
		c.services[name] = listener
		c.OnClose(func() { listener.Close() })
	}
	return nil
}

// describe creates the services that describe the account and the stack.
func (c *Cloud) describe() {
	o := account.Options{Region: Region, Account: Account, Stack: c.o.Stack, Outputs: c.Plan.Stack.Outputs(), Caller: c.Guard.Caller}
	for _, r := range c.Plan.Stack.Resources() {
		o.Resources = append(o.Resources, account.Resource(r))
	}
	c.Account = account.New(o)
}

// Serve serves the services of this process other than Lambda.
func (c *Cloud) Serve(ctx context.Context) (err error) {
	c.Delivery.Mail = ses.New(ses.Outbox{Folder: filepath.Join(c.o.State, "outbox")}, c.Plan.Identities)
	o := sns.Options{
		Region: Region, Account: Account, Topics: c.Plan.Topics, Subscriptions: slices.Clone(c.Plan.Subscriptions),
		Queue: c.Delivery.Letter, Mail: c.Delivery.Email,
	}
	if c.Delivery.Functions != nil {
		o.Function = c.Delivery.Function
	}
	if c.Delivery.Topics, err = sns.New(o); err != nil {
		return err
	}
	c.Delivery.Buses = bus.New(bus.Options{
		Region: Region, Account: Account, Buses: c.Plan.Buses, Rules: c.Plan.Rules, Send: c.Delivery.Grouped, SendDead: c.Delivery.SendDead, Logger: c.o.Logger,
	})
	c.OnClose(c.Delivery.Buses.Wait)
	for name, handler := range map[string]http.Handler{
		"SSM": c.Guard.SSM(c.parameters), "SESV2": c.Guard.SES(c.Delivery.Mail, c.Plan.Identities), "SNS": c.Guard.SNS(c.Delivery.Topics),
		"SECRETS_MANAGER": c.Guard.Secrets(c.secrets, func(name string) string { return secrets.ARN(Region, Account, name) }),
		"EVENTBRIDGE":     c.Guard.Events(c.Delivery.Buses.Handler()),
		"":                c.Account.Handler(missing.Handler()),
	} {
		c.serve(name, handler)
	}
	if len(c.Plan.Pools) == 0 {
		return nil
	}
	services := cognito.Services{Mail: c.Delivery.EmailHTML}
	if c.Delivery.Functions != nil {
		services.Invoke = c.Delivery.Call
	}
	if err := c.Pools.Serve(ctx, c.Plan.Pools, services); err != nil {
		return err
	}
	c.serve(pools, c.Guard.Pools(c.Pools.API()))
	return nil
}

// ServeLambda serves Lambda's API.
func (c *Cloud) ServeLambda(handler http.Handler) { c.serve("LAMBDA", handler) }

func (c *Cloud) serve(name string, handler http.Handler) {
	c.OnClose(loopback.Serve(c.services[name], loopback.ForPrograms(handler)))
}
