// Package blob stores files in S3. It turns driver errors into faults, so that no
// other package depends on S3.
package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/minim-dev/minim/shared/fault"
)

// Client returns an S3 client for the given configuration. With a custom
// endpoint the bucket is in the path, because such endpoints have no host name for
// each bucket. Besides what the SDK retries by default, it retries a conditional
// write that conflicted with another write to the same key.
func Client(cfg aws.Config) *s3.Client {
	return s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.Retryer = retry.AddWithErrorCodes(o.Retryer, "ConditionalRequestConflict", "OperationAborted")
		o.UsePathStyle = cfg.BaseEndpoint != nil
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	})
}

// Bucket is one bucket. It is safe for concurrent use.
type Bucket struct {
	client *s3.Client
	name   string
}

// NewBucket returns the bucket called name.
func NewBucket(client *s3.Client, name string) *Bucket { return &Bucket{client: client, name: name} }

// Object is a file to be stored.
type Object struct {
	Key          string
	ContentType  string
	CacheControl string // may be empty
	Body         []byte
}

// Put creates or replaces an object.
func (b *Bucket) Put(ctx context.Context, o Object) error { return b.put(ctx, o, nil) }

// Create stores an object that must not exist yet; otherwise it returns a Conflict
// fault and the object is unchanged. If an answer from S3 was lost, the fault may be
// about the object that this call has stored.
func (b *Bucket) Create(ctx context.Context, o Object) error { return b.put(ctx, o, aws.String("*")) }

func (b *Bucket) put(ctx context.Context, o Object, ifNoneMatch *string) error {
	input := &s3.PutObjectInput{
		Bucket:        &b.name,
		Key:           &o.Key,
		ContentType:   &o.ContentType,
		ContentLength: aws.Int64(int64(len(o.Body))),
		Body:          bytes.NewReader(o.Body),
		IfNoneMatch:   ifNoneMatch,
	}
	if o.CacheControl != "" {
		input.CacheControl = &o.CacheControl
	}
	_, err := b.client.PutObject(ctx, input)
	if status(err) == http.StatusPreconditionFailed {
		return fault.Wrap(fault.Conflict, "There is such a file already.", err)
	}
	if err != nil {
		return fmt.Errorf("put %s: %w", o.Key, err)
	}
	return nil
}

// Get returns an object's content. It returns a NotFound fault if there is no such
// object, and a TooLarge fault for more than limit bytes, without reading beyond
// the limit.
func (b *Bucket) Get(ctx context.Context, key string, limit int64) ([]byte, error) {
	out, err := b.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.name, Key: &key})
	if status(err) == http.StatusNotFound {
		return nil, fault.Wrap(fault.NotFound, "There is no such file.", err)
	}
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", key, err)
	}
	defer out.Body.Close()
	size := aws.ToInt64(out.ContentLength)
	if size > limit {
		return nil, tooLarge(size, limit)
	}
	var body bytes.Buffer
	body.Grow(int(size))
	read, err := body.ReadFrom(io.LimitReader(out.Body, limit+1))
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", key, err)
	}
	if read > limit {
		return nil, tooLarge(read, limit)
	}
	return body.Bytes(), nil
}

// ETag returns the entity tag of an object, which changes with its content, or "" if there
// is no such object.
func (b *Bucket) ETag(ctx context.Context, key string) (string, error) {
	out, err := b.client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &b.name, Prefix: &key, MaxKeys: aws.Int32(1)})
	if err != nil {
		return "", fmt.Errorf("list %s: %w", key, err)
	}
	if len(out.Contents) == 0 || aws.ToString(out.Contents[0].Key) != key { // a shorter name comes first
		return "", nil
	}
	return aws.ToString(out.Contents[0].ETag), nil
}

func tooLarge(size, limit int64) error {
	return fault.New(fault.TooLarge, fmt.Sprintf("The file has %d bytes; at most %d are read.", size, limit))
}

// Delete removes an object. It succeeds if the object does not exist.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	if _, err := b.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.name, Key: &key}); err != nil {
		return fmt.Errorf("delete %s: %w", key, err)
	}
	return nil
}

// status is the HTTP status of an error that S3 answered, 0 for any other.
func status(err error) int {
	if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		return answer.HTTPStatusCode()
	}
	return 0
}

// List returns the keys of all objects whose keys begin with the prefix.
func (b *Bucket) List(ctx context.Context, prefix string) ([]string, error) {
	var keys []string
	pages := s3.NewListObjectsV2Paginator(b.client, &s3.ListObjectsV2Input{Bucket: &b.name, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", prefix, err)
		}
		for _, object := range page.Contents {
			keys = append(keys, aws.ToString(object.Key))
		}
	}
	return keys, nil
}
