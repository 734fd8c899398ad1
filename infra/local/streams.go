package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"github.com/minim-dev/minim/infra/local/pattern"
	"github.com/minim-dev/minim/infra/local/sources"
	"github.com/minim-dev/minim/infra/local/template"
)

// isStream tells a mapping from a stream from one from a queue.
func isStream(e *template.EventSource) bool {
	return strings.HasPrefix(e.EventSourceArn, "arn:aws:dynamodb:")
}

// streamSources are the mappings from the streams of tables to functions, those
// that are disabled left out.
func (s *site) streamSources() (all []sources.Stream, err error) {
	tables, functions := map[string]string{}, map[string]*template.Function{}
	for _, t := range template.Of[template.Table](s.stack) {
		tables[t.StreamARN()] = t.TableName
	}
	for _, f := range template.Of[template.Function](s.stack) {
		functions[f.ARN()], functions[f.FunctionName] = f, f
	}
	var errs []error
	for id, e := range template.Of[template.EventSource](s.stack) {
		if !isStream(e) {
			continue
		}
		table, ok := tables[e.EventSourceArn]
		if !ok {
			errs = append(errs, fmt.Errorf("%s.Properties.EventSourceArn: %s is not the stream of a table of the stack", id, e.EventSourceArn))
		}
		f, ok := functions[e.FunctionName]
		if !ok {
			errs = append(errs, fmt.Errorf("%s.Properties.FunctionName: %q is not a function of the stack", id, e.FunctionName))
			continue
		}
		errs = append(errs, checkStream(id+".Properties", e))
		filters, err := patterns(id, e)
		errs = append(errs, err)
		if e.Enabled == nil || *e.Enabled {
			all = append(all, streamOf(id, table, f, e, filters))
		}
	}
	return all, errors.Join(errs...)
}

func streamOf(id, table string, f *template.Function, e *template.EventSource, filters []*pattern.Pattern) sources.Stream {
	return sources.Stream{
		ID: id, ARN: e.EventSourceArn, Table: table, Function: f.FunctionName, FunctionARN: f.ARN(),
		Latest: e.StartingPosition == "LATEST", BatchSize: e.BatchSize,
		Window: time.Duration(e.MaximumBatchingWindowInSeconds) * time.Second, Parallel: valueOr(e.ParallelizationFactor, 1),
		Filters: filters, PartialFailures: slices.Contains(e.FunctionResponseTypes, "ReportBatchItemFailures"),
		Bisect: e.BisectBatchOnFunctionError, Retries: valueOr(e.MaximumRetryAttempts, -1),
		MaxAge:    time.Duration(max(0, valueOr(e.MaximumRecordAgeInSeconds, -1))) * time.Second,
		OnFailure: e.DestinationConfig.OnFailure.Destination,
	}
}

// checkStream finds what AWS would refuse of a mapping.
func checkStream(at string, e *template.EventSource) error {
	var errs []error
	within := func(name string, value *int, least, most int) {
		if value != nil && (*value < least || *value > most) {
			errs = append(errs, fmt.Errorf("%s.%s: %d is not within %d to %d", at, name, *value, least, most))
		}
	}
	if e.StartingPosition != "TRIM_HORIZON" && e.StartingPosition != "LATEST" {
		errs = append(errs, fmt.Errorf("%s.StartingPosition: %q is neither TRIM_HORIZON nor LATEST", at, e.StartingPosition))
	}
	within("BatchSize", &e.BatchSize, 0, 10000)
	within("MaximumBatchingWindowInSeconds", &e.MaximumBatchingWindowInSeconds, 0, 300)
	within("ParallelizationFactor", e.ParallelizationFactor, 1, 10)
	within("MaximumRetryAttempts", e.MaximumRetryAttempts, -1, 10000)
	if age := e.MaximumRecordAgeInSeconds; age != nil && *age != -1 {
		within("MaximumRecordAgeInSeconds", age, 60, 604800)
	}
	if _, ok := functionName(e.DestinationConfig.OnFailure.Destination); ok {
		errs = append(errs, fmt.Errorf("%s.DestinationConfig.OnFailure.Destination: a stream tells queues and topics only, no function", at))
	}
	if e.ScalingConfig.MaximumConcurrency != 0 {
		errs = append(errs, fmt.Errorf("%s.ScalingConfig: is for queues; streams have ParallelizationFactor", at))
	}
	return errors.Join(errs...)
}

// patterns are the filters of a mapping.
func patterns(id string, e *template.EventSource) (all []*pattern.Pattern, err error) {
	const most = 10 // with a raised quota
	var errs []error
	for i, f := range e.FilterCriteria.Filters {
		p, err := pattern.Parse(f.Pattern)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s.Properties.FilterCriteria.Filters[%d].Pattern: %w", id, i, err))
			continue
		}
		all = append(all, p)
	}
	if len(e.FilterCriteria.Filters) > most {
		errs = append(errs, fmt.Errorf("%s.Properties.FilterCriteria.Filters: a mapping has at most %d filters", id, most))
	}
	return all, errors.Join(errs...)
}

// queueFilters are the filters of a mapping from a queue, which may ask for the body
// only, and no settings of streams.
func queueFilters(id string, e *template.EventSource) ([]*pattern.Pattern, error) {
	all, err := patterns(id, e)
	errs := []error{err}
	for i, p := range all {
		if fields := p.Fields(); !slices.Equal(fields, []string{"body"}) {
			errs = append(errs, fmt.Errorf("%s.Properties.FilterCriteria.Filters[%d].Pattern: messages are filtered by their body only, not by %s", id, i, strings.Join(fields, ", ")))
		}
	}
	if e.StartingPosition != "" || e.BisectBatchOnFunctionError || e.MaximumRetryAttempts != nil || e.MaximumRecordAgeInSeconds != nil ||
		e.ParallelizationFactor != nil || e.DestinationConfig.OnFailure.Destination != "" {
		errs = append(errs, fmt.Errorf("%s.Properties: a mapping from a queue takes no settings of streams; its queue has a RedrivePolicy", id))
	}
	return all, errors.Join(errs...)
}

func valueOr(value *int, otherwise int) int {
	if value == nil {
		return otherwise
	}
	return *value
}

// openStreams makes the followers of the streams, each with its file in the state.
func (s *site) openStreams() error {
	folder := filepath.Join(s.state, "streams")
	known := map[string]bool{}
	for id := range template.Of[template.EventSource](s.stack) {
		known[id+".json"] = true
	}
	if err := sources.ForgetOthers(folder, known); err != nil {
		return fmt.Errorf("forget the streams of former mappings: %w", err)
	}
	options := s.streamOptions()
	for _, each := range s.streams {
		f, err := sources.NewFollower(each, filepath.Join(folder, each.ID+".json"), options)
		if err != nil {
			return err
		}
		s.followers = append(s.followers, f)
	}
	return nil
}

func (s *site) streamOptions() sources.StreamOptions {
	config := aws.Config{Region: region, Credentials: credentials.NewStaticCredentialsProvider(accessKey, s.secretKey, "")}
	return sources.StreamOptions{
		Client: dynamodbstreams.NewFromConfig(config, func(o *dynamodbstreams.Options) { o.BaseEndpoint = &s.dynamoDB }),
		Find:   s.findStream, Region: region, Send: s.send, Duplicate: s.duplicate, TimeScale: s.timeScale, Logger: s.logger,
		Invoke: func(ctx context.Context, function string, payload []byte) (sources.Invocation, error) {
			result, err := s.platform.Invoke(ctx, function, payload)
			return sources.Invocation{RequestID: result.RequestID, Answer: result.Payload, FunctionError: result.FunctionError}, err
		},
	}
}

// defaultBatch is the size of batches when a mapping tells none.
func defaultBatch(e *template.EventSource) int {
	if isStream(e) {
		return 100
	}
	return 10
}

// progressOf tells, for people, how far the stream of a mapping was delivered.
func (s *site) progressOf(id string) string {
	at := slices.IndexFunc(s.followers, func(f *sources.Follower) bool { return f.ID == id })
	if at < 0 {
		return ""
	}
	state, waiting, behind := s.followers[at].State(), 0, 0.0
	for _, shard := range state.Shards {
		waiting, behind = waiting+shard.Waiting, max(behind, shard.BehindSeconds)
	}
	text := fmt.Sprintf("shards: %d, batches since the start: %d", len(state.Shards), state.Batches)
	if waiting > 0 {
		text += fmt.Sprintf(", waiting: %d changes, the oldest for %.0f s", waiting, behind)
	}
	if state.Last != "" && state.Last != "OK" {
		text += ", last result: " + state.Last
	}
	return text
}

// findStream asks for the stream that a table has now.
func (s *site) findStream(ctx context.Context, table string) (string, error) {
	out, err := s.clients.DynamoDB.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &table})
	if err != nil {
		return "", err
	}
	if out.Table.LatestStreamArn == nil {
		return "", fmt.Errorf("the table %s has no stream", table)
	}
	return *out.Table.LatestStreamArn, nil
}
