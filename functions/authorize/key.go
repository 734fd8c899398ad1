package main

import (
	"context"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
)

// useTimeout limits the write that a key is used, for which the request waits.
const useTimeout = 250 * time.Millisecond

// withKey returns who has an API key, or nil.
func (h *handler) withKey(ctx context.Context, token string) (map[string]any, error) {
	id, secret, ok := key.Parse(token)
	if !ok {
		return nil, nil
	}
	k, err := h.keys.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	now := h.now()
	if err != nil || !k.Admits(secret, now) {
		return nil, err
	}
	h.use(ctx, k, now.UTC().Format(time.DateOnly))
	return map[string]any{"owner": k.Owner, "scopes": key.JoinScopes(k.Grants(), " "), "key": k.ID}, nil
}

// use stores that a key is used, at its first use of a day. A failure does not fail the request: the next one tries
// again.
func (h *handler) use(ctx context.Context, k key.Key, day string) {
	if k.UsedOn >= day {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, useTimeout)
	defer cancel()
	if err := h.keys.Use(ctx, k.ID, day); err != nil {
		h.log.WarnContext(ctx, "use of a key cannot be stored", "key", k.ID, "error", err)
	}
}
