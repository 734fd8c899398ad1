package guard

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/minim-dev/minim/infra/local/iam"
)

// buses maps calls of EventBridge to actions.
type buses struct {
	arn string // of the buses, without their names
}

// Events returns a handler that guards EventBridge.
func (g *Guard) Events(next http.Handler) http.Handler {
	return &filter{guard: g, service: buses{arn: "arn:aws:events:" + g.o.Region + ":" + g.o.Account + ":event-bus/"}, next: next}
}

func (b buses) needs(r *http.Request) (all []iam.Request, err error) {
	operation, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "AWSEvents.")
	if !ok {
		return nil, unknown("The local cloud does not know which permissions %q needs.", r.Header.Get("X-Amz-Target"))
	}
	if operation != "PutEvents" {
		return []iam.Request{{Action: "events:" + operation, Resource: "*"}}, nil
	}
	data, err := body(r, maxBody)
	if err != nil {
		return nil, err
	}
	var request struct {
		Entries []struct{ EventBusName string }
	}
	if err := json.Unmarshal(data, &request); err != nil {
		return nil, nil // the service reports the error
	}
	known := map[string]bool{}
	for _, e := range request.Entries {
		name := e.EventBusName[strings.LastIndex(e.EventBusName, "/")+1:]
		if name == "" {
			name = "default"
		}
		if !known[name] {
			known[name] = true
			all = append(all, iam.Request{Action: "events:PutEvents", Resource: b.arn + name})
		}
	}
	return all, nil
}

func (buses) refuse(w http.ResponseWriter, r *http.Request, x *refusal) {
	drain(r)
	answerJSON(w, "application/x-amz-json-1.1", http.StatusBadRequest, map[string]string{"__type": x.code(), "Message": x.Error()})
}

// Caller returns the ARN of a request's signer, or "" if the access key is unknown. It does not verify the signature.
func (g *Guard) Caller(r *http.Request) string {
	key := accessKey(r)
	if key == g.o.Root {
		return "arn:aws:iam::" + g.o.Account + ":root"
	}
	if c, ok := g.known.Load().callers[key]; ok {
		return c.arn
	}
	return ""
}

// Allows reports whether a request is signed by the root, or by a function whose role allows an action on a resource.
// It does not verify the signature.
func (g *Guard) Allows(r *http.Request, action, resource string) bool {
	key := accessKey(r)
	if key == "" {
		return false
	}
	if key == g.o.Root {
		return true
	}
	c, ok := g.known.Load().callers[key]
	return ok && c.role != nil && g.check(c, []iam.Request{{Action: action, Resource: resource}}) == nil
}
