package main

import (
	"context"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/space"
	"github.com/minim-dev/minim/shared/web"
)

var errNoKey = fault.New(fault.NotFound, "There is no such API key.")

type reader interface {
	Get(ctx context.Context, id string) (key.Key, error)
	List(ctx context.Context, owner string) ([]key.Key, error)
}

type writer interface {
	Create(ctx context.Context, k key.Key) error
	Delete(ctx context.Context, k key.Key) error
	Rotate(ctx context.Context, rotated key.Key, was []byte) error
}

type spaceStore interface {
	Role(ctx context.Context, space, person string) (space.Role, error)
}

type handler struct {
	keys interface {
		reader
		writer
	}
	spaces spaceStore
	now    func() time.Time
}

// Handle answers the routes of API keys. Another owner's key does not exist. Answers with a token are in no cache.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	handle := map[string]func(context.Context, web.Request) (web.Response, error){
		"GET /api/keys":              h.list,
		"POST /api/keys":             h.create,
		"GET /api/keys/{id}":         h.get,
		"DELETE /api/keys/{id}":      h.revoke,
		"POST /api/keys/{id}/rotate": h.rotate,
	}[r.RouteKey]
	if handle == nil {
		return web.Response{}, errNoKey
	}
	response, err := handle(ctx, r)
	return response.With("Cache-Control", "no-store"), err
}

// list answers with all keys of the caller or, for an admin, of another owner.
func (h *handler) list(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.KeysRead, "owner")
	if err != nil {
		return web.Response{}, err
	}
	owner, err := caller.For(r.Query("owner"))
	if err != nil {
		return web.Response{}, err
	}
	keys, err := h.keys.List(ctx, owner)
	if err != nil {
		return web.Response{}, err
	}
	items := []view{}
	for _, k := range keys {
		items = append(items, show(k, h.now()))
	}
	return web.JSON(http.StatusOK, page{items}), nil
}

func (h *handler) get(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.KeysRead)
	if err != nil {
		return web.Response{}, err
	}
	k, err := h.find(ctx, caller, r.Path("id"))
	if err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusOK, show(k, h.now())), nil
}

// revoke deletes a key, which may be the one that asks.
func (h *handler) revoke(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.KeysWrite)
	if err != nil {
		return web.Response{}, err
	}
	k, err := h.find(ctx, caller, r.Path("id"))
	if err != nil {
		return web.Response{}, err
	}
	return web.Empty(http.StatusNoContent), h.keys.Delete(ctx, k)
}

// find returns a key of the caller.
func (h *handler) find(ctx context.Context, caller web.Caller, id string) (key.Key, error) {
	if !key.IsID(id) {
		return key.Key{}, errNoKey
	}
	k, err := h.keys.Get(ctx, id)
	if err == nil && !caller.Owns(k.Owner) {
		return key.Key{}, errNoKey
	}
	return k, err
}
