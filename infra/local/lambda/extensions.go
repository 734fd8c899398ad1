package lambda

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"slices"
)

const headerExtensionID = "Lambda-Extension-Identifier"

// extension is an internal extension: it runs in the function's process and receives life cycle events.
type extension struct {
	name    string
	invoke  bool // has subscribed to invocations
	waiting bool
	events  chan *invocation
}

// extended reports whether the process has registered any extension.
func (r *process) extended() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.extensions) > 0
}

func (r *process) register(w http.ResponseWriter, q *http.Request) {
	var body struct {
		Events []string `json:"events"`
	}
	name := q.Header.Get("Lambda-Extension-Name")
	r.mu.Lock()
	defer r.mu.Unlock()
	err := json.NewDecoder(q.Body).Decode(&body)
	switch {
	case err != nil && err != io.EOF:
		refuse(w, http.StatusBadRequest, "InvalidRequestFormat", err.Error())
	case name == "":
		refuse(w, http.StatusForbidden, "Extension.InvalidExtensionName", "Missing extension name")
	case r.started:
		refuse(w, http.StatusForbidden, "Extension.RegistrationClosed", "Extension registration closed already")
	case len(r.extensions) == maxExtensions:
		refuse(w, http.StatusForbidden, "Extension.TooManyExtensions", "Extension limit (10) reached")
	case slices.ContainsFunc(body.Events, func(e string) bool { return e != "INVOKE" && e != "SHUTDOWN" }):
		refuse(w, http.StatusBadRequest, "Extension.InvalidEventType", "events must be INVOKE or SHUTDOWN")
	case slices.Contains(body.Events, "SHUTDOWN"):
		refuse(w, http.StatusForbidden, "ShutdownEventNotSupportedForInternalExtension",
			"SHUTDOWN event is not supported for internal extensions")
	default:
		id := newUUID()
		r.extensions[id] = &extension{name: name, invoke: len(body.Events) > 0, events: make(chan *invocation, 1)}
		w.Header().Set(headerExtensionID, id)
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]string{
			"functionName": r.spec.Name, "functionVersion": latest, "handler": r.spec.Handler,
		})
	}
}

// known returns the calling extension, or answers with status 403. The caller holds mu.
func (r *process) known(w http.ResponseWriter, q *http.Request) *extension {
	x := r.extensions[q.Header.Get(headerExtensionID)]
	if x == nil {
		refuse(w, http.StatusForbidden, "Extension.UnknownExtensionIdentifier", "Unknown extension")
	}
	return x
}

func (r *process) extensionNext(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	x := r.known(w, q)
	if x == nil {
		r.mu.Unlock()
		return
	}
	if !x.waiting {
		x.waiting = true
		r.checkComplete()
	}
	r.mu.Unlock()

	select {
	case <-q.Context().Done():
	case i := <-x.events:
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{
			"eventType": "INVOKE", "deadlineMs": i.deadline.UnixMilli(), "requestId": i.id,
			"invokedFunctionArn": i.arn,
			"tracing":            map[string]string{"type": "X-Amzn-Trace-Id", "value": i.trace},
		})
	}
}

// extensionError handles an error that an extension reports, at its start or later. It ends the environment.
func (r *process) extensionError(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	x := r.known(w, q)
	r.mu.Unlock()
	if x == nil {
		return
	}
	kind := cmp.Or(q.Header.Get("Lambda-Extension-Function-Error-Type"), "Extension.Error")
	r.fail(newFailure(kind, "Extension "+x.name+" reported an error"))
	accept(w)
}
