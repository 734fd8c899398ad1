package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/schedule"
	"github.com/minim-dev/minim/infra/local/sources"
	"github.com/minim-dev/minim/infra/local/template"
)

// queueSources are the mappings from queues to functions.
func (s *site) queueSources() (all []sources.Queue, err error) {
	queues := map[string]*template.Queue{}
	for _, q := range template.Of[template.Queue](s.stack) {
		queues[q.ARN()] = q
	}
	var errs []error
	for id, e := range template.Of[template.EventSource](s.stack) {
		q, ok := queues[e.EventSourceArn]
		if isStream(e) {
			continue
		}
		if !ok {
			errs = append(errs, fmt.Errorf("%s.Properties.EventSourceArn: %s is not a queue of the stack", id, e.EventSourceArn))
			continue
		}
		filters, err := queueFilters(id, e)
		errs = append(errs, err)
		if e.Enabled != nil && !*e.Enabled {
			continue
		}
		name, ok := functionName(e.FunctionName)
		visibility := 30
		if q.VisibilityTimeout != nil {
			visibility = *q.VisibilityTimeout
		}
		all = append(all, sources.Queue{
			ARN: e.EventSourceArn, URL: s.options().QueueEndpoint + "/" + account + "/" + q.QueueName,
			Function: name, BatchSize: e.BatchSize, Window: time.Duration(e.MaximumBatchingWindowInSeconds) * time.Second,
			Filters:         filters,
			PartialFailures: slices.Contains(e.FunctionResponseTypes, "ReportBatchItemFailures"),
			Concurrency:     e.ScalingConfig.MaximumConcurrency, Visibility: time.Duration(visibility) * time.Second,
		})
		if !ok {
			all[len(all)-1].Function = e.FunctionName // given by its name
		}
		errs = append(errs, s.checkMapping(id, e, q, all[len(all)-1].Function, visibility))
	}
	return all, errors.Join(errs...)
}

func (s *site) queueOptions() sources.QueueOptions {
	return sources.QueueOptions{
		Client: s.clients.SQS, Region: region, Invoke: s.invoke, Duplicate: s.duplicate, TimeScale: s.timeScale, Logger: s.logger,
	}
}

// invoke runs a function and waits for its answer.
func (s *site) invoke(ctx context.Context, function string, payload []byte) (answer []byte, functionError string, err error) {
	result, err := s.platform.Invoke(ctx, function, payload)
	return result.Payload, result.FunctionError, err
}

// notifications are what wants to know of the buckets.
func (s *site) notifications() (all []sources.Notification, err error) {
	var errs []error
	for id, b := range template.Of[template.Bucket](s.stack) {
		for i, n := range b.NotificationConfiguration.LambdaConfigurations {
			name, ok := functionName(n.Function)
			if !ok {
				errs = append(errs, fmt.Errorf("%s.Properties.NotificationConfiguration.LambdaConfigurations[%d].Function: %q is not a function", id, i, n.Function))
			}
			all = append(all, sources.Notification{
				Bucket: b.BucketName, ID: fmt.Sprintf("%s-function-%d", id, i), Event: n.Event,
				Prefix: n.Filter.Prefix(), Suffix: n.Filter.Suffix(), Function: name,
			})
		}
		for i, n := range b.NotificationConfiguration.QueueConfigurations {
			all = append(all, sources.Notification{
				Bucket: b.BucketName, ID: fmt.Sprintf("%s-queue-%d", id, i), Event: n.Event,
				Prefix: n.Filter.Prefix(), Suffix: n.Filter.Suffix(), QueueARN: n.Queue,
			})
		}
	}
	return all, errors.Join(errs...)
}

func (s *site) bucketOptions() sources.BucketOptions {
	return sources.BucketOptions{
		Client: s.clients.S3, Region: region, Send: s.send, Logger: s.logger,
		InvokeAsync: func(function string, payload []byte) error {
			_, err := s.platform.InvokeAsync(function, payload)
			return err
		},
	}
}

// calendar makes the runner of the template's schedules.
func (s *site) calendar() (*schedule.Runner, error) {
	var all []schedule.Schedule
	var errs []error
	for id, v := range template.Of[template.Schedule](s.stack) {
		at := id + ".Properties"
		name, ok := functionName(v.Target.Arn)
		if !ok {
			errs = append(errs, fmt.Errorf("%s.Target.Arn: %q is not a function", at, v.Target.Arn))
		}
		start, err := moment(v.StartDate)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s.StartDate: %w", at, err))
		}
		end, err := moment(v.EndDate)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s.EndDate: %w", at, err))
		}
		all = append(all, schedule.Schedule{
			Name: v.Name, ARN: v.ARN(), Expression: v.ScheduleExpression, TimeZone: v.ScheduleExpressionTimezone,
			Target: name, Input: cmp.Or(v.Target.Input, "{}"), Disabled: strings.EqualFold(v.State, "DISABLED"), Start: start, End: end,
			Retries: v.Target.RetryPolicy.MaximumRetryAttempts, MaxAge: time.Duration(v.Target.RetryPolicy.MaximumEventAgeInSeconds) * time.Second,
			DeadLetter: v.Target.DeadLetterConfig.Arn,
		})
	}
	runner, err := schedule.New(all, schedule.Options{Logger: s.logger, TimeScale: s.timeScale, SendDead: s.sendDead, Invoke: func(_ context.Context, target string, payload []byte) error {
		_, err := s.platform.InvokeAsync(target, payload)
		return err
	}})
	return runner, errors.Join(append(errs, err)...)
}

func moment(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, text)
}
