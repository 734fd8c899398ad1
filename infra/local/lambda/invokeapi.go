package lambda

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// Handler serves Lambda's API for the AWS SDKs and the AWS CLI: calls that invoke or describe functions.
func (p *Platform) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /2015-03-31/functions/{name}/invocations", p.serveInvoke)
	mux.HandleFunc("GET /2015-03-31/functions/{$}", p.list)
	mux.HandleFunc("GET /2015-03-31/functions", p.list)
	mux.HandleFunc("GET /2015-03-31/functions/{name}", p.get)
	mux.HandleFunc("GET /2015-03-31/functions/{name}/configuration", p.getConfiguration)
	mux.HandleFunc("GET /2015-03-31/event-source-mappings/{$}", p.listMappings)
	mux.HandleFunc("GET /2015-03-31/event-source-mappings", p.listMappings)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeError(w, newUUID(), &Error{Status: http.StatusNotFound, Type: "UnknownOperationException",
			Message: "the local Lambda has no " + r.Method + " " + r.URL.Path})
	})
	return mux
}

func (p *Platform) serveInvoke(w http.ResponseWriter, r *http.Request) {
	id := newUUID()
	name, err := p.resolve(r.PathValue("name"), r.URL.Query().Get("Qualifier"))
	if err != nil {
		writeError(w, id, err)
		return
	}
	payload, err := io.ReadAll(io.LimitReader(r.Body, maxPayload+1))
	if err != nil {
		return // the caller is gone
	}
	io.Copy(io.Discard, io.LimitReader(r.Body, 10*maxPayload)) // the sender of a payload that is too large can then read the answer
	trace := r.Header.Get("X-Amzn-Trace-Id")
	if trace == "" {
		trace = newTrace()
	}
	switch kind := r.Header.Get("X-Amz-Invocation-Type"); kind {
	case "", "RequestResponse":
		p.serveSync(w, r, name, request{id: id, payload: payload, trace: trace, waiting: true})
	case "Event":
		event, err := p.enqueue(name, payload, trace)
		if err != nil {
			writeError(w, id, err)
			return
		}
		w.Header().Set("X-Amzn-Requestid", event)
		w.WriteHeader(http.StatusAccepted)
	case "DryRun":
		w.Header().Set("X-Amzn-Requestid", id)
		w.WriteHeader(http.StatusNoContent)
	default:
		writeError(w, id, invalidParameter("InvocationType "+kind+" is not RequestResponse, Event or DryRun"))
	}
}

func (p *Platform) serveSync(w http.ResponseWriter, r *http.Request, name string, q request) {
	var err error
	if q.payload, err = checkPayload(q.payload, maxPayload, "InvokeFunction"); err != nil {
		writeError(w, q.id, err)
		return
	}
	clientContext, err := base64.StdEncoding.DecodeString(r.Header.Get("X-Amz-Client-Context"))
	if err != nil || len(clientContext) > 0 && !json.Valid(clientContext) {
		writeError(w, q.id, invalidParameter("Client context must be JSON in base64"))
		return
	}
	q.clientContext = strings.NewReplacer("\n", "", "\r", "").Replace(string(clientContext))
	q.tail = r.Header.Get("X-Amz-Log-Type") == "Tail"
	result, err := p.invoke(r.Context(), name, q)
	if err != nil {
		writeError(w, q.id, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Amzn-Requestid", q.id)
	h.Set("X-Amzn-Trace-Id", q.trace)
	h.Set("X-Amz-Executed-Version", latest)
	if result.FunctionError != "" {
		h.Set("X-Amz-Function-Error", result.FunctionError)
	}
	if q.tail {
		h.Set("X-Amz-Log-Result", base64.StdEncoding.EncodeToString(result.LogTail))
	}
	w.Write(result.Payload)
}

// resolve returns the function's name from a name, an ARN or a partial ARN. The only version is $LATEST.
func (p *Platform) resolve(name, qualifier string) (string, error) {
	prefix := ""
	switch parts := strings.Split(name, ":"); {
	case strings.HasPrefix(name, "arn:"):
		if len(parts) < 7 || parts[2] != "lambda" || parts[5] != "function" {
			return "", invalidParameter("not the ARN of a function: " + name)
		}
		prefix = strings.Join(parts[:6], ":") + ":"
		if parts[3] != p.options.Region || parts[4] != p.options.Account {
			return "", notFound(name)
		}
	case len(parts) >= 3 && parts[1] == "function":
		prefix = strings.Join(parts[:2], ":") + ":"
		if parts[0] != p.options.Account {
			return "", notFound(name)
		}
	}
	name, version, found := strings.Cut(strings.TrimPrefix(name, prefix), ":")
	if found {
		qualifier = version
	}
	if qualifier != "" && qualifier != latest {
		return "", notFound(p.options.arn(name) + ":" + qualifier)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.functions[name] == nil {
		return "", notFound(p.options.arn(name))
	}
	return name, nil
}

func invalidParameter(message string) *Error {
	return &Error{Status: http.StatusBadRequest, Type: "InvalidParameterValueException", Message: message}
}

func writeError(w http.ResponseWriter, id string, err error) {
	var refusal *Error
	if !errors.As(err, &refusal) {
		refusal = &Error{Status: http.StatusInternalServerError, Type: "ServiceException", Message: err.Error()}
	}
	body := map[string]string{"Type": "User"}
	if refusal.Status == http.StatusNotFound { // AWS capitalises the key for this status only
		body["Message"] = refusal.Message
	} else {
		body["message"] = refusal.Message
	}
	if refusal.Reason != "" {
		body["Reason"] = refusal.Reason
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Requestid", id)
	w.Header().Set("X-Amzn-Errortype", refusal.Type)
	w.WriteHeader(refusal.Status)
	json.NewEncoder(w).Encode(body)
}
