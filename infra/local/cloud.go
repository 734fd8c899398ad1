package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"github.com/minim-dev/minim/infra/local/guard"
	"github.com/minim-dev/minim/infra/local/parts"
	"github.com/minim-dev/minim/infra/local/sqs"
	"github.com/minim-dev/minim/infra/local/stack"
	"github.com/minim-dev/minim/infra/local/template"
)

// Where everything is said to be, and what calls are signed with.
const (
	region    = "us-east-1"
	account   = "000000000000"
	accessKey = "local"
)

// cloud is what both commands have in common: the parts, with the tables, buckets
// and queues of the template in them.
type cloud struct {
	settings
	stack   *template.Stack
	clients stack.Clients
	parts   *parts.Parts
	queues  atomic.Pointer[sqs.Proxy]
	say     *progress
	services

	// Only S3 checks signatures: pages may send to it what was signed for them.
	secretKey string

	// Of the functions. The command parts has none.
	guard    *guard.Guard
	accounts map[string]string // secret keys by access keys

	queueAddress net.Listener
	dynamoDB     string   // URL
	closing      []func() // in the order they were opened
}

// options are those of the template.
func (c *cloud) options() template.Options {
	return template.Options{
		StackName: c.settings.stack, Account: account, Region: region,
		EdgeDomain: c.site(), QueueEndpoint: "http://" + c.queueAddress.Addr().String(), Parameter: c.parameters.Value, Secret: c.secret,
	}
}

// load draws the secret key, opens the address of the queues, which is in their URLs,
// and reads the template.
func (c *cloud) load() (err error) {
	c.secretKey = rand.Text()
	if c.queueAddress, err = listen(); err != nil {
		return err
	}
	c.closing = append(c.closing, func() { c.queueAddress.Close() })
	if err := errors.Join(c.openParameters(), c.openSecrets()); err != nil {
		return err
	}
	c.stack, err = template.Load(c.template, c.options())
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("there is no template %s: make dev compiles it", c.template)
	}
	return err
}

// recovery is what to do about one emulator besides restarting it. Each emulator is supervised by a goroutine
// of its own, which calls both, one after the other: a recovery needs no lock for what only it uses.
type recovery struct {
	died      func() // may be nil
	restarted func()
}

// start starts the parts and makes the stack in them. The recoveries are by the names of emulators.
func (c *cloud) start(ctx context.Context, webhook string, inMemory bool, recoveries map[string]recovery) (err error) {
	recoveries = maps.Clone(recoveries)
	recoveries["sqs"] = c.recoverQueues(ctx)
	options := c.supervision(recoveries)
	options.Webhook, options.InMemory = webhook, inMemory
	if c.parts, err = parts.Start(ctx, options); err != nil {
		return err
	}
	c.closing = append(c.closing, c.parts.Close)
	queues, err := sqs.New(sqs.Options{
		Upstream: c.parts.SQS, Host: c.parts.Host, Endpoint: c.options().QueueEndpoint, Region: region, Account: account,
		Journal: filepath.Join(c.state, "messages.jsonl"),
	})
	if err != nil {
		return err
	}
	c.queues.Store(queues)
	var service http.Handler = queues
	if c.guard != nil {
		service = c.guard.SQS(queues)
	}
	c.closing = append(c.closing, func() { _ = queues.Close() }, serve(c.queueAddress, forPrograms(sqs.Query(service))))
	if err := c.serveDynamoDB(); err != nil {
		return err
	}
	c.connect()
	if err := c.readTables(ctx); err != nil {
		return err
	}
	step := c.say.begin("stack")
	if err := stack.Apply(ctx, c.clients, c.stack); err != nil {
		return err
	}
	if err := queues.Restore(ctx); err != nil {
		return err
	}
	step()
	return c.startServices()
}

// supervision are the options of the parts, with what happens when one dies.
func (c *cloud) supervision(recoveries map[string]recovery) parts.Options {
	return parts.Options{
		Tools: c.tools, Modules: c.modules, State: c.state, Versioning: c.versioning(),
		Region: region, AccessKeyID: accessKey, SecretAccessKey: c.secretKey, Accounts: c.accounts,
		Started: c.say.done,
		Died: func(part string, err error) {
			c.say.printf("%s has ended (%v); starting it again, see %s", part, err, filepath.Join(c.state, "logs", part+".log"))
			if died := recoveries[part].died; died != nil {
				died()
			}
		},
		Restarted: func(part string) {
			c.say.printf("%s is back", part)
			if restarted := recoveries[part].restarted; restarted != nil {
				restarted()
			}
		},
	}
}

// recoverQueues suspends the queues while SQS is down, and gives the new one their messages.
func (c *cloud) recoverQueues(ctx context.Context) recovery {
	var suspended *sqs.Proxy
	return recovery{
		died: func() {
			if suspended = c.queues.Load(); suspended != nil {
				suspended.Suspend()
			}
		},
		restarted: func() {
			if suspended == nil { // it died before the queues existed
				return
			}
			if err := suspended.Resume(ctx); err != nil {
				c.say.printf("sqs: %v", err)
			}
		},
	}
}

// readTables finds out whether the tables on disk can be read at all.
func (c *cloud) readTables(ctx context.Context) error {
	_, err := c.clients.DynamoDB.ListTables(ctx, &dynamodb.ListTablesInput{}, func(o *dynamodb.Options) { o.RetryMaxAttempts = 1 })
	if failure, ok := errors.AsType[smithy.APIError](err); ok {
		return fmt.Errorf("the tables in %s cannot be read (%s, see logs/dynamodb.log); remove that folder to go on without them",
			filepath.Join(c.state, "dynamodb"), failure.ErrorCode())
	}
	return err
}

func (c *cloud) versioning() bool {
	for _, b := range template.Of[template.Bucket](c.stack) {
		if b.VersioningConfiguration != nil {
			return true
		}
	}
	return false
}

func (c *cloud) connect() {
	config := aws.Config{Region: region, Credentials: credentials.NewStaticCredentialsProvider(accessKey, c.secretKey, "")}
	c.clients = stack.Clients{
		DynamoDB: dynamodb.NewFromConfig(config, func(o *dynamodb.Options) { o.BaseEndpoint = &c.dynamoDB }),
		S3: s3.NewFromConfig(config, func(o *s3.Options) {
			o.BaseEndpoint, o.UsePathStyle = &c.parts.S3, true
		}),
		SQS: awssqs.NewFromConfig(config, func(o *awssqs.Options) { o.BaseEndpoint = aws.String(c.options().QueueEndpoint) }),
	}
}

// endpoints are the variables by which AWS SDKs find the local services, and nothing else: AWS_ENDPOINT_URL
// leads to the answer for those that the local cloud does not have, and machines of EC2 are not asked.
func (c *cloud) endpoints() map[string]string {
	all := maps.Clone(c.addresses)
	all["AWS_EC2_METADATA_DISABLED"] = "true"
	all["AWS_ENDPOINT_URL_DYNAMODB"] = c.dynamoDB
	all["AWS_ENDPOINT_URL_S3"] = c.parts.S3
	all["AWS_ENDPOINT_URL_SQS"] = c.options().QueueEndpoint
	return all
}

// environment is this process's own without its AWS settings, with ours.
func (c *cloud) environment(endpoints map[string]string) []string {
	var all []string
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "AWS_") {
			all = append(all, entry)
		}
	}
	return append(all, c.variables(endpoints)...)
}

// variables is all that a client on this machine needs, sorted.
func (c *cloud) variables(endpoints map[string]string) []string {
	all := []string{
		"AWS_REGION=" + region, "AWS_DEFAULT_REGION=" + region,
		"AWS_ACCESS_KEY_ID=" + accessKey, "AWS_SECRET_ACCESS_KEY=" + c.secretKey, "SITE_URL=http://" + c.site(),
	}
	for name, value := range endpoints {
		all = append(all, name+"="+value)
	}
	slices.Sort(all)
	return all
}

// close ends everything, last opened first.
func (c *cloud) close() {
	for _, end := range slices.Backward(c.closing) {
		end()
	}
	c.closing = nil
}

func listen() (net.Listener, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("find a free port: %w", err)
	}
	return listener, nil
}

// serve answers on a listener until the returned function is called.
func serve(l net.Listener, h http.Handler) (end func()) {
	server := &http.Server{Handler: h, ReadHeaderTimeout: readTimeout}
	go func() { _ = server.Serve(l) }()
	return func() { _ = server.Close() }
}
