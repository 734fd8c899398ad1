// Package plan turns a parsed template into the configurations of all services, before anything is started. It
// starts nothing and reads no files. It is the only package that depends on both the template and the services.
package plan

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/minim-dev/minim/infra/local/bus"
	"github.com/minim-dev/minim/infra/local/cloudfront"
	"github.com/minim-dev/minim/infra/local/cognito"
	"github.com/minim-dev/minim/infra/local/guard"
	"github.com/minim-dev/minim/infra/local/httpapi"
	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/logs"
	"github.com/minim-dev/minim/infra/local/schedule"
	"github.com/minim-dev/minim/infra/local/sns"
	"github.com/minim-dev/minim/infra/local/sources"
	"github.com/minim-dev/minim/infra/local/ssm"
	"github.com/minim-dev/minim/infra/local/template"
	"github.com/minim-dev/minim/infra/local/userpools"
)

// Options are the inputs of a plan besides the template.
type Options struct {
	Region, Account string
	// QueueEndpoint is the address of SQS.
	QueueEndpoint string
	// Binaries is the folder of the binaries: NAME/bootstrap for the artifact NAME.zip.
	Binaries string
	// Find returns the path of the binary with one of these names. If Find is nil, the first name is used.
	Find func(names []string) string
	// LogLevel, if not empty, overrides the log level of all functions.
	LogLevel string
	// Seed is the secret from which the functions' secret access keys are derived.
	Seed string
	// Debug is the function that runs under a debugger, if any.
	Debug Debug
}

// Debug is a function that runs under a debugger.
type Debug struct {
	Function string   // its deployed name; "" for no function
	Binary   string   // with its symbols
	Command  []string // the debugger
}

// Plan describes everything to start. Fields that exist only at run time are not set: handlers of origins,
// callbacks that invoke functions, and the outputs of logs.
type Plan struct {
	Stack *template.Stack
	// Notes lists parts of the template that the local cloud ignores, each with its place and the reason.
	Notes []string

	Functions []lambda.Function // sorted by name
	Roles     []guard.Role
	Callers   []guard.Function
	// Uses are the permissions that AWS itself uses on behalf of a role.
	Uses []Use

	APIs          []httpapi.Config
	Distributions []cloudfront.Config
	Origins       map[string]string // bucket names by the domain names that distributions use

	Queues        []sources.Queue
	Streams       []sources.Stream
	Notifications []sources.Notification
	Schedules     []schedule.Schedule
	Buses         []string // names of event buses, including "default"
	Rules         []bus.Rule
	Logs          []logs.Subscription

	QueueURLs     map[string]string // by ARN
	Topics        []sns.Topic
	Subscriptions []sns.Subscription
	Parameters    []ssm.Declaration
	Identities    []string // senders of mail
	Pools         []cognito.Pool

	Tables, Buckets []string // names, sorted
	// Versioning reports whether any bucket keeps old versions of objects.
	Versioning bool
}

// Use is an action on a resource that AWS itself performs on behalf of a role.
type Use struct{ Role, Action, Resource string }

// planner builds a Plan.
type planner struct {
	o     Options
	stack *template.Stack
	notes []string
}

func (p *planner) note(format string, args ...any) {
	p.notes = append(p.notes, fmt.Sprintf(format, args...))
}

// New plans a stack. The error has one line for each mistake. The plan then contains everything that could be planned.
func New(stack *template.Stack, o Options) (*Plan, error) {
	p := &planner{o: o, stack: stack}
	plan := &Plan{
		Stack: stack, Origins: map[string]string{}, QueueURLs: map[string]string{},
		Tables:  names(stack, func(t *template.Table) string { return t.TableName }),
		Buckets: names(stack, func(b *template.Bucket) string { return b.BucketName }),
	}
	for _, i := range template.Of[template.EmailIdentity](stack) {
		plan.Identities = append(plan.Identities, i.EmailIdentity)
	}
	for _, q := range template.Of[template.Queue](stack) {
		plan.QueueURLs[q.ARN()] = p.queueURL(q)
	}
	for _, b := range template.Of[template.Bucket](stack) {
		plan.Origins[b.BucketName+".s3."+o.Region+".amazonaws.com"] = b.BucketName
		plan.Origins[b.BucketName+".s3.amazonaws.com"] = b.BucketName
		plan.Versioning = plan.Versioning || b.VersioningConfiguration != nil
	}
	errs := make([]error, 13)
	plan.Functions, errs[0] = p.functions()
	plan.Queues, errs[1] = p.queues()
	plan.Notifications, errs[2] = p.notifications()
	plan.Schedules, errs[3] = p.schedules()
	plan.APIs, errs[4] = p.apis()
	plan.Distributions, errs[5] = p.distributions(plan)
	errs[6] = p.permissions(plan)
	plan.Streams, errs[7] = p.streams()
	errs[8] = p.services(plan)
	plan.Logs, errs[9] = p.logs()
	errs[10] = p.names()
	plan.Buses, plan.Rules, errs[11] = p.rules(plan)
	var notes []string
	plan.Pools, notes, errs[12] = userpools.Read(stack, func(arn string) (string, bool) {
		name, ok := functionOf(arn)
		return name, ok && p.named(name) != nil
	})
	plan.Notes = slices.Concat(stack.Notes(), p.notes, notes)
	return plan, errors.Join(errs...)
}

// Function returns the function with a name.
func (p *Plan) Function(name string) (lambda.Function, bool) {
	at, ok := slices.BinarySearchFunc(p.Functions, name, func(f lambda.Function, name string) int { return strings.Compare(f.Name, name) })
	if !ok {
		return lambda.Function{}, false
	}
	return p.Functions[at], true
}

// names returns the names of all resources of a type, sorted.
func names[T any](stack *template.Stack, name func(*T) string) []string {
	all := map[string]bool{}
	for _, resource := range template.Of[T](stack) {
		all[name(resource)] = true
	}
	return slices.Sorted(maps.Keys(all))
}

func (p *planner) queueURL(q *template.Queue) string {
	return p.o.QueueEndpoint + "/" + p.o.Account + "/" + q.QueueName
}
