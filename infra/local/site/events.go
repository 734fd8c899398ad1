package site

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"github.com/minim-dev/minim/infra/local/cloud"
	"github.com/minim-dev/minim/infra/local/loopback"
	"github.com/minim-dev/minim/infra/local/schedule"
	"github.com/minim-dev/minim/infra/local/sources"
)

// listenToBuckets opens the webhook for events of S3; it must accept requests before S3 starts. The recovery
// finds the events that S3 could not send before it crashed.
func (s *site) listenToBuckets(ctx context.Context) (url string, catchUp cloud.Recovery, err error) {
	if s.notifier, err = sources.NewNotifier(filepath.Join(s.State, "s3-events.json")); err != nil {
		return "", cloud.Recovery{}, err
	}
	webhook, err := loopback.Listen()
	if err != nil {
		return "", cloud.Recovery{}, err
	}
	s.OnClose(loopback.Serve(webhook, loopback.ForPrograms(s.notifier)))
	return "http://" + webhook.Addr().String() + "/", cloud.Recovery{Restarted: func() {
		if err := s.notifier.CatchUp(ctx); err != nil {
			s.logger.Warn("cannot recover lost bucket events", "error", err)
		}
	}}, nil
}

// openStreams creates a reader for each stream; its position is stored in a file of the state folder.
func (s *site) openStreams() error {
	folder := filepath.Join(s.State, "streams")
	known := map[string]bool{}
	for _, each := range s.Plan.Streams {
		known[each.ID+".json"] = true
	}
	if err := sources.DeleteOthers(folder, known); err != nil {
		return fmt.Errorf("delete the streams of former mappings: %w", err)
	}
	for _, each := range s.Plan.Streams {
		if each.Disabled {
			continue
		}
		f, err := sources.NewFollower(each, filepath.Join(folder, each.ID+".json"), s.streamOptions())
		if err != nil {
			return err
		}
		s.followers = append(s.followers, f)
	}
	return nil
}

func (s *site) streamOptions() sources.StreamOptions {
	return sources.StreamOptions{
		Client: dynamodbstreams.NewFromConfig(s.Config(), func(o *dynamodbstreams.Options) { o.BaseEndpoint = &s.DynamoDB }),
		Find:   s.findStream, Region: cloud.Region, Send: s.Delivery.Send, Duplicate: s.Duplicate, TimeScale: s.TimeScale, Logger: s.logger,
		Invoke: func(ctx context.Context, function string, payload []byte) (sources.Invocation, error) {
			result, err := s.platform.Invoke(ctx, function, payload)
			return sources.Invocation{RequestID: result.RequestID, Answer: result.Payload, FunctionError: result.FunctionError}, err
		},
	}
}

// findStream returns the ARN of the table's current stream.
func (s *site) findStream(ctx context.Context, table string) (string, error) {
	out, err := s.Clients.DynamoDB.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &table})
	if err != nil {
		return "", err
	}
	if out.Table.LatestStreamArn == nil {
		return "", fmt.Errorf("the table %s has no stream", table)
	}
	return *out.Table.LatestStreamArn, nil
}

func (s *site) queueOptions() sources.QueueOptions {
	return sources.QueueOptions{
		Client: s.Clients.SQS, Region: cloud.Region, Duplicate: s.Duplicate, TimeScale: s.TimeScale, Logger: s.logger,
		Invoke: func(ctx context.Context, trace, function string, payload []byte) (answer []byte, functionError string, err error) {
			result, err := s.platform.InvokeTraced(ctx, trace, function, payload)
			return result.Payload, result.FunctionError, err
		},
	}
}

// schedules returns a runner for the stack's schedules. It starts later, with serveEvents.
func (s *site) schedules() (*schedule.Runner, error) {
	return schedule.New(s.Plan.Schedules, schedule.Options{
		Logger: s.logger, TimeScale: s.TimeScale, SendDead: s.Delivery.SendDead,
		Invoke: s.Delivery.Scheduled,
	})
}

// serveEvents starts the event sources: they invoke functions. The returned function stops them.
func (s *site) serveEvents(ctx context.Context, runner *schedule.Runner) (finish func(), err error) {
	if err := s.notifier.Begin(ctx, sources.BucketOptions{
		Client: s.Clients.S3, Region: cloud.Region, Send: s.Delivery.Send, InvokeAsync: s.Delivery.Invoke, Logger: s.logger,
	}, s.Plan.Notifications); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	for _, f := range s.followers {
		all.Go(func() { f.Serve(ctx) })
	}
	if s.logs != nil {
		all.Go(func() { s.logs.Serve(ctx) })
	}
	for _, q := range s.Plan.Queues {
		if !q.Disabled {
			all.Go(func() { q.Serve(ctx, s.queueOptions()) })
		}
	}
	all.Go(func() { runner.Serve(ctx) })
	return func() { cancel(); all.Wait() }, nil
}
