package console

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

type shownBucket struct {
	Name    string
	Objects int
	Bytes   int64
	More    bool // there are more on the next page
}

func (c *Console) buckets(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), answerTime)
	defer cancel()
	var all []shownBucket
	for _, name := range c.o.Plan.Buckets {
		out, err := c.o.Buckets.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &name})
		if err != nil {
			c.fail(w, r, away("S3", err))
			return
		}
		b := shownBucket{Name: name, Objects: len(out.Contents), More: aws.ToBool(out.IsTruncated)}
		for _, o := range out.Contents {
			b.Bytes += aws.ToInt64(o.Size)
		}
		all = append(all, b)
	}
	c.show(w, r, view{name: "buckets", section: "buckets", title: "Buckets", data: all})
}

type bucketPage struct {
	Name, Prefix string
	Trail        []folder // the folders from the bucket down to this one
	Folders      []folder
	Objects      []types.Object
	Next         string
	Paged        bool
}

type folder struct{ Name, Prefix string }

const pageObjects = 100

func (c *Console) bucket(w http.ResponseWriter, r *http.Request) {
	name, prefix := r.PathValue("name"), r.FormValue("prefix")
	if !slices.Contains(c.o.Plan.Buckets, name) {
		c.fail(w, r, missing("There is no bucket %q.", name))
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerTime)
	defer cancel()
	input := &s3.ListObjectsV2Input{Bucket: &name, Prefix: &prefix, Delimiter: aws.String("/"), MaxKeys: aws.Int32(pageObjects)}
	if after := r.FormValue("after"); after != "" {
		input.ContinuationToken = &after
	}
	out, err := c.o.Buckets.ListObjectsV2(ctx, input)
	if err != nil {
		c.fail(w, r, away("S3", err))
		return
	}
	page := bucketPage{Name: name, Prefix: prefix, Trail: trail(prefix), Next: aws.ToString(out.NextContinuationToken), Paged: input.ContinuationToken != nil}
	for _, p := range out.CommonPrefixes {
		full := aws.ToString(p.Prefix)
		page.Folders = append(page.Folders, folder{strings.TrimPrefix(full, prefix), full})
	}
	page.Objects = out.Contents
	c.show(w, r, view{name: "bucket", section: "buckets", title: c.short(name), data: page})
}

// trail returns the folders above a prefix, and the prefix itself.
func trail(prefix string) (all []folder) {
	for i, b := range prefix {
		if b == '/' {
			all = append(all, folder{path.Base(prefix[:i]), prefix[:i+1]})
		}
	}
	return all
}

type objectPage struct {
	Bucket, Key, Base string
	Trail             []folder
	Object            *s3.HeadObjectOutput
	Image             bool
	Text              []byte // the beginning of an object with readable text
	Cut               bool   // Text is not complete
}

// maxText is the maximum size of an object's text on the page.
const maxText = 64 << 10

func (c *Console) object(w http.ResponseWriter, r *http.Request) {
	bucket, key := r.PathValue("name"), r.FormValue("key")
	ctx, cancel := context.WithTimeout(r.Context(), answerTime)
	defer cancel()
	head, err := c.head(ctx, bucket, key)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page := objectPage{Bucket: bucket, Key: key, Base: path.Base(key), Trail: trail(key), Object: head}
	kind, _, _ := mime.ParseMediaType(aws.ToString(head.ContentType))
	page.Image = isImage(kind)
	if readable(kind) {
		out, err := c.o.Buckets.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
		if err != nil {
			c.fail(w, r, away("S3", err))
			return
		}
		defer out.Body.Close()
		if page.Text, err = io.ReadAll(io.LimitReader(out.Body, maxText)); err != nil {
			c.fail(w, r, away("S3", err))
			return
		}
		page.Cut = aws.ToInt64(head.ContentLength) > maxText
	}
	c.show(w, r, view{name: "object", section: "buckets", title: page.Base, data: page})
}

func (c *Console) head(ctx context.Context, bucket, key string) (*s3.HeadObjectOutput, error) {
	if !slices.Contains(c.o.Plan.Buckets, bucket) {
		return nil, missing("There is no bucket %q.", bucket)
	}
	if key == "" {
		return nil, invalid("Which object? “key” is missing.")
	}
	head, err := c.o.Buckets.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: &key})
	var unknown *types.NotFound
	var noKey *types.NoSuchKey
	switch {
	case errors.As(err, &unknown) || errors.As(err, &noKey):
		return nil, missing("The bucket %s has no object %q.", bucket, key)
	case err != nil:
		return nil, away("S3", err)
	}
	return head, nil
}

// isImage reports whether a type is an image that browsers display and that cannot contain code.
func isImage(kind string) bool {
	return slices.Contains([]string{"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/svg+xml"}, kind)
}

func readable(kind string) bool {
	return strings.HasPrefix(kind, "text/") || slices.Contains([]string{"application/json", "application/javascript", "application/xml", "image/svg+xml"}, kind)
}

// sandboxed prevents stored content from running code and loading other resources.
const sandboxed = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"

// content sends an object. Browsers display images and download all other objects.
func (c *Console) content(w http.ResponseWriter, r *http.Request) {
	bucket, key := r.PathValue("name"), r.FormValue("key")
	if _, err := c.head(r.Context(), bucket, key); err != nil {
		c.fail(w, r, err)
		return
	}
	out, err := c.o.Buckets.GetObject(r.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		c.fail(w, r, away("S3", err))
		return
	}
	defer out.Body.Close()
	kind, _, _ := mime.ParseMediaType(aws.ToString(out.ContentType))
	disposition := "attachment"
	if isImage(kind) && r.FormValue("download") == "" {
		disposition = "inline"
	} else if !isImage(kind) {
		kind = "application/octet-stream"
	}
	h := w.Header()
	h.Set("Content-Security-Policy", sandboxed)
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": path.Base(key)}))
	if n := aws.ToInt64(out.ContentLength); n > 0 {
		h.Set("Content-Length", strconv.FormatInt(n, 10))
	}
	_, _ = io.Copy(w, out.Body)
}
