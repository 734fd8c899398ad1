package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// prefix is where the CDN's router looks for the site.
const prefix = "app/"

type putter interface {
	PutObject(ctx context.Context, in *s3.PutObjectInput, options ...func(*s3.Options)) (*s3.PutObjectOutput, error)
}

// publish puts every file of the folder into the bucket, the page itself last,
// so that it never names a file that is not there yet. Names carry no hash, so
// browsers ask each time whether a file has changed. It returns how many files
// were put.
func publish(ctx context.Context, store putter, bucket string, files fs.FS) (int, error) {
	names, err := list(files)
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return 0, err
		}
		mediaType, err := mediaType(name)
		if err != nil {
			return 0, err
		}
		_, err = store.PutObject(ctx, &s3.PutObjectInput{
			Bucket:       aws.String(bucket),
			Key:          aws.String(prefix + name),
			Body:         bytes.NewReader(data),
			ContentType:  aws.String(mediaType),
			CacheControl: aws.String("no-cache"),
		})
		if err != nil {
			return 0, fmt.Errorf("put %s: %w", name, err)
		}
	}
	return len(names), nil
}

// list returns the folder's files, index.html last.
func list(files fs.FS) ([]string, error) {
	const page = "index.html"
	var names []string
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == page || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		names = append(names, name)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if _, err := fs.Stat(files, page); err != nil {
		return nil, fmt.Errorf("there is no page to publish: %w", err)
	}
	return append(names, page), nil
}

// mediaType goes by the file's extension. The list is ours, because the
// system's differs from machine to machine.
func mediaType(name string) (string, error) {
	known := map[string]string{
		".html": "text/html; charset=utf-8",
		".css":  "text/css; charset=utf-8",
		".js":   "text/javascript; charset=utf-8",
		".svg":  "image/svg+xml",
	}
	found, ok := known[path.Ext(name)]
	if !ok {
		return "", fmt.Errorf("%s: the media type of this kind of file is not known; add it to mediaType", name)
	}
	return found, nil
}
