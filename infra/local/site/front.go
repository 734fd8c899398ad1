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

// front is the handler for the port: the distribution (or the API, if the stack has none), user pools and the console.
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
		handler := stack
		if s.Pools.Path(r.URL.Path) {
			handler = loopback.OwnName(s.Pools)
		} else if strings.HasPrefix(r.URL.Path, console.Root) {
			handler = pages
		}
		handler.ServeHTTP(w, r)
	}), nil
}

// stackHandler serves the last distribution of the stack, or else its last API, or else its last function URL.
// Each API and function URL is also served at ID.localhost.
func (s *site) stackHandler(accessLog, output io.Writer) (http.Handler, error) {
	hosts, origins, handler, err := s.apis(accessLog)
	if err != nil {
		return nil, err
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
		if handler, err = cloudfront.New(c); err != nil {
			return nil, err
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if named, ok := hosts[r.Host]; ok {
			named.ServeHTTP(w, r)
			return
		}
		handler.ServeHTTP(w, r)
	}), nil
}

// apis creates the APIs and function URLs: hosts maps their host names, origins the domain names that distributions
// use, and first is the one to serve if there is no distribution.
func (s *site) apis(accessLog io.Writer) (hosts, origins map[string]http.Handler, first http.Handler, err error) {
	hosts, origins, first = map[string]http.Handler{}, map[string]http.Handler{}, http.NotFoundHandler()
	stages := map[string]map[string]http.Handler{}   // by API, then by stage
	for _, c := range slices.Backward(s.Plan.APIs) { // function URLs are last
		c.Invoke, c.AccessLog = invokeForAPI(s.platform), accessLog
		c.Allowed = func(r *http.Request, function string) bool {
			return s.Guard.Allows(r, "lambda:InvokeFunctionUrl", "arn:aws:lambda:"+cloud.Region+":"+cloud.Account+":function:"+function)
		}
		made, err := httpapi.New(c)
		if err != nil {
			return nil, nil, nil, err
		}
		host := c.APIID + "." + s.host()
		if c.FunctionURL {
			hosts[host], first = made, made
			c.Signed = false // a distribution signs its requests
			if origins[host], err = httpapi.New(c); err != nil {
				return nil, nil, nil, err
			}
			origins[c.Domain] = origins[host]
			continue
		}
		if stages[c.APIID] == nil {
			stages[c.APIID] = map[string]http.Handler{}
		}
		stages[c.APIID][c.Stage] = made
		first = httpapi.Stages(stages[c.APIID])
		hosts[host], origins[c.Domain] = first, first
	}
	return hosts, origins, first, nil
}

// invokeForAPI translates Lambda's errors for an API: a throttled function and an event that is too large.
func invokeForAPI(platform *lambda.Platform) httpapi.InvokeFunc {
	return func(ctx context.Context, function string, payload []byte) (answer []byte, functionError string, err error) {
		result, err := platform.Invoke(ctx, function, payload)
		refused, ok := errors.AsType[*lambda.Error](err)
		switch {
		case ok && refused.Status == http.StatusTooManyRequests:
			err = fmt.Errorf("%w: %w", httpapi.ErrThrottled, err)
		case ok && refused.Status == http.StatusRequestEntityTooLarge:
			err = fmt.Errorf("%w: %w", httpapi.ErrTooLarge, err)
		}
		return result.Payload, result.FunctionError, err
	}
}

// console serves the pages below /_local/. Other sites can neither read these pages nor send requests that change
// anything.
func (s *site) console(runner *schedule.Runner) (http.Handler, error) {
	pages, err := console.New(console.Options{
		Prefix: s.prefix(), History: s.history, Plan: s.Plan, Stream: s.stream,
		Functions: s.platform.Functions, Settings: s.platform.Settings, Invoke: s.platform.Invoke, InvokeAsync: s.platform.InvokeAsync,
		Schedules: runner.States, RunSchedule: runner.Run,
		Queues: s.Clients.SQS, Emulator: s.Emulators.SQS, EmulatorHost: s.Emulators.Host, MessageID: s.MessageID,
		QueueURL: func(name string) string { return s.QueueEndpoint() + "/" + cloud.Account + "/" + name },
		Tables:   s.Clients.DynamoDB, Buckets: s.Clients.S3, Outbox: filepath.Join(s.State, "outbox"),
		Pools: s.Pools.Summaries, RotateKeys: s.Pools.Rotate, SignInLink: s.Pools.SignInLink,
	})
	if err != nil {
		return nil, fmt.Errorf("the console: %w", err)
	}
	return loopback.OwnName(http.NewCrossOriginProtection().Handler(pages)), nil
}

// stream returns the progress of the stream of a mapping.
func (s *site) stream(mapping string) (sources.StreamState, bool) {
	at := slices.IndexFunc(s.followers, func(f *sources.Follower) bool { return f.ID == mapping })
	if at < 0 {
		return sources.StreamState{}, false
	}
	return s.followers[at].State(), true
}
