// Package edgekey rotates the key that CloudFront sends with each request to the API. A deployment calls Before
// at its start and After at its end (docs/decisions/secrets.md).
package edgekey

import (
	"context"
	"crypto/rand"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/minim-dev/minim/shared/edge"
	"github.com/minim-dev/minim/shared/secret"
)

// First is the version of the key of a stack that does not exist yet. The stack itself creates this key.
const First = "first"

type secretStore interface {
	Read(ctx context.Context, id string) (value, version string, err error)
	Write(ctx context.Context, id, value string) (version string, err error)
}

// sender is CloudFront.
type sender interface {
	// Sends returns the key that all edge locations send.
	Sends(ctx context.Context) (string, error)
	// Send changes the key. It returns before all edge locations send it.
	Send(ctx context.Context, key string) error
}

// Rotation changes the key of a stack. The secret always contains the key that CloudFront sends, even if the
// rotation is interrupted.
type Rotation struct {
	secrets secretStore
	edge    sender
	id      string
	random  func() string
	warn    func(message string)
}

// New returns the rotation of a stack's key, by the stack's name. Warnings are sentences for the user.
func New(cfg aws.Config, stack string, warn func(message string)) Rotation {
	return Rotation{secrets: secret.New(cfg), edge: distribution{cfg, stack}, id: stack + "-edge-key", random: rand.Text, warn: warn}
}

// Before creates a new key, keeps the current one valid, and returns the version to deploy. If the last deployment
// did not finish, it leaves both keys unchanged.
func (r Rotation) Before(ctx context.Context) (version string, err error) {
	value, version, err := r.secrets.Read(ctx, r.id)
	if errors.Is(err, secret.ErrNotFound) {
		return First, nil
	}
	if err != nil {
		return "", err
	}
	keys, err := edge.Parse(value)
	if err != nil {
		return "", err
	}
	if keys.Rotating() { // CloudFront may send either of the two
		return version, nil
	}
	return r.secrets.Write(ctx, r.id, keys.Next(r.random()).String())
}

// After removes the previous key once all edge locations send the current one. If CloudFormation did not pass
// the current key to CloudFront, After does, and keeps the key valid that CloudFormation would pass next time.
func (r Rotation) After(ctx context.Context) error {
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
	_, err = r.secrets.Write(ctx, r.id, keys.Completed().String())
	return err
}

// correct makes CloudFront send the current key instead of the one from CloudFormation.
func (r Rotation) correct(ctx context.Context, keys edge.Keys, sent string) (edge.Keys, error) {
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
