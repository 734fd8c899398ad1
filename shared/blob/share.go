package blob

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Share returns an address at which anybody who has it may read an object for
// the given time. It is signed here, without asking S3 whether there is such
// an object.
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
