package plan

import (
	"cmp"
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

// queues plans the event source mappings from queues to functions.
func (p *planner) queues() (all []sources.Queue, err error) {
	queues := map[string]*template.Queue{}
	for _, q := range template.Of[template.Queue](p.stack) {
		queues[q.ARN()] = q
	}
	var errs []error
	for id, e := range template.Of[template.EventSource](p.stack) {
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
		name, ok := lambda.FunctionName(e.FunctionName)
		if !ok {
			name = e.FunctionName // the property has a name instead of an ARN
		}
		visibility := 30
		if q.VisibilityTimeout != nil {
			visibility = *q.VisibilityTimeout
		}
		all = append(all, sources.Queue{
			ARN: e.EventSourceArn, URL: p.queueURL(q),
			Function: name, BatchSize: e.BatchSize, Window: time.Duration(e.MaximumBatchingWindowInSeconds) * time.Second,
			Filters:         filters,
			PartialFailures: slices.Contains(e.FunctionResponseTypes, "ReportBatchItemFailures"),
			Concurrency:     e.ScalingConfig.MaximumConcurrency, Visibility: time.Duration(visibility) * time.Second,
			Disabled: disabled(e),
		})
		errs = append(errs, p.checkQueue(id, e, q, name, visibility))
	}
	return all, errors.Join(errs...)
}

// disabled reports whether a mapping is turned off.
func disabled(e *template.EventSource) bool { return e.Enabled != nil && !*e.Enabled }

// checkQueue returns the mistakes in a mapping from a queue to a function that AWS would reject.
func (p *planner) checkQueue(id string, e *template.EventSource, q *template.Queue, function string, visibility int) error {
	var errs []error
	wrong := func(property, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s.Properties.%s: "+format, append([]any{id, property}, args...)...))
	}
	most := 10_000
	if q.FifoQueue {
		most = 10
	}
	if batch := cmp.Or(e.BatchSize, 10); batch < 1 || batch > most {
		wrong("BatchSize", "%d, must be 1 to %d", batch, most)
	} else if batch > 10 && e.MaximumBatchingWindowInSeconds == 0 {
		wrong("MaximumBatchingWindowInSeconds", "must be 1 or more for batches of more than 10 messages")
	}
	if window := e.MaximumBatchingWindowInSeconds; window < 0 || window > 300 {
		wrong("MaximumBatchingWindowInSeconds", "%d, must be 0 to 300", window)
	}
	if n := e.ScalingConfig.MaximumConcurrency; n != 0 && (n < 2 || n > 1000) {
		wrong("ScalingConfig.MaximumConcurrency", "%d, must be 2 to 1000", n)
	}
	for _, f := range template.Of[template.Function](p.stack) {
		if f.FunctionName == function && cmp.Or(f.Timeout, 3) > visibility {
			wrong("EventSourceArn", "the queue's visibility timeout of %d seconds is less than the function's timeout of %d", visibility, cmp.Or(f.Timeout, 3))
		}
	}
	return errors.Join(errs...)
}

// queueFilters returns the filters of a mapping from a queue. It returns an error for a filter
// on anything other than the body, and for settings of streams.
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
		errs = append(errs, fmt.Errorf("%s.Properties: a mapping from a queue has no settings of streams; its queue has a RedrivePolicy", id))
	}
	return all, errors.Join(errs...)
}
