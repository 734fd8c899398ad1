package sqs

import (
	"encoding/json"
	"testing"
	"time"
)

func TestCheck(t *testing.T) {
	p := &Proxy{queues: map[string]map[string]string{"q": {}}, purged: map[string]time.Time{}}
	for _, c := range []struct{ action, request, want string }{
		{"SendMessage", `{"DelaySeconds":901}`, "InvalidParameterValue"},
		{"SendMessage", `{"DelaySeconds":-1}`, "InvalidParameterValue"},
		{"SendMessage", `{"DelaySeconds":900}`, ""},
		{"CreateQueue", `{"Attributes":{"DelaySeconds":"901"}}`, "InvalidParameterValue"},
		{"DeleteMessage", `{"ReceiptHandle":"abc"}`, "ReceiptHandleIsInvalid"},
		{"ChangeMessageVisibility", `{"ReceiptHandle":"abc"}`, "ReceiptHandleIsInvalid"},
		{"DeleteMessage", `{"ReceiptHandle":"0123abcd-0123-4abc-8abc-0123456789ab"}`, ""},
		{"PurgeQueue", `{}`, ""},
		{"PurgeQueue", `{}`, "AWS.SimpleQueueService.PurgeQueueInProgress"},
	} {
		var request message
		if err := json.Unmarshal([]byte(c.request), &request); err != nil {
			t.Fatal(err)
		}
		got := ""
		if f := p.check(c.action, "q", request); f != nil {
			got = f.code
		}
		if got != c.want {
			t.Errorf("%s %s: %q, want %q", c.action, c.request, got, c.want)
		}
	}
}

// TestBatch rejects individual entries.
func TestBatch(t *testing.T) {
	request := message{"Entries": json.RawMessage(`[{"Id":"a","DelaySeconds":901},{"Id":"b"}]`)}
	failed := batch("SendMessageBatch", request)
	if len(failed) != 1 || failed[0]["Id"] != "a" || string(request["Entries"]) != `[{"Id":"b"}]` {
		t.Errorf("%v, %s", failed, request["Entries"])
	}
	got := joined(reply{status: 200, body: []byte(`{"Successful":[{"Id":"b"}]}`)}, failed)
	var answer struct{ Successful, Failed []struct{ Id string } }
	if err := json.Unmarshal(got.body, &answer); err != nil || len(answer.Successful) != 1 || answer.Failed[0].Id != "a" {
		t.Errorf("%s, %v", got.body, err)
	}
	if failed := batch("DeleteMessageBatch", message{"Entries": json.RawMessage(`[{"Id":"a","ReceiptHandle":"x"}]`)}); len(failed) != 1 {
		t.Errorf("%v", failed)
	}
}
