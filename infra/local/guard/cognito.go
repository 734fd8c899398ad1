package guard

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/minim-dev/minim/infra/local/iam"
)

// pools maps administrative calls of Cognito user pools to actions.
type pools struct {
	arn string // of the pools, without their IDs
}

// Pools returns a handler that guards user pools.
func (g *Guard) Pools(next http.Handler) http.Handler {
	return &filter{guard: g, service: pools{arn: "arn:aws:cognito-idp:" + g.o.Region + ":" + g.o.Account + ":userpool/"}, next: next}
}

func (p pools) needs(r *http.Request) ([]iam.Request, error) {
	operation, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "AWSCognitoIdentityProviderService.")
	if !ok {
		return nil, unknown("The local cloud does not know which permissions %q needs.", r.Header.Get("X-Amz-Target"))
	}
	data, err := body(r, maxBody)
	if err != nil {
		return nil, err
	}
	var request struct{ UserPoolId string }
	if err := json.Unmarshal(data, &request); err != nil {
		return nil, nil // the service reports the error
	}
	need := iam.Request{Action: "cognito-idp:" + operation, Resource: "*"}
	if request.UserPoolId != "" {
		need.Resource = p.arn + request.UserPoolId
	}
	return []iam.Request{need}, nil
}

func (pools) refuse(w http.ResponseWriter, r *http.Request, x *refusal) {
	drain(r)
	answerJSON(w, "application/x-amz-json-1.1", http.StatusBadRequest, map[string]string{"__type": x.code(), "Message": x.Error()})
}
