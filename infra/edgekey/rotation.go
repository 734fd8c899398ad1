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
	// Send has the edge send a key, and returns when it was told.
	Send(ctx context.Context, key string) error
}

// rotation changes the edge's key. Whenever it is interrupted, the secret contains the key that
// the edge sends.
type rotation struct {
	secrets secretStore
	edge    sender
	id      string
	random  func() string
	warn    func(message string)
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

// after forgets the previous key, once all of the edge sends the current one. If CloudFormation
// has not told the edge of it, after does, and keeps the key that CloudFormation would send again.
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
		if keys, err = r.correct(ctx, keys, sent); err != nil {
			return err
		}
	}
	_, err = r.secrets.Write(ctx, r.id, keys.Settled().String())
	return err
}

// correct has the edge send the current key in place of the one that CloudFormation gave it.
func (r rotation) correct(ctx context.Context, keys edge.Keys, sent string) (edge.Keys, error) {
	r.warn("CloudFormation did not give the new key to CloudFront; giving it now, which takes some minutes")
	keys = keys.Corrected(sent)
	if _, err := r.secrets.Write(ctx, r.id, keys.String()); err != nil {
		return edge.Keys{}, err
	}
	if err := r.edge.Send(ctx, keys.Current); err != nil {
		return edge.Keys{}, err
	}
	sent, err := r.edge.Sends(ctx)
	if err == nil && sent != keys.Current {
		err = errors.New("CloudFront still sends an earlier key, which the API keeps accepting: deploy again")
	}
	return keys, err
}
