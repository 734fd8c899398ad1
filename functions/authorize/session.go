package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/session"
	"github.com/minim-dev/minim/shared/space"
	"github.com/minim-dev/minim/shared/web"
)

// infra/edge/session.js turns the session's cookie into `Authorization: Session same-origin TOKEN`, with the ID of the
// space at the end if the request names one: an authorizer whose answers are kept needs the credential in one header,
// and the answers for requests of other sites, and for other spaces, must be kept apart.
const (
	sessionScheme = "Session"
	sameOrigin    = "same-origin"
)

type sessionStore interface {
	Get(ctx context.Context, id string, now time.Time) (session.Session, error)
	Use(ctx context.Context, used session.Session) error
}

type spaceStore interface {
	Role(ctx context.Context, space, person string) (space.Role, error)
}

// signedIn returns who has a session, or nil. Browsers send the cookie with requests that other sites make,
// too, so that only pages of the site itself may change anything with it.
func (h *handler) signedIn(ctx context.Context, method, credential string) (map[string]any, error) {
	origin, rest, _ := strings.Cut(credential, " ")
	token, named, _ := strings.Cut(rest, " ")
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
	return h.inSpace(ctx, s, named)
}

// inSpace returns the context of a person in the space that they name, or else in their personal one, where they have
// all scopes of an admin. If they are not a member or there is no such space, it has no owner, and is marked web.NoSpace.
func (h *handler) inSpace(ctx context.Context, s session.Session, named string) (map[string]any, error) {
	person := s.Owner()
	caller := map[string]any{"person": person, "session": s.ID}
	role, owner := space.Admin, person
	if named != "" && named != person {
		var err error
		role, owner = "", named
		if space.IsID(named) {
			role, err = h.spaces.Role(ctx, named, person)
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
	}
	scopes := role.Scopes()
	if len(scopes) == 0 {
		caller[web.NoSpace] = "true"
		return caller, nil
	}
	caller["owner"], caller["scopes"] = owner, key.JoinScopes(scopes, " ")
	return caller, nil
}
