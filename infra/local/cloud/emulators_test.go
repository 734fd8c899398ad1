package cloud

import (
	"io"
	"path/filepath"
	"sync"
	"testing"

	"github.com/minim-dev/minim/infra/local/plan"
	"github.com/minim-dev/minim/infra/local/sqs"
	"github.com/minim-dev/minim/infra/local/terminal"
)

// Emulators die and restart at the same time, each in its own goroutine. This is a test for the race detector.
func TestEmulatorsRecoverTogether(t *testing.T) {
	c := &Cloud{o: Options{Terminal: terminal.New(io.Discard)}, Plan: &plan.Plan{}}
	queues, err := sqs.New(sqs.Options{Journal: filepath.Join(t.TempDir(), "messages.jsonl")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = queues.Close() })
	restarts := 0
	options := c.supervised(StartOptions{}, map[string]Recovery{"s3": {Restarted: func() { restarts++ }}, "sqs": c.recoverQueues(t.Context())})
	// SQS dies before its queues exist: they are not suspended, so they must not be resumed.
	options.Died("sqs", nil)
	c.queues.Store(queues)
	options.Restarted("sqs")

	// Each goroutine makes only one call: the lock of the output would order further calls.
	together := func(calls ...func()) {
		var all sync.WaitGroup
		for _, call := range calls {
			all.Go(call)
		}
		all.Wait()
	}
	for range 10 {
		for _, name := range []string{"dynamodb", "s3"} {
			together(func() { options.Died("sqs", nil) }, func() { options.Died(name, nil) })
			together(func() { options.Restarted("sqs") }, func() { options.Restarted(name) })
			together(func() { options.Died("sqs", nil) }, func() { options.Restarted(name) })
			together(func() { options.Restarted("sqs") }, func() { options.Died(name, nil) })
		}
	}
	if restarts != 20 {
		t.Errorf("the recovery of s3 ran %d times, want 20", restarts)
	}
	if err := queues.Restore(t.Context()); err != nil { // blocks forever if they are still suspended
		t.Error(err)
	}
}
