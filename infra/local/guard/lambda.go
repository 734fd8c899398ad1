package guard

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/minim-dev/minim/infra/local/iam"
)

// functions maps calls of Lambda's API to actions.
type functions struct {
	arn string // of the functions, without their names
}

// Lambda returns a handler that guards Lambda's API.
func (g *Guard) Lambda(next http.Handler) http.Handler {
	return &filter{guard: g, service: functions{arn: "arn:aws:lambda:" + g.o.Region + ":" + g.o.Account + ":function:"}, next: next}
}

func (f functions) needs(r *http.Request) ([]iam.Request, error) {
	rest, ok := strings.CutPrefix(r.URL.EscapedPath(), "/2015-03-31/functions/")
	escaped, operation, _ := strings.Cut(rest, "/")
	name, err := url.PathUnescape(escaped)
	if !ok || operation != "invocations" || err != nil {
		return nil, unknown("the local Lambda has no %s %s", r.Method, r.URL.Path)
	}
	if _, after, ok := strings.Cut(name, ":function:"); ok && !strings.HasPrefix(name, "arn:") { // a partial ARN
		name = after
	}
	if !strings.HasPrefix(name, "arn:") {
		name = f.arn + name
	}
	if qualifier := r.URL.Query().Get("Qualifier"); qualifier != "" {
		name += ":" + qualifier
	}
	return []iam.Request{{Action: "lambda:InvokeFunction", Resource: name}}, nil
}

func (functions) refuse(w http.ResponseWriter, r *http.Request, x *refusal) {
	drain(r)
	status := http.StatusForbidden
	if x.kind == unsupported {
		status = http.StatusNotFound
	}
	w.Header().Set("X-Amzn-Errortype", x.code())
	answerJSON(w, "application/json", status, map[string]string{"Message": x.Error()})
}
