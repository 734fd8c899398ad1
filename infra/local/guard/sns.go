package guard

import (
	"crypto/rand"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"

	"github.com/minim-dev/minim/infra/local/iam"
)

// topics maps calls of SNS, in its Query protocol, to actions.
type topics struct {
	arn string // of the topics, without their names
}

// SNS returns a handler that guards SNS.
func (g *Guard) SNS(next http.Handler) http.Handler {
	return &filter{guard: g, service: topics{arn: "arn:aws:sns:" + g.o.Region + ":" + g.o.Account + ":"}, next: next}
}

func (t topics) needs(r *http.Request) ([]iam.Request, error) {
	data, err := body(r, maxBody)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(data))
	action := form.Get("Action")
	if err != nil || action == "" {
		return nil, unknown("This SNS speaks the Query protocol only, as AWS SDKs do.")
	}
	// A batch needs the permission for its single action.
	need := iam.Request{Action: "sns:" + strings.TrimSuffix(action, "Batch"), Resource: "*"}
	for _, name := range []string{"TopicArn", "TargetArn", "ResourceArn", "PhoneNumber", "Name", "SubscriptionArn"} {
		value := form.Get(name)
		switch {
		case value == "":
			continue
		case name == "Name":
			value = t.arn + value
		case name == "SubscriptionArn": // the permission is for the topic
			value = value[:max(0, strings.LastIndex(value, ":"))]
		}
		need.Resource = value
		return []iam.Request{need}, nil
	}
	return []iam.Request{need}, nil
}

// queryError is an error in the Query protocol.
type queryError struct {
	XMLName   xml.Name `xml:"http://sns.amazonaws.com/doc/2010-03-31/ ErrorResponse"`
	Type      string   `xml:"Error>Type"`
	Code      string   `xml:"Error>Code"`
	Message   string   `xml:"Error>Message"`
	RequestId string
}

func (topics) refuse(w http.ResponseWriter, r *http.Request, x *refusal) {
	drain(r)
	e := queryError{Type: "Sender", Message: x.Error(), RequestId: rand.Text()}
	status := http.StatusForbidden
	switch x.kind {
	case accessDenied: // SNS spells its name in upper case
		e.Code = "AuthorizationError"
		e.Message = x.sentence("SNS"+strings.TrimPrefix(x.action, "sns"), x.resource)
	case missingKey:
		e.Code = "MissingAuthenticationToken"
	case unknownKey:
		e.Code = "InvalidClientTokenId"
	default:
		e.Code, status = "InvalidAction", http.StatusBadRequest
	}
	text, _ := xml.Marshal(e) // cannot fail: only strings
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_, _ = w.Write(text)
}
