package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/page"
	"github.com/minim-dev/minim/shared/web"
)

type attemptStore interface {
	Begin(ctx context.Context, link, visitor string, now time.Time) (wait time.Duration, err error)
	Succeed(ctx context.Context, link, visitor string) error
}

// unlock compares the password of the form with the link's. It returns NoAttempt if
// it is right, and with TooManyAttempts how long to wait.
func (h *handler) unlock(ctx context.Context, r web.Request, l link.Link, now time.Time) (page.Attempt, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, limitTimeout)
	defer cancel()
	visitor := visitorOf(r, l)
	wait, err := h.attempts.Begin(ctx, l.ID, visitor, now)
	if err != nil {
		return 0, 0, fmt.Errorf("link %s: %w", l.ID, err)
	}
	if wait > 0 {
		return page.TooManyAttempts, wait, nil
	}
	if !l.Password.Matches(formOf(r).Get("password")) {
		return page.WrongPassword, 0, nil
	}
	if err := h.attempts.Succeed(ctx, l.ID, visitor); err != nil {
		return 0, 0, fmt.Errorf("link %s: %w", l.ID, err)
	}
	return page.NoAttempt, 0, nil
}

// visitorOf identifies a visitor to a link by their address, without revealing it: the
// key of the HMAC is a secret of the edge, which no table holds, and the salt of the
// link's password.
func visitorOf(r web.Request, l link.Link) string {
	sum := hmac.New(sha256.New, []byte(r.Header("x-origin-key")+string(l.Password)))
	sum.Write([]byte(address(r)))
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// address is a visitor's address, of IPv6 its network. The edge appends the visitor's address
// to X-Forwarded-For, and the gateway appends the edge's.
func address(r web.Request) string {
	hops := strings.Split(r.Header("x-forwarded-for"), ",")
	address := strings.TrimSpace(hops[max(0, len(hops)-2)])
	if parsed, err := netip.ParseAddr(address); err == nil {
		if network, err := parsed.Unmap().Prefix(64); err == nil {
			address = network.Masked().String()
		}
	}
	return address
}
