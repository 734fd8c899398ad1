package guard

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/minim-dev/minim/infra/local/iam"
)

// vault knows Secrets Manager.
type vault struct {
	arn func(name string) string
}

// Secrets guards a Secrets Manager, in which arn reports how a secret's name becomes its ARN.
func (g *Guard) Secrets(next http.Handler, arn func(name string) string) http.Handler {
	return &filter{guard: g, service: vault{arn}, next: next}
}

func (v vault) needs(r *http.Request) ([]iam.Request, error) {
	operation, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "secretsmanager.")
	if !ok {
		return nil, unknown("The local cloud does not know which permissions %q needs.", r.Header.Get("X-Amz-Target"))
	}
	if operation == "ListSecrets" {
		return []iam.Request{{Action: "secretsmanager:ListSecrets", Resource: "*"}}, nil
	}
	data, err := body(r, maxBody)
	if err != nil {
		return nil, err
	}
	var request struct{ SecretId string }
	if err := json.Unmarshal(data, &request); err != nil {
		return nil, nil // the service reports what is wrong with it
	}
	need := iam.Request{Action: "secretsmanager:" + operation, Resource: request.SecretId}
	if !strings.HasPrefix(request.SecretId, "arn:") {
		need.Resource = v.arn(request.SecretId)
	}
	return []iam.Request{need}, nil
}

func (vault) refuse(w http.ResponseWriter, r *http.Request, x *refusal) {
	drain(r)
	answerJSON(w, "application/x-amz-json-1.1", http.StatusBadRequest, map[string]string{"__type": x.code(), "Message": x.Error()})
}
