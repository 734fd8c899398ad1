package blob

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Share returns an address with which anyone can read an object for the given time.
// It is signed locally, without a check that the object exists.
func (b *Bucket) Share(ctx context.Context, key string, good time.Duration) (string, error) {
	signed, err := s3.NewPresignClient(b.client).PresignGetObject(ctx, &s3.GetObjectInput{
		Bucket: &b.name,
		Key:    &key,
	}, s3.WithPresignExpires(good))
	if err != nil {
		return "", fmt.Errorf("sign address of %s: %w", key, err)
	}
	return signed.URL, nil
}
