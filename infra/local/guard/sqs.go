package guard

import (
	"encoding/json"
	"net/http"
	"path"
	"strings"

	"github.com/minim-dev/minim/infra/local/iam"
)

// queues maps calls of SQS, in its JSON protocol, to actions.
type queues struct {
	arn string // of the queues, without their names
}

// SQS returns a handler that guards SQS.
func (g *Guard) SQS(next http.Handler) http.Handler {
	return &filter{guard: g, service: queues{arn: "arn:aws:sqs:" + g.o.Region + ":" + g.o.Account + ":"}, next: next}
}

func (q queues) needs(r *http.Request) ([]iam.Request, error) {
	operation, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS.")
	if !ok {
		return nil, unknown("The local cloud does not know which permissions this request needs.")
	}
	data, err := body(r, maxBody)
	if err != nil {
		return nil, err
	}
	var request struct{ QueueURL, QueueName string }
	if err := json.Unmarshal(data, &request); err != nil {
		return nil, nil // the service reports the error
	}
	name := request.QueueName
	if request.QueueURL != "" {
		name = path.Base(request.QueueURL)
	}
	// A batch needs the permission for its single action.
	need := iam.Request{Action: "sqs:" + strings.TrimSuffix(operation, "Batch"), Resource: q.arn + name}
	if operation == "ListQueues" {
		need.Resource = "*"
	}
	return []iam.Request{need}, nil
}

func (queues) refuse(w http.ResponseWriter, r *http.Request, x *refusal) {
	drain(r)
	message, status := x.Error(), http.StatusForbidden
	switch x.kind {
	case accessDenied: // only SQS spells the action this way
		message = x.sentence(strings.ToLower(x.action), x.resource)
		w.Header().Set("X-Amzn-Query-Error", "AccessDenied;Sender")
	case unsupported:
		status = http.StatusBadRequest
	}
	answerJSON(w, "application/x-amz-json-1.0", status, map[string]string{"__type": "com.amazon.coral.service#" + x.code(), "message": message})
}
