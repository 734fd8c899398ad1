package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

// create answers 201 with a new key and its token, which is shown this once. It has at most the permissions of the
// caller. An Idempotency-Key gives the key its ID: so that a repeated request finds it, without its token having
// been stored anywhere.
func (h *handler) create(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.KeysWrite)
	if err != nil {
		return web.Response{}, err
	}
	var draft key.Draft
	malformed := r.JSON(&draft)
	idempotencyKey, tooLong := r.IdempotencyKey()
	k, token, err := draft.Key(caller.Owner, idempotencyKey, h.now())
	if err := fault.Join(malformed, err, tooLong); err != nil {
		return web.Response{}, err
	}
	if err := h.permit(ctx, caller, k); err != nil {
		return web.Response{}, err
	}
	k.CreatedBy = caller.Person
	if caller.Key != "" {
		k.CreatedBy = "key:" + caller.Key
	}
	err = h.keys.Create(ctx, k)
	if errors.Is(err, table.ErrKeyExists) {
		return web.Response{}, h.repeated(ctx, k)
	}
	if err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusCreated, created{show(k, h.now()), token}).With("Location", "/api/keys/"+k.ID), nil
}

// repeated returns the fault of a request whose Idempotency-Key has been used: its token cannot be shown again.
func (h *handler) repeated(ctx context.Context, k key.Key) error {
	first, err := h.keys.Get(ctx, k.ID)
	switch {
	case err != nil:
		return err
	case !k.Same(first):
		return fault.New(fault.Mismatch, "This Idempotency-Key was used for another request.")
	}
	return fault.New(fault.Conflict, "This request has created the API key "+k.ID+" already. Its token was shown once; to get another one, rotate the key.")
}

// rotate answers with the key and its new token, which is shown this once.
func (h *handler) rotate(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.KeysWrite)
	if err != nil {
		return web.Response{}, err
	}
	var wanted key.Rotation
	if err := r.JSON(&wanted); err != nil {
		return web.Response{}, err
	}
	k, err := h.find(ctx, caller, r.Path("id"))
	if err != nil {
		return web.Response{}, err
	}
	if err := h.permit(ctx, caller, k); err != nil {
		return web.Response{}, err
	}
	rotated, token, err := wanted.Rotate(k, h.now())
	if err != nil {
		return web.Response{}, err
	}
	if err := h.keys.Rotate(ctx, rotated, k.Digest); err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusOK, created{show(rotated, h.now()), token}), nil
}

// permit returns a Denied fault unless the caller may get a token of the key. The caller's API key, or their role in a
// space, is read anew: one that was revoked a moment ago must not leave a key behind.
func (h *handler) permit(ctx context.Context, caller web.Caller, k key.Key) error {
	var until time.Time
	if caller.Key != "" {
		own, err := h.keys.Get(ctx, caller.Key)
		if fault.Is(err, fault.NotFound) || err == nil && !own.Active(h.now()) {
			return fault.New(fault.Denied, "Your API key has been revoked.")
		}
		if err != nil {
			return err
		}
		until = own.ExpiresAt
	}
	if caller.Person != "" && caller.Owner != caller.Person {
		role, err := h.spaces.Role(ctx, caller.Owner, caller.Person)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		caller.Scopes = role.Scopes() // none without a role
		if err := caller.Needs(key.KeysWrite); err != nil {
			return err
		}
	}
	return k.Permit(caller.Scopes, until)
}
