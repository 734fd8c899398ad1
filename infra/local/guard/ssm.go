package guard

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/minim-dev/minim/infra/local/iam"
)

// parameters maps calls of Parameter Store to actions.
type parameters struct {
	arn string // of the parameters, without their names and the slash before them
}

// SSM returns a handler that guards Parameter Store.
func (g *Guard) SSM(next http.Handler) http.Handler {
	return &filter{guard: g, service: parameters{arn: "arn:aws:ssm:" + g.o.Region + ":" + g.o.Account + ":parameter"}, next: next}
}

func (p parameters) needs(r *http.Request) (all []iam.Request, err error) {
	operation, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "AmazonSSM.")
	if !ok || !strings.Contains(operation, "Parameter") {
		return nil, unknown("The local cloud does not know which permissions %q needs.", r.Header.Get("X-Amz-Target"))
	}
	data, err := body(r, maxBody)
	if err != nil {
		return nil, err
	}
	var request struct {
		Name, Path string
		Names      []string
	}
	if err := json.Unmarshal(data, &request); err != nil {
		return nil, nil // the service reports the error
	}
	action := "ssm:" + operation
	if operation == "DescribeParameters" {
		return []iam.Request{{Action: action, Resource: "*"}}, nil
	}
	for _, name := range append([]string{request.Name, request.Path}, request.Names...) {
		if name != "" {
			all = append(all, iam.Request{Action: action, Resource: p.resource(name)})
		}
	}
	return all, nil
}

// resource returns the ARN of a parameter, given its name or ARN, with or without a
// version.
func (p parameters) resource(name string) string {
	name = strings.TrimPrefix(name, p.arn)
	name, _, _ = strings.Cut(name, ":")
	return p.arn + "/" + strings.TrimPrefix(name, "/")
}

func (parameters) refuse(w http.ResponseWriter, r *http.Request, x *refusal) {
	drain(r)
	answerJSON(w, "application/x-amz-json-1.1", http.StatusBadRequest, map[string]string{"__type": x.code(), "Message": x.Error()})
}
