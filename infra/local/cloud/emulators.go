package cloud

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"github.com/minim-dev/minim/infra/local/components"
	"github.com/minim-dev/minim/infra/local/delivery"
	"github.com/minim-dev/minim/infra/local/emulators"
	"github.com/minim-dev/minim/infra/local/guard"
	"github.com/minim-dev/minim/infra/local/loopback"
	"github.com/minim-dev/minim/infra/local/sqs"
	"github.com/minim-dev/minim/infra/local/stack"
)

// Recovery has callbacks for the restart of one emulator. Each emulator has its own supervising goroutine, which
// calls both in turn, so a recovery needs no lock for its own state.
type Recovery struct {
	Died      func() // may be nil, like Restarted
	Restarted func()
}

// StartOptions are the settings of Start.
type StartOptions struct {
	Webhook  string   // URL for the events of S3; it must already accept requests
	S3       Recovery // for events that S3 could not send
	InMemory bool     // stores tables only in memory
}

// Start starts the emulators, creates the tables, buckets and queues of the stack, and opens ports for the services
// of this process.
func (c *Cloud) Start(ctx context.Context, o StartOptions) (err error) {
	if c.o.Components, err = components.Ensure(ctx, c.o.Components, c.o.Terminal.Done); err != nil {
		return err
	}
	c.Guard = guard.New(guard.Options{
		Region: Region, Account: Account, Root: AccessKey, Denied: func(message string) { c.o.Terminal.Printf("denied: %s", message) },
	})
	c.Guard.Set(c.Plan.Roles, c.Plan.Callers)
	c.describe()
	for _, u := range c.Plan.Uses {
		c.Guard.Use(u.Role, u.Action, u.Resource)
	}
	if c.Emulators, err = emulators.Start(ctx, c.supervised(o, map[string]Recovery{"s3": o.S3, "sqs": c.recoverQueues(ctx)})); err != nil {
		return err
	}
	c.OnClose(c.Emulators.Close)
	queues, err := sqs.New(sqs.Options{
		Upstream: c.Emulators.SQS, Host: c.Emulators.Host, Endpoint: c.QueueEndpoint(), Region: Region, Account: Account,
		Journal: filepath.Join(c.o.State, "messages.jsonl"),
	})
	if err != nil {
		return err
	}
	c.queues.Store(queues)
	c.OnClose(func() { _ = queues.Close() })
	c.OnClose(loopback.Serve(c.queueListener, loopback.ForPrograms(sqs.Query(c.Guard.SQS(queues)))))
	if err := c.serveDynamoDB(); err != nil {
		return err
	}
	c.connect()
	if err := c.readTables(ctx); err != nil {
		return err
	}
	done := c.o.Terminal.Begin("stack")
	if err := stack.Apply(ctx, c.Clients, c.Plan.Stack); err != nil {
		return err
	}
	if err := queues.Restore(ctx); err != nil {
		return err
	}
	done()
	return c.openServices()
}

// supervised returns the options of the emulators, with the callbacks for restarts.
func (c *Cloud) supervised(o StartOptions, recoveries map[string]Recovery) emulators.Options {
	accounts := map[string]string{}
	for _, f := range c.Plan.Functions {
		accounts[f.Credentials.AccessKeyID] = f.Credentials.SecretAccessKey
	}
	return emulators.Options{
		Components: c.o.Components, State: c.o.State, Versioning: c.Plan.Versioning, Webhook: o.Webhook, InMemory: o.InMemory,
		Region: Region, AccessKeyID: AccessKey, SecretAccessKey: c.secretKey, Accounts: accounts,
		Started: c.o.Terminal.Done,
		Died: func(name string, err error) {
			c.o.Terminal.Printf("%s has stopped (%v); restarting it, see %s", name, err, filepath.Join(c.o.State, "logs", name+".log"))
			if died := recoveries[name].Died; died != nil {
				died()
			}
		},
		Restarted: func(name string) {
			c.o.Terminal.Printf("%s is running again", name)
			if restarted := recoveries[name].Restarted; restarted != nil {
				restarted()
			}
		},
	}
}

// recoverQueues suspends the queues while SQS is down, and restores their messages after the restart.
func (c *Cloud) recoverQueues(ctx context.Context) Recovery {
	var suspended *sqs.Proxy
	return Recovery{
		Died: func() {
			if suspended = c.queues.Load(); suspended != nil {
				suspended.Suspend()
			}
		},
		Restarted: func() {
			if suspended == nil { // it died before the queues existed
				return
			}
			if err := suspended.Resume(ctx); err != nil {
				c.o.Terminal.Printf("sqs: %v", err)
			}
		},
	}
}

// serveDynamoDB serves DynamoDB Local to programs on this machine, behind the guard: the root may call everything,
// functions only what their roles allow.
func (c *Cloud) serveDynamoDB() error {
	handler, err := c.Guard.DynamoDB(c.Emulators.DynamoDB, c.Emulators.Host)
	if err != nil {
		return err
	}
	listener, err := loopback.Listen()
	if err != nil {
		return err
	}
	c.DynamoDB = "http://" + listener.Addr().String()
	c.OnClose(loopback.Serve(listener, loopback.ForPrograms(handler)))
	return nil
}

// Key returns the credentials for programs on this machine.
func (c *Cloud) Key() aws.Credentials {
	return aws.Credentials{AccessKeyID: AccessKey, SecretAccessKey: c.secretKey}
}

// Config returns the configuration for clients of the emulators.
func (c *Cloud) Config() aws.Config {
	return aws.Config{Region: Region, Credentials: credentials.StaticCredentialsProvider{Value: c.Key()}}
}

func (c *Cloud) connect() {
	c.Clients = stack.Clients{
		DynamoDB: dynamodb.NewFromConfig(c.Config(), func(o *dynamodb.Options) { o.BaseEndpoint = &c.DynamoDB }),
		S3: s3.NewFromConfig(c.Config(), func(o *s3.Options) {
			o.BaseEndpoint, o.UsePathStyle = &c.Emulators.S3, true
		}),
		SQS: awssqs.NewFromConfig(c.Config(), func(o *awssqs.Options) { o.BaseEndpoint = aws.String(c.QueueEndpoint()) }),
	}
	c.Delivery = &delivery.Delivery{Queues: c.Clients.SQS, QueueURLs: c.Plan.QueueURLs}
}

// readTables returns an error if the tables on disk cannot be read.
func (c *Cloud) readTables(ctx context.Context) error {
	_, err := c.Clients.DynamoDB.ListTables(ctx, &dynamodb.ListTablesInput{}, func(o *dynamodb.Options) { o.RetryMaxAttempts = 1 })
	if failure, ok := errors.AsType[smithy.APIError](err); ok {
		return fmt.Errorf("the tables in %s cannot be read (%s, see logs/dynamodb.log); remove that folder to continue without them",
			filepath.Join(c.o.State, "dynamodb"), failure.ErrorCode())
	}
	return err
}

// MessageID returns the ID for clients of a message of the SQS emulator.
func (c *Cloud) MessageID(emulator string) string { return c.queues.Load().MessageID(emulator) }
