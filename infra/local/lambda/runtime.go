package lambda

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"
)

const (
	headerErrorType = "Lambda-Runtime-Function-Error-Type"
	headerErrorBody = "Lambda-Runtime-Function-Error-Body"
)

// invocation is one response to the runtime's call of next, with the channel for the answer.
type invocation struct {
	request
	arn      string
	deadline time.Time
	answered bool        // guarded by the process's mu
	answer   chan Result // buffered, so sending the only answer never blocks
}

// api serves the Runtime API and the Extensions API.
func (r *process) api() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", r.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", r.response)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", r.invocationError)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", r.initError)
	mux.HandleFunc("POST /2020-01-01/extension/register", r.register)
	mux.HandleFunc("GET /2020-01-01/extension/event/next", r.extensionNext)
	mux.HandleFunc("POST /2020-01-01/extension/init/error", r.extensionError)
	mux.HandleFunc("POST /2020-01-01/extension/exit/error", r.extensionError)
	return mux
}

// deliver sends an invocation to the runtime and to the extensions that subscribed to invocations.
func (r *process) deliver(i *invocation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.current, r.waiting, r.complete = i, false, make(chan struct{})
	r.thaw()
	r.invocations <- i
	for _, x := range r.extensions {
		if x.invoke {
			x.waiting = false
			x.events <- i
		}
	}
}

// checkComplete closes complete once the runtime and all extensions have called next. The caller holds mu.
func (r *process) checkComplete() {
	if !r.waiting {
		return
	}
	for _, x := range r.extensions {
		if !x.waiting {
			return
		}
	}
	r.started = true
	close(r.complete)
}

// whenComplete returns a channel that is closed when the start or the current invocation is complete.
func (r *process) whenComplete() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.complete
}

func (r *process) next(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	if r.waiting || r.current != nil && !r.current.answered {
		r.mu.Unlock()
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "next asked for before the invocation was answered")
		return
	}
	r.waiting = true
	r.checkComplete()
	r.mu.Unlock()

	select {
	case <-q.Context().Done():
	case i := <-r.invocations:
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", i.id)
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(i.deadline.UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", i.arn)
		h.Set("Lambda-Runtime-Trace-Id", i.trace)
		if i.clientContext != "" {
			h.Set("Lambda-Runtime-Client-Context", i.clientContext)
		}
		w.Write(i.payload)
	}
}

// claim returns the running invocation if it has this ID and no answer yet. Otherwise it answers with status 400.
func (r *process) claim(w http.ResponseWriter, id string) *invocation {
	r.mu.Lock()
	i := r.current
	ok := i != nil && i.id == id && !i.answered
	if ok {
		i.answered = true
	}
	r.mu.Unlock()
	if !ok {
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
		return nil
	}
	return i
}

func (r *process) response(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(io.LimitReader(q.Body, maxResponse+1))
	if err != nil {
		return // the process died while it sent its answer, which counts as no answer
	}
	i := r.claim(w, q.PathValue("id"))
	if i == nil {
		return
	}
	if len(body) > maxResponse {
		io.Copy(io.Discard, q.Body)
		i.answer <- newFailure("Function.ResponseSizeTooLarge",
			"Response payload size exceeded maximum allowed payload size (6291556 bytes).").result(i.id)
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "Exceeded maximum allowed payload size (6291556 bytes).")
		return
	}
	result := Result{Payload: body, RequestID: i.id}
	// A failed response stream reports its error in a trailer.
	if kind := q.Trailer.Get(headerErrorType); kind != "" {
		result.FunctionError = unhandled
		result.Payload, err = base64.StdEncoding.DecodeString(q.Trailer.Get(headerErrorBody))
		if err != nil || len(result.Payload) == 0 {
			result.Payload = newFailure(kind, "").payload
		}
	}
	i.answer <- result
	accept(w)
}

func (r *process) invocationError(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(io.LimitReader(q.Body, maxResponse))
	if err != nil {
		return
	}
	if i := r.claim(w, q.PathValue("id")); i != nil {
		i.answer <- Result{Payload: body, FunctionError: unhandled, RequestID: i.id}
		accept(w)
	}
}

func (r *process) initError(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(io.LimitReader(q.Body, maxResponse))
	if err != nil {
		return
	}
	r.fail(&failure{kind: q.Header.Get(headerErrorType), status: "error", payload: body})
	accept(w)
}

func (r *process) fail(f *failure) {
	select {
	case r.failed <- f:
	default: // only the first failure counts
	}
}

func accept(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	io.WriteString(w, `{"status":"OK"}`+"\n")
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]string{"errorMessage": message, "errorType": kind})
}
