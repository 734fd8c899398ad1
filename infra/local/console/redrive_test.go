package console

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func bodies(messages []message) (all []string) {
	for _, m := range messages {
		all = append(all, m.Body)
	}
	return all
}

func TestRedrive(t *testing.T) {
	w := newWorld(t)
	page := w.follow(t, w.post(t, "queues/app-dead/redrive", nil))
	if got := fmt.Sprint(bodies(w.queues.queues["app-work"])); got != `[poison {"second":1}]` || len(w.queues.queues["app-dead"])+len(w.queues.flying) > 0 {
		t.Errorf("work: %s, flying: %v", got, w.queues.flying)
	}
	if !strings.Contains(page, "2 messages were sent back to work.") {
		t.Error(page)
	}
}

func TestRedriveStopsAtAnError(t *testing.T) {
	w := newWorld(t)
	w.queues.refuse = `{"second":1}`
	page := w.follow(t, w.post(t, "queues/app-dead/redrive", url.Values{"to": {"app-work"}}))
	if got := fmt.Sprint(bodies(w.queues.queues["app-work"]), bodies(w.queues.queues["app-dead"])); got != `[poison] [{"second":1}]` {
		t.Error(got)
	}
	if !strings.Contains(page, "1 message was sent back to work. Then it stopped: SQS failed: refused") || !strings.Contains(page, "note bad") {
		t.Error(page)
	}
	if answer := w.post(t, "queues/app-dead/redrive", url.Values{"to": {"app-failures"}}); answer.StatusCode != http.StatusBadRequest {
		t.Errorf("elsewhere: %d", answer.StatusCode)
	}
}

func TestRetry(t *testing.T) {
	w := newWorld(t)
	w.queues.queues["app-failures"] = append(w.queues.queues["app-failures"], message{ID: "m5", Body: failedEvent})
	page := w.follow(t, w.post(t, "queues/app-failures/retry", url.Values{"message": {"m5"}}))
	if fmt.Sprint(w.invoked) != `[app-greet {"again":true}]` || w.queues.visible != 2 || !strings.Contains(page, "1 event was queued again.") {
		t.Errorf("%v, %d back: %s", w.invoked, w.queues.visible, page)
	}
	w.follow(t, w.post(t, "queues/app-failures/retry", nil))
	if len(w.invoked) != 2 || fmt.Sprint(bodies(w.queues.queues["app-failures"])) != "[no record]" {
		t.Errorf("%v, %v", w.invoked, w.queues.queues)
	}
}

func TestSendAndPurge(t *testing.T) {
	w := newWorld(t)
	if page := w.follow(t, w.post(t, "queues/app-work/send", url.Values{"body": {"hello"}})); !strings.Contains(page, "Sent as message new.") || !strings.Contains(page, "hello") {
		t.Error(page)
	}
	if page := w.follow(t, w.post(t, "queues/app-work/purge", url.Values{"confirm": {"yes"}})); !strings.Contains(page, "1 message was deleted.") || !strings.Contains(page, "This queue is empty.") {
		t.Error(page)
	}
}
