// Package ses is an SES that sends nothing: it accepts messages with version 2 of the API and
// writes them, as MIME, to a folder. Senders need no verification.
package ses

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Server serves the API. It is safe for concurrent use.
type Server struct {
	outbox     Outbox
	identities []string
	sent       atomic.Int64
}

// New returns a server that writes to an outbox. The identities are only for
// ListEmailIdentities.
func New(outbox Outbox, identities []string) *Server {
	return &Server{outbox: outbox, identities: slices.Sorted(slices.Values(identities))}
}

// Send writes one message, and returns its ID.
func (s *Server) Send(e Email) (id string, err error) {
	m, err := compose(e, time.Now())
	if err != nil {
		return "", err
	}
	if len(m.text) > maxMessage {
		return "", wrong("Message length is more than %d bytes long.", maxMessage)
	}
	if err := s.outbox.put(m.id, m.at, m.text); err != nil {
		return "", err
	}
	s.sent.Add(1)
	return m.id, nil
}

// invalid is an error of the caller.
type invalid struct{ message string }

// Error implements error.
func (e *invalid) Error() string { return e.message }

func wrong(format string, args ...any) error { return &invalid{fmt.Sprintf(format, args...)} }

const (
	maxMessage = 40 << 20
	maxBody    = maxMessage * 3 / 2 // in base64
)

// ServeHTTP serves one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var answer any
	var err error
	switch r.Method + " " + strings.TrimSuffix(r.URL.Path, "/") {
	case "POST /v2/email/outbound-emails":
		var e Email
		if err = json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&e); err != nil {
			err = wrong("the request is not the JSON of SendEmail: %v", err)
			break
		}
		var id string
		id, err = s.Send(e)
		answer = map[string]string{"MessageId": id}
	case "GET /v2/email/account":
		answer = map[string]any{
			"SendingEnabled": true, "ProductionAccessEnabled": true, "EnforcementStatus": "HEALTHY", "DedicatedIpAutoWarmupEnabled": false,
			"SendQuota": map[string]any{"Max24HourSend": 50000, "MaxSendRate": 14, "SentLast24Hours": s.sent.Load()},
		}
	case "GET /v2/email/identities", "POST /v2/email/list-identities": // used by older and newer clients
		answer = map[string]any{"EmailIdentities": s.list()}
	default:
		reply(w, http.StatusNotFound, "UnknownOperationException", map[string]string{
			"message": fmt.Sprintf("the local SES supports SendEmail, GetAccount and ListEmailIdentities, not %s %s", r.Method, r.URL.Path),
		})
		return
	}
	var mistake *invalid
	switch {
	case errors.As(err, &mistake):
		reply(w, http.StatusBadRequest, "BadRequestException", map[string]string{"message": err.Error()})
	case err != nil:
		reply(w, http.StatusInternalServerError, "InternalServiceErrorException", map[string]string{"message": err.Error()})
	default:
		reply(w, http.StatusOK, "", answer)
	}
}

func (s *Server) list() []any {
	all := []any{}
	for _, name := range s.identities {
		kind := "DOMAIN"
		if strings.Contains(name, "@") {
			kind = "EMAIL_ADDRESS"
		}
		all = append(all, map[string]any{"IdentityName": name, "IdentityType": kind, "SendingEnabled": true, "VerificationStatus": "SUCCESS"})
	}
	return all
}

func reply(w http.ResponseWriter, status int, code string, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Requestid", rand.Text())
	if code != "" {
		w.Header().Set("X-Amzn-Errortype", code)
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
