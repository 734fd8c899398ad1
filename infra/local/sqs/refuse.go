package sqs

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"time"
)

// purgePause is the minimum time between two purges of a queue.
const purgePause = time.Minute

// handle matches the emulator's receipt handles.
var handle = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// fault is an error response of SQS.
type fault struct{ code, message string }

// check returns an error for calls that the emulator accepts but SQS would reject.
func (p *Proxy) check(action, queue string, request message) *fault {
	switch action {
	case "SendMessage":
		return checkDelay(request)
	case "DeleteMessage", "ChangeMessageVisibility":
		return checkHandle(request)
	case "CreateQueue", "SetQueueAttributes":
		var attributes map[string]json.RawMessage
		_ = json.Unmarshal(request["Attributes"], &attributes)
		return checkDelay(attributes)
	case "PurgeQueue":
		return p.checkPurge(queue)
	}
	return nil
}

func checkDelay(request message) *fault {
	raw, given := request["DelaySeconds"]
	if !given {
		return nil
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	var seconds int
	if _, err := fmt.Sscan(text, &seconds); err == nil && seconds >= 0 && seconds <= maxDelay {
		return nil
	}
	return &fault{"InvalidParameterValue", fmt.Sprintf("Value %s for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= %d.", text, maxDelay)}
}

func checkHandle(request message) *fault {
	if given := request.text("ReceiptHandle"); given != "" && !handle.MatchString(given) {
		return &fault{"ReceiptHandleIsInvalid", fmt.Sprintf("The input receipt handle %q is not a valid receipt handle.", given)}
	}
	return nil
}

// checkPurge allows one purge of a queue per minute.
func (p *Proxy) checkPurge(queue string) *fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if last, ok := p.purged[queue]; ok && now.Sub(last) < purgePause {
		return &fault{"AWS.SimpleQueueService.PurgeQueueInProgress", fmt.Sprintf("Only one PurgeQueue operation on %s is allowed every 60 seconds.", queue)}
	}
	if p.queues[queue] != nil {
		p.purged[queue] = now
	}
	return nil
}

// batch removes the entries that SQS would reject from a batch, and returns SQS's answers for them.
func batch(action string, request message) (failed []map[string]any) {
	var check func(message) *fault
	switch action {
	case "SendMessageBatch":
		check = checkDelay
	case "DeleteMessageBatch", "ChangeMessageVisibilityBatch":
		check = checkHandle
	default:
		return nil
	}
	var entries, good []message
	if json.Unmarshal(request["Entries"], &entries) != nil {
		return nil
	}
	for _, e := range entries {
		if f := check(e); f != nil {
			failed = append(failed, map[string]any{"Id": e.text("Id"), "SenderFault": true, "Code": f.code, "Message": f.message})
		} else {
			good = append(good, e)
		}
	}
	if len(failed) > 0 {
		request.set("Entries", good)
	}
	return failed
}

// joined adds the entries that were rejected here to the answer to a batch.
func joined(answer reply, failed []map[string]any) reply {
	response := message{}
	if answer.body != nil && json.Unmarshal(answer.body, &response) != nil {
		return answer
	}
	var others []map[string]any
	_ = json.Unmarshal(response["Failed"], &others)
	response.set("Failed", append(others, failed...))
	if response["Successful"] == nil {
		response.set("Successful", []any{})
	}
	body, err := json.Marshal(response)
	return reply{status: http.StatusOK, header: answer.header, body: body, err: err}
}
