package console

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/minim-dev/minim/infra/local/lambda"
)

func ids(entries []entry) (all []string) {
	for _, e := range entries {
		all = append(all, e.RequestID)
	}
	return all
}

func TestHistoryIsBounded(t *testing.T) {
	h := NewHistory(3, 10<<10)
	any := func(entry) bool { return true }
	for i := range 5 {
		h.Add(lambda.Invocation{RequestID: fmt.Sprint(i)})
	}
	if found, more := h.find(0, 2, any); fmt.Sprint(ids(found)) != "[4 3]" || !more {
		t.Errorf("newest: %v %v", ids(found), more)
	}
	if found, more := h.find(4, 2, any); fmt.Sprint(ids(found)) != "[2]" || more || found[0].Number != 3 {
		t.Errorf("older: %v %v", ids(found), more)
	}
	h.Add(lambda.Invocation{RequestID: "large", Event: make([]byte, 8<<10)})
	if found, _ := h.find(0, 9, any); fmt.Sprint(ids(found)) != "[large 4]" {
		t.Errorf("after a large one: %v", ids(found))
	}
	h.Add(lambda.Invocation{RequestID: "huge", Event: make([]byte, 80<<10)})
	if found, _ := h.find(0, 9, any); fmt.Sprint(ids(found)) != "[huge]" || h.total() != 7 {
		t.Errorf("after a huge one: %v", ids(found))
	}
}

func TestHistoryWaits(t *testing.T) {
	h := NewHistory(3, 1<<20)
	time.AfterFunc(time.Millisecond, func() {
		h.Add(lambda.Invocation{RequestID: "other"})
		h.Add(lambda.Invocation{RequestID: "late"})
	})
	if !h.wait(t.Context(), "late") {
		t.Error("did not come")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if h.wait(ctx, "never") {
		t.Error("came")
	}
}
