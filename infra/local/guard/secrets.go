package guard

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/minim-dev/minim/infra/local/iam"
)

// vault maps calls of Secrets Manager to actions.
type vault struct {
	arn func(name string) string
}

// Secrets returns a handler that guards Secrets Manager. arn returns the ARN of a secret.
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
		return nil, nil // the service reports the error
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
