package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/minim-dev/minim/shared/env/envtest"
)

// bucketOf returns a site in an empty bucket of the emulator. Its clock advances by a
// second with each reading; changes counts the CDN's invalidations.
func bucketOf(t *testing.T, changes *int) *site {
	t.Helper()
	now := time.Date(2026, 11, 21, 6, 0, 0, 0, time.UTC)
	s := &site{store: s3.NewFromConfig(envtest.AWS(t, "S3")), bucket: "site-" + strings.ToLower(rand.Text()), keep: 2}
	s.now = func() time.Time { now = now.Add(time.Second); return now }
	s.changed = func(context.Context) error { *changes++; return nil }
	if _, err := s.store.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &s.bucket}); err != nil {
		t.Fatal(err)
	}
	return s
}

func publish(t *testing.T, s *site, style string) string {
	t.Helper()
	r, err := build(folderWith(style), "v")
	if err == nil {
		_, err = s.publish(t.Context(), r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r.version
}

func read(t *testing.T, s *site, key string) (*s3.GetObjectOutput, string) {
	t.Helper()
	got, err := s.store.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &s.bucket, Key: &key})
	if err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	text, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got, string(text)
}

func TestPublish(t *testing.T) {
	var changes int
	s := bucketOf(t, &changes)
	one := publish(t, s, "one")
	for key, want := range map[string]string{
		"app/index.html":                           "text/html; charset=utf-8|no-cache",
		"robots.txt":                               "text/plain; charset=utf-8|public, max-age=3600",
		"app/releases/" + one + "/style.css":       "text/css; charset=utf-8|public, max-age=31536000, immutable",
		"app/releases/" + one + "/js/main.js":      "text/javascript; charset=utf-8|public, max-age=31536000, immutable",
		"app/releases/" + one + "/" + "index.html": "text/html; charset=utf-8|public, max-age=31536000, immutable",
	} {
		got, _ := read(t, s, key)
		if headers := aws.ToString(got.ContentType) + "|" + aws.ToString(got.CacheControl); headers != want {
			t.Errorf("%s has %s, want %s", key, headers, want)
		}
	}
	publish(t, s, "one")
	if changes != 1 {
		t.Errorf("%d invalidations for one change", changes)
	}
	two := publish(t, s, "two")
	if _, text := read(t, s, "app/index.html"); !strings.Contains(text, two) || strings.Contains(text, one) {
		t.Errorf("the page is of neither or both: %s", text)
	}
	// A browser with the old page still gets its files.
	if _, text := read(t, s, "app/releases/"+one+"/style.css"); text != "one" {
		t.Errorf("the first release holds %q", text)
	}
}

func TestRollback(t *testing.T) {
	var changes int
	s := bucketOf(t, &changes)
	var made []string
	for _, style := range []string{"1", "2", "3", "4"} {
		made = append(made, publish(t, s, style))
	}
	steps := []struct{ to, want string }{
		{"", made[2]}, // the one before
		{"", made[1]}, // and before that
		{made[3], made[3]},
	}
	for _, step := range steps {
		if got, err := s.rollback(t.Context(), step.to); err != nil || got != step.want {
			t.Fatalf("rollback to %q: %q, %v, want %q", step.to, got, err, step.want)
		}
		if _, text := read(t, s, "app/index.html"); !strings.Contains(text, "/app/releases/"+step.want+"/") {
			t.Errorf("the page is %s", text)
		}
		style := fmt.Sprint("# ", slices.Index(made, step.want)+1)
		if _, text := read(t, s, "robots.txt"); text != style {
			t.Errorf("robots.txt is %s, want %s", text, style)
		}
	}
	if _, err := s.rollback(t.Context(), made[0]); err == nil {
		t.Error("the first release should be gone: two stay beside the current one")
	}
	if changes != 7 {
		t.Errorf("%d invalidations", changes)
	}
}

// The current release is kept, however many others are published and deleted.
func TestTidy(t *testing.T) {
	var changes int
	s := bucketOf(t, &changes)
	one := publish(t, s, "1")
	publish(t, s, "2")
	publish(t, s, "3")
	if _, err := s.rollback(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	s.keep = 0
	if err := s.tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := s.releases(t.Context())
	if err != nil || len(all) != 1 || all[0].version != one || !all[0].current {
		t.Errorf("left: %+v, %v", all, err)
	}
}

// Until the page is uploaded, visitors get the old release; a second attempt completes
// the first one.
func TestInterrupted(t *testing.T) {
	var changes int
	s := bucketOf(t, &changes)
	one := publish(t, s, "1")
	r, err := build(folderWith("2"), "v")
	if err != nil {
		t.Fatal(err)
	}
	half := r
	half.files = slices.Clone(r.files[:1])
	if _, err := s.publish(t.Context(), half); err == nil {
		t.Fatal("a release without its page was published")
	}
	if current, err := s.current(t.Context()); err != nil || current != one {
		t.Errorf("current is %s, %v", current, err)
	}
	if done, err := s.publish(t.Context(), r); err != nil || !done {
		t.Errorf("again: %v, %v", done, err)
	}
	s.changed = func(context.Context) error { return errors.New("no distribution") }
	if _, err := s.rollback(t.Context(), ""); err == nil {
		t.Error("the CDN's error is not reported")
	}
}

func TestInvalidate(t *testing.T) {
	var body string
	cdn := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		body = r.Method + " " + r.URL.Path + " " + string(text)
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `<Invalidation><Id>I1</Id><Status>InProgress</Status></Invalidation>`)
	}))
	defer cdn.Close()
	client := cloudfront.New(cloudfront.Options{
		Region: "us-east-1", BaseEndpoint: &cdn.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	})
	if err := invalidate(client, "E1", "once")(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"POST /2020-05-31/distribution/E1/invalidation", "<CallerReference>once</CallerReference>",
		"<Quantity>5</Quantity>", "<Path>/robots.txt</Path>", "<Path>/favicon.ico</Path>", "<Path>/</Path>", "<Path>/app</Path>", "<Path>/app/index.html</Path>",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the request lacks %s:\n%s", want, body)
		}
	}
}

// The real front end refers only to files of its own release, and all of them exist.
func TestFrontend(t *testing.T) {
	r, err := build(os.DirFS("../../build/frontend"), "v") // make setup builds it
	if err != nil {
		t.Fatal(err)
	}
	at := "/app/releases/" + r.version + "/"
	text := string(r.files[len(r.files)-1].data)
	for _, attribute := range []string{`src="/app/`, `href="/app/`} {
		for _, rest := range strings.Split(text, attribute)[1:] {
			name, _, _ := strings.Cut(rest, `"`)
			name, ok := strings.CutPrefix("/app/"+name, at)
			if !ok || !slices.ContainsFunc(r.files, func(f file) bool { return f.name == name }) {
				t.Errorf("the page names %s, which is no file of the release", rest[:20])
			}
		}
	}
	if _, err := build(fstest.MapFS{}, "v"); err == nil {
		t.Error("an empty folder is no front end")
	}
}
