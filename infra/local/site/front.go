package site

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"

	"github.com/minim-dev/minim/infra/local/cloud"
	"github.com/minim-dev/minim/infra/local/cloudfront"
	"github.com/minim-dev/minim/infra/local/console"
	"github.com/minim-dev/minim/infra/local/httpapi"
	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/loopback"
	"github.com/minim-dev/minim/infra/local/schedule"
	"github.com/minim-dev/minim/infra/local/sources"
)

// front answers on the port: the distribution, or the API of a stack without one, and the console.
func (s *site) front(accessLog, output io.Writer, runner *schedule.Runner) (http.Handler, error) {
	stack, err := s.stackHandler(accessLog, output)
	if err != nil {
		return nil, err
	}
	pages, err := s.console(runner)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, console.Root) {
			pages.ServeHTTP(w, r)
			return
		}
		stack.ServeHTTP(w, r)
	}), nil
}

// stackHandler is the last distribution of the stack, else its last API.
func (s *site) stackHandler(accessLog, output io.Writer) (http.Handler, error) {
	handler := http.NotFoundHandler()
	origins := map[string]http.Handler{} // by domain
	for _, c := range s.Plan.APIs {
		c.Invoke, c.AccessLog = invokeForAPI(s.platform), accessLog
		var err error
		if handler, err = httpapi.New(c); err != nil {
			return nil, err
		}
		origins[c.Domain] = handler
	}
	sign := cloudfront.Signer(cloud.Region, s.Key())
	for domain, bucket := range s.Plan.Origins {
		origins[domain] = &cloudfront.Bucket{Endpoint: s.Emulators.S3, Name: bucket, Sign: sign}
	}
	for _, c := range s.Plan.Distributions {
		c.Origins, c.Output = maps.Clone(c.Origins), output
		for id, o := range c.Origins {
			o.Handler = origins[o.Domain]
			c.Origins[id] = o
		}
		var err error
		if handler, err = cloudfront.New(c); err != nil {
			return nil, err
		}
	}
	return handler, nil
}

// invokeForAPI reports to an API when the function is short of concurrency, or the event too large for it.
func invokeForAPI(platform *lambda.Platform) httpapi.InvokeFunc {
	return func(ctx context.Context, function string, payload []byte) (answer []byte, functionError string, err error) {
		result, err := platform.Invoke(ctx, function, payload)
		if refused, ok := errors.AsType[*lambda.Error](err); ok {
			switch refused.Status {
			case http.StatusTooManyRequests:
				err = fmt.Errorf("%w: %w", httpapi.ErrThrottled, err)
			case http.StatusRequestEntityTooLarge:
				err = fmt.Errorf("%w: %w", httpapi.ErrTooLarge, err)
			}
		}
		return result.Payload, result.FunctionError, err
	}
}

// console are the pages below /_local/. Pages of other sites can read nothing of them and change nothing with
// them.
func (s *site) console(runner *schedule.Runner) (http.Handler, error) {
	pages, err := console.New(console.Options{
		Prefix: s.prefix(), History: s.history, Plan: s.Plan, Stream: s.stream,
		Functions: s.platform.Functions, Settings: s.platform.Settings, Invoke: s.platform.Invoke, InvokeAsync: s.platform.InvokeAsync,
		Schedules: runner.States, RunSchedule: runner.Run,
		Queues: s.Clients.SQS, Emulator: s.Emulators.SQS, EmulatorHost: s.Emulators.Host, MessageID: s.MessageID,
		QueueURL: func(name string) string { return s.QueueEndpoint() + "/" + cloud.Account + "/" + name },
		Tables:   s.Clients.DynamoDB, Buckets: s.Clients.S3, Outbox: filepath.Join(s.State, "outbox"),
	})
	if err != nil {
		return nil, fmt.Errorf("the console: %w", err)
	}
	return loopback.OwnName(http.NewCrossOriginProtection().Handler(pages)), nil
}

// stream is how far the stream of a mapping was delivered.
func (s *site) stream(mapping string) (sources.StreamState, bool) {
	at := slices.IndexFunc(s.followers, func(f *sources.Follower) bool { return f.ID == mapping })
	if at < 0 {
		return sources.StreamState{}, false
	}
	return s.followers[at].State(), true
}
