// Package cloud runs the services of a planned stack: the emulators with the stack's tables, buckets and queues, and
// the services in this process. Package site adds the functions and their event sources.
package cloud

import (
	"log/slog"
	"net"
	"slices"
	"sync/atomic"

	"github.com/minim-dev/minim/infra/local/account"
	"github.com/minim-dev/minim/infra/local/cognito"
	"github.com/minim-dev/minim/infra/local/delivery"
	"github.com/minim-dev/minim/infra/local/emulators"
	"github.com/minim-dev/minim/infra/local/guard"
	"github.com/minim-dev/minim/infra/local/plan"
	"github.com/minim-dev/minim/infra/local/secrets"
	"github.com/minim-dev/minim/infra/local/sqs"
	"github.com/minim-dev/minim/infra/local/ssm"
	"github.com/minim-dev/minim/infra/local/stack"
	"github.com/minim-dev/minim/infra/local/terminal"
)

// The emulated region and account, and the access key for programs on this machine.
const (
	Region    = "us-east-1"
	Account   = "000000000000"
	AccessKey = "local"
)

// Options are the settings of a Cloud.
type Options struct {
	Template   string // the compiled template
	Stack      string // its name
	Binaries   string // folder with NAME/bootstrap or NAME.zip; NAME is the artifact's name or the logical ID
	Components string // folder of the emulators' programs
	State      string // folder for data and logs
	Site       string // host and port at which the stack is served
	LogLevel   string // for all functions, if not empty
	Debug      plan.Debug
	// Functions means that functions run, so their binaries must exist.
	Functions bool
	Terminal  *terminal.Terminal
	Logger    *slog.Logger // for events; may be nil
	// Parameters are the values of the template's parameters.
	Parameters map[string]string
}

// Cloud is the running services. Open sets Plan; Start sets the other exported fields.
type Cloud struct {
	Plan      *plan.Plan
	Guard     *guard.Guard
	Emulators *emulators.Emulators
	DynamoDB  string // URL
	Clients   stack.Clients
	Delivery  *delivery.Delivery
	Account   *account.Server // also serves the functions' logs
	Pools     *cognito.Pools

	o             Options
	secretKey     string // only S3 checks signatures, because browsers may use presigned URLs
	seed          string // from which the functions' secret keys are derived
	queueListener net.Listener
	queues        atomic.Pointer[sqs.Proxy]
	parameters    *ssm.Store
	secrets       *secrets.Store
	services      map[string]net.Listener // by the name in AWS_ENDPOINT_URL_…; "" for all other services
	closing       []func()                // in the order of opening
}

// Open opens the stores that templates refer to, and plans the stack, so mistakes are reported before anything is
// started. Close must be called even after an error.
func Open(o Options) (*Cloud, error) {
	c := &Cloud{o: o}
	return c, c.read()
}

// OnClose adds a function for Close to call.
func (c *Cloud) OnClose(end func()) { c.closing = append(c.closing, end) }

// Close stops everything, in reverse order of opening.
func (c *Cloud) Close() {
	for _, end := range slices.Backward(c.closing) {
		end()
	}
	c.closing = nil
}
