package main

import (
	"context"
	"errors"

	"github.com/minim-dev/minim/shared/edge"
	"github.com/minim-dev/minim/shared/secret"
)

// first is the version of a key that the stack has made or is about to make.
const first = "first"

type secretStore interface {
	Read(ctx context.Context, id string) (value, version string, err error)
	Write(ctx context.Context, id, value string) (version string, err error)
}

// sender is the edge.
type sender interface {
	// Sends returns the key that all of the edge sends.
	Sends(ctx context.Context) (string, error)
}

// rotation changes the edge's key. Whenever it is cut off, the key that the edge
// sends is one of those in the secret.
type rotation struct {
	secrets secretStore
	edge    sender
	id      string
	random  func() string
}

// before returns the version of the key that the edge is to be told.
func (r rotation) before(ctx context.Context) (version string, err error) {
	value, version, err := r.secrets.Read(ctx, r.id)
	if errors.Is(err, secret.ErrNotFound) {
		return first, nil
	}
	if err != nil {
		return "", err
	}
	keys, err := edge.Parse(value)
	if err != nil {
		return "", err
	}
	if keys.Rotating() { // nobody knows which of the two the edge sends
		return version, nil
	}
	return r.secrets.Write(ctx, r.id, keys.Next(r.random()).String())
}

// after forgets the previous key, once all of the edge sends the current one.
func (r rotation) after(ctx context.Context) error {
	value, _, err := r.secrets.Read(ctx, r.id)
	if err != nil {
		return err
	}
	keys, err := edge.Parse(value)
	if err != nil || !keys.Rotating() {
		return err
	}
	sent, err := r.edge.Sends(ctx)
	if err != nil {
		return err
	}
	if sent != keys.Current {
		return errors.New("the edge still sends the previous key, so both stay good: deploy again")
	}
	_, err = r.secrets.Write(ctx, r.id, keys.Settled().String())
	return err
}
