package plan

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/pattern"
	"github.com/minim-dev/minim/infra/local/sources"
	"github.com/minim-dev/minim/infra/local/template"
)

// isStream reports whether the source of a mapping is a stream. Otherwise it is a queue.
func isStream(e *template.EventSource) bool {
	return strings.HasPrefix(e.EventSourceArn, "arn:aws:dynamodb:")
}

// streams plans the event source mappings from the streams of tables to functions.
func (p *planner) streams() (all []sources.Stream, err error) {
	tables, functions := map[string]string{}, map[string]*template.Function{}
	for _, t := range template.Of[template.Table](p.stack) {
		tables[t.StreamARN()] = t.TableName
	}
	for _, f := range template.Of[template.Function](p.stack) {
		functions[f.ARN()], functions[f.FunctionName] = f, f
	}
	var errs []error
	for id, e := range template.Of[template.EventSource](p.stack) {
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
		all = append(all, streamOf(id, table, f, e, filters))
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
		OnFailure: e.DestinationConfig.OnFailure.Destination, Disabled: disabled(e),
	}
}

// checkStream returns the mistakes in a mapping from a stream that AWS would reject.
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
	if _, ok := lambda.FunctionName(e.DestinationConfig.OnFailure.Destination); ok {
		errs = append(errs, fmt.Errorf("%s.DestinationConfig.OnFailure.Destination: a stream sends records to queues and topics only", at))
	}
	if e.ScalingConfig.MaximumConcurrency != 0 {
		errs = append(errs, fmt.Errorf("%s.ScalingConfig: is for queues; streams have ParallelizationFactor", at))
	}
	return errors.Join(errs...)
}

// patterns parses the filters of a mapping.
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

func valueOr(value *int, otherwise int) int {
	if value == nil {
		return otherwise
	}
	return *value
}
