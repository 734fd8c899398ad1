package blob

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Upload is a file that a client may put without its own credentials.
type Upload struct {
	Key         string
	ContentType string
	Bytes       int64
	SHA256      [32]byte
}

// Permission is a signed request that a client may send.
type Permission struct {
	Method  string
	URL     string
	Headers map[string]string // to be sent unchanged
}

// Permit signs a PUT of exactly this file to exactly this key, valid for the given
// time. Length, type and SHA-256 are signed: S3 rejects any other. The
// length is not among the headers of the permission, because every HTTP client
// derives it from the body and browsers forbid setting it.
func (b *Bucket) Permit(ctx context.Context, u Upload, good time.Duration) (Permission, error) {
	hash := base64.StdEncoding.EncodeToString(u.SHA256[:])
	signed, err := s3.NewPresignClient(b.client).PresignPutObject(ctx, &s3.PutObjectInput{
		Bucket:         &b.name,
		Key:            &u.Key,
		ContentType:    &u.ContentType,
		ContentLength:  aws.Int64(u.Bytes),
		ChecksumSHA256: &hash,
	}, s3.WithPresignExpires(good))
	if err != nil {
		return Permission{}, fmt.Errorf("sign upload of %s: %w", u.Key, err)
	}
	return Permission{
		Method:  signed.Method,
		URL:     signed.URL,
		Headers: map[string]string{"Content-Type": u.ContentType, "x-amz-checksum-sha256": hash},
	}, nil
}
