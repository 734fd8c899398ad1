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

	var all sync.WaitGroup
	for _, part := range []string{"dynamodb", "s3", "sqs"} {
		all.Go(func() {
			for range 100 {
				options.Died(part, nil)
				options.Restarted(part)
			}
		})
	}
	all.Wait()
	if restarts != 100 {
		t.Errorf("the recovery of s3 ran %d times, want 100", restarts)
	}
	if err := queues.Restore(t.Context()); err != nil { // waits for ever if they are still suspended
		t.Error(err)
	}
}
