package site

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/minim-dev/minim/infra/local/cloud"
	"github.com/minim-dev/minim/infra/local/disk"
	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/logs"
	"github.com/minim-dev/minim/infra/local/loopback"
	"github.com/minim-dev/minim/infra/local/missing"
	"github.com/minim-dev/minim/infra/local/terminal"
)

// startFunctions prepares the functions for invocations.
func (s *site) startFunctions(ctx context.Context) (err error) {
	log, err := s.openLog("functions")
	if err != nil {
		return err
	}
	endpoints, err := s.guardedEndpoints()
	if err != nil {
		return err
	}
	s.OnClose(s.writePermissions)
	s.platform, err = lambda.New(ctx, lambda.Options{
		Region: cloud.Region, Account: cloud.Account, Env: endpoints, Dir: filepath.Join(s.State, "functions"), Spool: filepath.Join(s.State, "events"),
		Concurrency: s.Concurrency, TimeScale: s.TimeScale, Duplicate: s.Duplicate, Chaos: s.Chaos,
		Send: s.Delivery.Send, SendDead: s.Delivery.SendDead, Observe: s.history.Add, Log: s.subscribeToLogs(), Mappings: s.mappings(),
		Output: &terminal.FunctionLog{Terminal: s.terminal, File: log, Prefix: s.prefix(), Verbose: s.Verbose},
	})
	if err != nil {
		return err
	}
	s.OnClose(func() { _ = s.platform.Close() })
	s.Delivery.Functions = s.platform
	for _, f := range s.Plan.Functions {
		if err := s.platform.Add(f); err != nil {
			return err
		}
	}
	s.ServeLambda(s.Guard.Lambda(s.platform.Handler()))
	return nil
}

// guardedEndpoints returns the endpoints for functions: services behind the guard, which checks the caller's role.
func (s *site) guardedEndpoints() (map[string]string, error) {
	all := s.Endpoints()
	handler, err := s.Guard.S3(s.Emulators.S3)
	if err != nil {
		return nil, err
	}
	listener, err := loopback.Listen()
	if err != nil {
		return nil, err
	}
	all["AWS_ENDPOINT_URL_S3"] = "http://" + listener.Addr().String()
	s.OnClose(loopback.Serve(listener, handler))
	return all, nil
}

// subscribeToLogs sets up the delivery of log lines to functions, if the stack has subscriptions. It returns the
// function that receives the lines.
func (s *site) subscribeToLogs() func(lambda.LogLine) {
	if len(s.Plan.Logs) > 0 {
		s.logs = logs.New(s.Plan.Logs, logs.Options{Owner: cloud.Account, Logger: s.logger, InvokeAsync: s.Delivery.Invoke})
	}
	return func(l lambda.LogLine) {
		s.Account.Log(l.Function, l.Stream, l.At, l.Text)
		if s.logs != nil {
			s.logs.Line(l.Function, l.Stream, l.At, l.Text)
		}
	}
}

// mappings returns the event source mappings in the form of Lambda's API.
func (s *site) mappings() (all []lambda.Mapping) {
	add := func(source, function string, batch int, disabled bool) {
		state := "Enabled"
		if disabled {
			state = "Disabled"
		}
		arn := "arn:aws:lambda:" + cloud.Region + ":" + cloud.Account + ":function:" + function
		id := lambda.MappingID(source, function)
		all = append(all, lambda.Mapping{UUID: id, EventSourceArn: source, FunctionArn: arn, State: state, BatchSize: batch})
	}
	for _, q := range s.Plan.Queues {
		add(q.ARN, q.Function, cmp.Or(q.BatchSize, 10), q.Disabled)
	}
	for _, f := range s.Plan.Streams {
		add(f.ARN, f.Function, cmp.Or(f.BatchSize, 100), f.Disabled)
	}
	return all
}

// writePermissions writes a file with the used and the denied permissions.
func (s *site) writePermissions() {
	text, err := json.MarshalIndent(s.Guard.Report(), "", "  ")
	if err == nil {
		err = disk.Replace(filepath.Join(s.State, "permissions.json"), append(text, '\n'))
	}
	if err != nil {
		s.terminal.Printf("cannot write the used permissions: %v", err)
	}
}

// reportStraySDKs lists the functions that use an AWS SDK without support for AWS_ENDPOINT_URL: unless the code
// sets an endpoint, their calls reach AWS.
func (s *site) reportStraySDKs() {
	users := map[string][]string{} // functions by module
	for _, f := range s.Plan.Functions {
		for _, module := range missing.StraySDKs(f.Binary) {
			users[module] = append(users[module], strings.TrimPrefix(f.Name, s.prefix()))
		}
	}
	for _, module := range slices.Sorted(maps.Keys(users)) {
		s.terminal.Alert("%s ignores AWS_ENDPOINT_URL, so calls of %s can reach AWS; update to a release of SDK v2 from November 2023 or later",
			module, strings.Join(users[module], ", "))
	}
}
