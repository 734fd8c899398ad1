package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// prefix is the folder from which the CDN serves the site.
const prefix = "app/"

// The metadata of a page: its release, and the time at which that was published.
const (
	markRelease   = "release"
	markPublished = "published"
)

// Cache-Control: a release never changes, but the page that refers to the current
// release does.
const (
	forEver  = "public, max-age=31536000, immutable"
	askFirst = "no-cache"
	anHour   = "public, max-age=3600" // the CDN's copies are invalidated (invalidate)
)

// rootFiles are files that browsers and crawlers request outside of /app/. The bucket's
// root has copies of those of the current release.
var rootFiles = [...]string{"favicon.ico", "robots.txt"}

// site is the front end in its bucket: releases side by side under
// app/releases/, and app/index.html, a copy of one release's page. This one
// object determines the current release, so a switch is atomic.
type site struct {
	store  *s3.Client
	bucket string
	keep   int // releases besides the current one
	now    func() time.Time
	// changed is called when the page has changed.
	changed func(ctx context.Context) error
}

// published is a release in the bucket.
type published struct {
	version string
	at      string // RFC 3339, so that names sort by time
	current bool
}

// publish uploads a release, makes it current, and deletes the oldest releases. It
// reports whether there was anything to do.
func (s *site) publish(ctx context.Context, r release) (bool, error) {
	current, err := s.current(ctx)
	if err != nil || current == r.version {
		return false, err
	}
	for _, f := range r.files {
		if err := s.put(ctx, prefix+folder(r.version)+f.name, f, forEver, r.version); err != nil {
			return false, err
		}
	}
	if err := s.show(ctx, r.version); err != nil {
		return false, err
	}
	return true, s.tidy(ctx)
}

// rollback makes another release current: the one whose version is or begins with the
// given one or, without a version, the one published before the current one.
func (s *site) rollback(ctx context.Context, version string) (string, error) {
	all, err := s.releases(ctx)
	if err != nil {
		return "", err
	}
	chosen, err := choose(all, version)
	if err != nil {
		return "", err
	}
	return chosen, s.show(ctx, chosen)
}

// choose returns the release to roll back to. all is sorted, newest first.
func choose(all []published, version string) (string, error) {
	passed := false
	for _, r := range all {
		switch {
		case version != "" && len(r.version) >= len(version) && r.version[:len(version)] == version:
			return r.version, nil
		case version == "" && passed:
			return r.version, nil
		}
		passed = passed || r.current
	}
	if version != "" {
		return "", fmt.Errorf("there is no release %s in the bucket", version)
	}
	return "", errors.New("there is no release before the current one")
}

// releases lists the releases in the bucket, newest first. A release without its page
// is incomplete and is left out.
func (s *site) releases(ctx context.Context) ([]published, error) {
	current, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	pages := s3.NewListObjectsV2Paginator(s.store, &s3.ListObjectsV2Input{
		Bucket: &s.bucket, Prefix: aws.String(prefix + releases), Delimiter: aws.String("/"),
	})
	var all []published
	for pages.HasMorePages() {
		found, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the releases: %w", err)
		}
		for _, p := range found.CommonPrefixes {
			version := path.Base(*p.Prefix)
			marks, err := s.marks(ctx, prefix+folder(version)+page)
			if err != nil {
				return nil, err
			}
			if marks != nil {
				all = append(all, published{version, marks[markPublished], version == current})
			}
		}
	}
	slices.SortFunc(all, func(a, b published) int {
		return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(b.version, a.version))
	})
	return all, nil
}

// current returns the version that visitors get, "" before the first one.
func (s *site) current(ctx context.Context) (string, error) {
	marks, err := s.marks(ctx, prefix+page)
	return marks[markRelease], err
}

// marks returns the metadata of a page, nil if the page does not exist.
func (s *site) marks(ctx context.Context, key string) (map[string]string, error) {
	found, err := s.store.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &s.bucket, Key: &key})
	var missing *types.NotFound
	switch {
	case errors.As(err, &missing):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("look at %s: %w", key, err)
	case found.Metadata == nil:
		return map[string]string{}, nil
	}
	return found.Metadata, nil
}

func (s *site) put(ctx context.Context, key string, f file, keep, version string) error {
	_, err := s.store.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &s.bucket, Key: &key, Body: bytes.NewReader(f.data),
		ContentType: &f.mediaType, CacheControl: &keep,
		Metadata: map[string]string{markRelease: version, markPublished: s.now().UTC().Format("2006-01-02T15:04:05.000Z")},
	})
	if err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	return nil
}
