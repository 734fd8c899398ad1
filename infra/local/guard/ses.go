package guard

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"

	"github.com/minim-dev/minim/infra/local/iam"
)

// letters maps calls of SES, version 2, to actions.
type letters struct {
	arn        string   // of the identities, without their names
	identities []string // of the stack
}

// SES returns a handler that guards an SES with these identities: addresses and domains.
func (g *Guard) SES(next http.Handler, identities []string) http.Handler {
	return &filter{guard: g, service: letters{"arn:aws:ses:" + g.o.Region + ":" + g.o.Account + ":identity/", identities}, next: next}
}

// needs returns the actions of a call. As in SES, a raw message has its own action.
func (l letters) needs(r *http.Request) ([]iam.Request, error) {
	switch r.Method + " " + strings.TrimSuffix(r.URL.Path, "/") {
	case "POST /v2/email/outbound-emails":
	case "GET /v2/email/account":
		return []iam.Request{{Action: "ses:GetAccount", Resource: "*"}}, nil
	case "GET /v2/email/identities", "POST /v2/email/list-identities":
		return []iam.Request{{Action: "ses:ListEmailIdentities", Resource: "*"}}, nil
	default:
		return nil, unknown("the local SES has no %s %s", r.Method, r.URL.Path)
	}
	data, err := body(r, maxLetter)
	if err != nil {
		return nil, err
	}
	var request struct {
		FromEmailAddress string
		Content          struct{ Raw *struct{ Data []byte } }
	}
	if err := json.Unmarshal(data, &request); err != nil {
		return nil, nil // the service reports the error
	}
	action, from := "ses:SendEmail", request.FromEmailAddress
	if raw := request.Content.Raw; raw != nil {
		action = "ses:SendRawEmail"
		if from == "" {
			head, _ := textproto.NewReader(bufio.NewReader(bytes.NewReader(raw.Data))).ReadMIMEHeader()
			from = head.Get("From")
		}
	}
	return []iam.Request{{Action: action, Resource: l.arn + l.identity(from)}}, nil
}

const maxLetter = 64 << 20

// identity returns the identity that SES checks for a sender: the address, or its domain if
// only the domain is an identity of the stack.
func (l letters) identity(from string) string {
	if a, err := mail.ParseAddress(from); err == nil {
		from = a.Address
	}
	_, domain, _ := strings.Cut(from, "@")
	if !slices.Contains(l.identities, from) && slices.Contains(l.identities, domain) {
		return domain
	}
	return from
}

func (letters) refuse(w http.ResponseWriter, r *http.Request, x *refusal) {
	drain(r)
	message, status := x.Error(), http.StatusForbidden
	switch x.kind {
	case accessDenied: // only SES uses these quotes
		message = fmt.Sprintf("User `%s' is not authorized to perform `%s' on resource `%s'", x.user, x.action, x.resource)
	case unsupported:
		status = http.StatusNotFound
	}
	w.Header().Set("X-Amzn-Errortype", x.code())
	answerJSON(w, "application/json", status, map[string]string{"message": message})
}
