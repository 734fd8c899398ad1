package afterward

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// invoked is one invocation of a wrapped function that takes a while, seen by both
// sides: the runtime's, which answers, and the extension's, which does the work.
func invoked(t *testing.T, q *Queue, id string, takes time.Duration) (worked bool) {
	t.Helper()
	const timeout = 5 * time.Second
	function := Wrap(q, func(ctx context.Context, _ string) (string, error) {
		q.Do(ctx, func(context.Context) error { worked = true; return nil })
		time.Sleep(takes)
		return "done", nil
	})
	ctx, cancel := context.WithTimeout(lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: id}), timeout)
	defer cancel()
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		q.finish(t.Context(), event{RequestID: id, DeadlineMS: time.Now().Add(timeout).UnixMilli()})
	}()
	response, err := function(ctx, json.RawMessage(`"go"`))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a second Close changes nothing
		if err := response.Close(); err != nil {
			t.Fatal(err)
		}
	}
	<-finished
	return worked
}

// TestLateAnswers: an answer after the time for work leaves nothing behind, and a
// retry with the same request ID has its work done.
func TestLateAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &Queue{extension: &extension{}, invocations: map[string]*invocation{}}
		const late = 5*time.Second - margin/2
		for _, takes := range []time.Duration{0, late, time.Second, late, late, 0} {
			if worked := invoked(t, q, "request", takes); !worked {
				t.Errorf("after %s: the work was not done", takes)
			}
			if len(q.invocations) != 0 {
				t.Errorf("after %s: %d invocations are left", takes, len(q.invocations))
			}
		}
	})
}
