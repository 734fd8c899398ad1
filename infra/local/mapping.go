package main

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/minim-dev/minim/infra/local/template"
)

// checkMapping finds what AWS would refuse of a mapping from a queue to a function.
func (s *site) checkMapping(id string, e *template.EventSource, q *template.Queue, function string, visibility int) error {
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
	for _, f := range template.Of[template.Function](s.stack) {
		if f.FunctionName == function && cmp.Or(f.Timeout, 3) > visibility {
			wrong("EventSourceArn", "the queue's visibility time-out of %d seconds is less than the function's time-out of %d", visibility, cmp.Or(f.Timeout, 3))
		}
	}
	return errors.Join(errs...)
}
