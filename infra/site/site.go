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

// prefix is where the CDN's router looks for the site.
const prefix = "app/"

// The metadata of a page: which release it belongs to, and when that was published.
const (
	markRelease   = "release"
	markPublished = "published"
)

// What browsers and the CDN may keep: a release never changes, the page that says
// which release it is does.
const (
	forEver  = "public, max-age=31536000, immutable"
	askFirst = "no-cache"
	anHour   = "public, max-age=3600" // the CDN learns of changes (invalidate)
)

// rootFiles are what browsers and crawlers ask for outside of /app/. The bucket has a
// copy of the current release's at its root.
var rootFiles = [...]string{"favicon.ico", "robots.txt"}

// site is the front end in its bucket: releases side by side under
// app/releases/, and app/index.html, a copy of one release's page. That one
// object decides what visitors get, so a switch is whole or not at all.
type site struct {
	store  *s3.Client
	bucket string
	keep   int // releases, the current one not counted
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

// publish puts a release beside the others, makes it current, and drops the oldest
// ones. It reports whether there was anything to do.
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

// rollback makes another release current: that with the version, or one that begins
// so; without one, that which was published before the current one.
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

// choose finds the release to roll back to among all, newest first.
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

// releases lists what the bucket holds, newest first. A release without its page
// was never whole, and is left out.
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

// current is the version that visitors get, "" before the first one.
func (s *site) current(ctx context.Context) (string, error) {
	marks, err := s.marks(ctx, prefix+page)
	return marks[markRelease], err
}

// marks reads the metadata of a page, nil when it is not there.
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
