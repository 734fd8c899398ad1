// Package secret reads secrets from AWS Secrets Manager. A function's
// settings contain the ARN of a secret, never the secret: more people can see the
// settings than may read the secret.
package secret

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
)

// ErrNotFound is Read's error for a secret that does not exist.
var ErrNotFound = errors.New("there is no such secret")

// Secrets reads secrets. It is safe for concurrent use.
type Secrets struct{ client *secretsmanager.Client }

// New returns a reader of the account's secrets.
func New(cfg aws.Config) *Secrets { return &Secrets{secretsmanager.NewFromConfig(cfg)} }

// Read returns the current value of a secret, by its name or ARN, and the id of its version.
func (s *Secrets) Read(ctx context.Context, id string) (value, version string, err error) {
	out, err := s.client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &id})
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing {
		err = ErrNotFound
	}
	if err != nil {
		return "", "", fmt.Errorf("read the secret %s: %w", id, err)
	}
	return aws.ToString(out.SecretString), aws.ToString(out.VersionId), nil
}

// Write makes value the current one of a secret and returns the version's id.
func (s *Secrets) Write(ctx context.Context, id, value string) (version string, err error) {
	out, err := s.client.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{SecretId: &id, SecretString: &value})
	if err != nil {
		return "", fmt.Errorf("write the secret %s: %w", id, err)
	}
	return aws.ToString(out.VersionId), nil
}
