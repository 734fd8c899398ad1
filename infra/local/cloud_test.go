package main

import (
	"io"
	"path/filepath"
	"sync"
	"testing"

	"github.com/minim-dev/minim/infra/local/sqs"
	"github.com/minim-dev/minim/infra/local/template"
)

// Emulators die and restart at the same time, each in a goroutine of its own. The race detector watches.
func TestEmulatorsRecoverTogether(t *testing.T) {
	c := &cloud{say: tell(io.Discard), stack: &template.Stack{}}
	queues, err := sqs.New(sqs.Options{Journal: filepath.Join(t.TempDir(), "messages.jsonl")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = queues.Close() })
	restarts := 0
	options := c.supervision(map[string]recovery{"s3": {restarted: func() { restarts++ }}, "sqs": c.recoverQueues(t.Context())})
	// The first death of SQS comes before its queues exist: they are not suspended, so they cannot be resumed.
	options.Died("sqs", nil)
	c.queues.Store(queues)
	options.Restarted("sqs")

	// One call each at a time: the lock of the output would order a second one.
	together := func(calls ...func()) {
		var all sync.WaitGroup
		for _, call := range calls {
			all.Go(call)
		}
		all.Wait()
	}
	for range 10 {
		for _, part := range []string{"dynamodb", "s3"} {
			together(func() { options.Died("sqs", nil) }, func() { options.Died(part, nil) })
			together(func() { options.Restarted("sqs") }, func() { options.Restarted(part) })
			together(func() { options.Died("sqs", nil) }, func() { options.Restarted(part) })
			together(func() { options.Restarted("sqs") }, func() { options.Died(part, nil) })
		}
	}
	if restarts != 20 {
		t.Errorf("the recovery of s3 ran %d times, want 20", restarts)
	}
	if err := queues.Restore(t.Context()); err != nil { // waits for ever if they are still suspended
		t.Error(err)
	}
}
