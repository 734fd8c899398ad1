package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"
)

type bucketFake struct {
	puts []string
	err  error
}

func (b *bucketFake) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	b.puts = append(b.puts, *in.Key+" "+*in.ContentType+" "+*in.CacheControl)
	return &s3.PutObjectOutput{}, b.err
}

func TestPublish(t *testing.T) {
	file := &fstest.MapFile{Data: []byte("x")}
	store := &bucketFake{}
	count, err := publish(t.Context(), store, "site", fstest.MapFS{"index.html": file, "js/main.js": file, "style.css": file, ".DS_Store": file})
	if err != nil || count != 3 {
		t.Fatalf("published %d, %v", count, err)
	}
	want := []string{
		"app/js/main.js text/javascript; charset=utf-8 no-cache",
		"app/style.css text/css; charset=utf-8 no-cache",
		"app/index.html text/html; charset=utf-8 no-cache",
	}
	if diff := cmp.Diff(want, store.puts); diff != "" {
		t.Errorf("puts (-want +got):\n%s", diff)
	}
}

func TestPublishRefuses(t *testing.T) {
	file := &fstest.MapFile{Data: []byte("x")}
	tests := []struct {
		name  string
		files fstest.MapFS
		err   error
		says  string
	}{
		{"no page", fstest.MapFS{"style.css": file}, nil, "no page"},
		{"unknown kind", fstest.MapFS{"index.html": file, "a.xyz": file}, nil, "a.xyz"},
		{"bucket fails", fstest.MapFS{"index.html": file}, errors.New("no such bucket"), "put index.html"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := publish(t.Context(), &bucketFake{err: test.err}, "site", test.files)
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("err = %v, want %q", err, test.says)
			}
		})
	}
}
