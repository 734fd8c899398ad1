package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/session"
)

// infra/edge/session.js turns the session's cookie into `Authorization: Session same-origin TOKEN`: an
// authorizer whose answers are kept needs the credential in one header, and the answers for requests of other
// sites must be kept apart from those for our own.
const (
	sessionScheme = "Session"
	sameOrigin    = "same-origin"
)

type sessionStore interface {
	Get(ctx context.Context, id string, now time.Time) (session.Session, error)
	Use(ctx context.Context, used session.Session) error
}

// signedIn returns who has a session, or nil. Browsers send the cookie with requests that other sites make,
// too, so that only pages of the site itself may change anything with it.
func (h *handler) signedIn(ctx context.Context, method, credential string) (map[string]any, error) {
	origin, token, _ := strings.Cut(credential, " ")
	reads := method == http.MethodGet || method == http.MethodHead
	if !session.IsToken(token) || !reads && origin != sameOrigin {
		return nil, nil
	}
	now := h.now()
	s, err := h.sessions.Get(ctx, session.Digest(token), now)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if used, changed := s.Use(now); changed {
		if err := h.sessions.Use(ctx, used); err != nil { // the next request tries again
			h.log.WarnContext(ctx, "session cannot be extended", "error", err)
		}
	}
	return map[string]any{"owner": s.Owner(), "scopes": key.JoinScopes(session.Scopes(), " "), "session": s.ID}, nil
}
