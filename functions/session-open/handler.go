package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/session"
	"github.com/minim-dev/minim/shared/web"
)

// errRefused means that the issuer does not vouch for the person; any other error of an issuer may pass.
var errRefused = errors.New("the issuer refused the sign-in")

type issuer interface {
	// Authorize returns where the browser signs in.
	Authorize(ctx context.Context, begun session.SignIn, state string) (string, error)
	// Exchange returns the person that a code was issued for, and the address that ends the issuer's own session.
	Exchange(ctx context.Context, begun session.SignIn, code string) (p session.Person, signOut string, err error)
}

type signInStore interface {
	Begin(ctx context.Context, begun session.SignIn) error
	Complete(ctx context.Context, id, browser string, now time.Time) (session.SignIn, error)
}

type sessionStore interface {
	Create(ctx context.Context, made session.Session) error
	Delete(ctx context.Context, id string) error
}

type handler struct {
	host     string
	issuer   issuer
	sessions interface {
		signInStore
		sessionStore
	}
	now func() time.Time
	log *slog.Logger
}

// Handle sends a browser to the issuer, and begins a session when it comes back. Browsers get a page for
// each failure: people look at it.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	handle := h.begin
	if r.RouteKey == "GET /api/session/callback" {
		handle = h.complete
	}
	response, err := handle(ctx, r)
	switch {
	case errors.Is(err, errRefused) || fault.Is(err, fault.NotFound):
		h.log.InfoContext(ctx, "sign-in refused", "error", err)
		response = h.page(r, http.StatusBadRequest)
	case err != nil:
		response = h.page(r, web.Judge(ctx, h.log, r, err).Status)
	}
	// The addresses of a sign-in contain codes: they belong neither into caches nor into other sites' logs.
	return response.With("Cache-Control", "no-store").With("Referrer-Policy", "no-referrer"), nil
}

// begin answers GET /api/session/new?to=/app/….
func (h *handler) begin(ctx context.Context, r web.Request) (web.Response, error) {
	if err := r.Parameters("to"); err != nil {
		return web.Response{}, err
	}
	browser := session.Token(r.Cookie(session.SignInCookie))
	begun, state := session.Begin(browser, r.Query("to"), h.now())
	target, err := h.issuer.Authorize(ctx, begun, state)
	if err != nil {
		return web.Response{}, err
	}
	if err := h.sessions.Begin(ctx, begun); err != nil {
		return web.Response{}, err
	}
	return web.Empty(http.StatusFound).With("Location", target).
		WithCookie(cookie(session.SignInCookie, browser, session.SignInTime)), nil
}

// complete answers GET /api/session/callback?code=…&state=…. The state is good once, and in the browser that
// began only.
func (h *handler) complete(ctx context.Context, r web.Request) (web.Response, error) {
	now, state, browser := h.now(), r.Query("state"), r.Cookie(session.SignInCookie)
	if !session.IsToken(state) || !session.IsToken(browser) {
		return web.Response{}, errors.Join(errRefused, errors.New("no state, or no cookie"))
	}
	begun, err := h.sessions.Complete(ctx, session.Digest(state), session.Digest(browser), now)
	if err != nil {
		return web.Response{}, err
	}
	if r.Query("code") == "" { // there is an error instead, such as access_denied
		return web.Response{}, errors.Join(errRefused, errors.New("no code"))
	}
	person, signOut, err := h.issuer.Exchange(ctx, begun, r.Query("code"))
	if err != nil {
		return web.Response{}, err
	}
	made, token := session.New(person, signOut, now)
	if err := h.sessions.Create(ctx, made); err != nil {
		return web.Response{}, err
	}
	if former := r.Cookie(session.Cookie); session.IsToken(former) { // the browser forgets it now
		if err := h.sessions.Delete(ctx, session.Digest(former)); err != nil {
			return web.Response{}, err
		}
	}
	return web.Empty(http.StatusSeeOther).With("Location", begun.To).
		WithCookie(cookie(session.Cookie, token, session.Longest)).
		WithCookie(cookie(session.SignInCookie, "", -time.Second)), nil
}

func cookie(name, value string, age time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(age.Seconds()), Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}
