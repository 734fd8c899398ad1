// Package cloud is the services of a planned stack: emulators with its tables, buckets and queues in them, and
// the services that run in this process. What runs functions, and brings events to them, comes on top.
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

// The emulated account and region, and the access key of programs on this machine.
const (
	Region    = "us-east-1"
	Account   = "000000000000"
	AccessKey = "local"
)

// Options say where everything is.
type Options struct {
	Template   string // the compiled template
	Stack      string // its name
	Binaries   string // folder with NAME/bootstrap, or NAME.zip, where NAME is that of the artifact, or the logical ID
	Components string // folder of the emulators' programs
	State      string // folder of data and logs
	Site       string // host and port where the stack answers
	LogLevel   string // of all functions, if any
	Debug      plan.Debug
	// Functions reports whether functions run, which then need their binaries.
	Functions bool
	Terminal  *terminal.Terminal
	Logger    *slog.Logger // of what happens to events; may be nil
	// Parameters are the values of the template's parameters.
	Parameters map[string]string
}

// Cloud is the services. Its exported fields are there once Start has returned, Plan once Open has.
type Cloud struct {
	Plan      *plan.Plan
	Guard     *guard.Guard
	Emulators *emulators.Emulators
	DynamoDB  string // URL
	Clients   stack.Clients
	Delivery  *delivery.Delivery
	Account   *account.Server // knows what functions log
	Pools     *cognito.Pools

	o             Options
	secretKey     string // only S3 checks signatures: pages may send to it what was signed for them
	seed          string // of the secret keys of functions
	queueListener net.Listener
	queues        atomic.Pointer[sqs.Proxy]
	parameters    *ssm.Store
	secrets       *secrets.Store
	services      map[string]net.Listener // by the name in AWS_ENDPOINT_URL_…; "" for all others
	closing       []func()                // in the order in which they were opened
}

// Open opens what templates refer to, and plans the stack: mistakes are reported before anything is started.
// After an error, too, Close must be called.
func Open(o Options) (*Cloud, error) {
	c := &Cloud{o: o}
	return c, c.read()
}

// OnClose adds what ends something that was opened.
func (c *Cloud) OnClose(end func()) { c.closing = append(c.closing, end) }

// Close ends everything, last opened first.
func (c *Cloud) Close() {
	for _, end := range slices.Backward(c.closing) {
		end()
	}
	c.closing = nil
}
