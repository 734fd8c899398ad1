package objectkeys_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/infra/local/emulators"
)

// store is the real versitygw behind the proxy, with one bucket per test.
type store struct {
	*s3.Client
	t           *testing.T
	url, folder string
	bucket      string
}

// begin starts the emulators. It skips the test with -short.
func begin(t *testing.T) store {
	t.Helper()
	if testing.Short() {
		t.Skip("starts the emulators: make test-go")
	}
	const components = "../../../build/components"
	if _, err := os.Stat(components + "/versitygw"); err != nil {
		t.Fatal("versitygw is missing; run make setup, or make unit for the tests without emulators")
	}
	state := t.TempDir()
	p, err := emulators.Start(t.Context(), emulators.Options{
		Components: components, State: state, InMemory: true, Versioning: true, Region: "us-east-1", AccessKeyID: "local", SecretAccessKey: "local",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return store{t: t, url: p.S3, folder: filepath.Join(state, "s3"), Client: client(p.S3, "local")}
}

func client(url, secret string) *s3.Client {
	config := aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("local", secret, "")}
	return s3.NewFromConfig(config, func(o *s3.Options) { o.BaseEndpoint, o.UsePathStyle, o.RetryMaxAttempts = &url, true, 1 })
}

// with creates a bucket for a test.
func (s store) with(t *testing.T, bucket string) store {
	t.Helper()
	s.t, s.bucket = t, bucket
	if _, err := s.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s store) put(key, text string) {
	s.t.Helper()
	if _, err := s.PutObject(s.t.Context(), &s3.PutObjectInput{Bucket: &s.bucket, Key: &key, Body: strings.NewReader(text)}); err != nil {
		s.t.Fatalf("put %q: %v", key, err)
	}
}

// get returns an object's text, or the code of an error.
func (s store) get(key string) string {
	s.t.Helper()
	out, err := s.GetObject(s.t.Context(), &s3.GetObjectInput{Bucket: &s.bucket, Key: &key})
	if err != nil {
		return code(err)
	}
	defer out.Body.Close()
	text, err := io.ReadAll(out.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

func code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return fmt.Sprint(err)
}

// keys returns all keys and common prefixes of a listing, page by page.
func (s store) keys(input s3.ListObjectsV2Input) (all []string) {
	s.t.Helper()
	input.Bucket = &s.bucket
	for pages := s3.NewListObjectsV2Paginator(s.Client, &input); pages.HasMorePages(); {
		page, err := pages.NextPage(s.t.Context())
		if err != nil {
			s.t.Fatal(err)
		}
		var names []string
		for _, o := range page.Contents {
			names = append(names, *o.Key)
		}
		for _, p := range page.CommonPrefixes {
			names = append(names, *p.Prefix)
		}
		if input.MaxKeys != nil && len(names) > int(*input.MaxKeys) || int(*page.KeyCount) != len(names) {
			s.t.Errorf("a page has %d entries, KeyCount %d", len(names), *page.KeyCount)
		}
		all = append(all, names...)
	}
	return all
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

var (
	long = strings.Repeat("x", 300)
	odd  = []string{
		"/x", "//", "a//b", "a/../b", "..", ".", "./x", "a", "a/b", "a/b/c", "a/", long, long + "/y", strings.Repeat("ü", 512), "b", "x", "x y+z/&<ü>",
		".local-cloud/61", ".local-cloud", ".sgwtmp/x", "tab\tx", "plain/key.txt", "plain/key",
	}
)

// TestKeys stores and reads objects with keys that versitygw rejects, or stores under other keys.
func TestKeys(t *testing.T) {
	real := begin(t)
	t.Run("objects", func(t *testing.T) { testObjects(real.with(t, "objects")) })
	t.Run("listings", func(t *testing.T) { testListings(real.with(t, "listings")) })
	t.Run("copies", func(t *testing.T) { testCopies(real.with(t, "copies")) })
	t.Run("parts", func(t *testing.T) { testParts(real.with(t, "parts")) })
	t.Run("versions", func(t *testing.T) { testVersions(real.with(t, "versions")) })
	t.Run("signatures", func(t *testing.T) { testSignatures(real.with(t, "signatures")) })
	t.Run("forms", func(t *testing.T) { testForms(real.with(t, "forms")) })
	t.Run("python", func(t *testing.T) { testPython(real.with(t, "python")) })
	t.Run("concurrent", func(t *testing.T) { testConcurrent(real.with(t, "concurrent")) })
}

func testObjects(s store) {
	t := s.t
	for _, key := range odd {
		if got := s.get(key); got != "NoSuchKey" {
			t.Errorf("%q exists before it is stored: %s", key, got)
		}
	}
	for _, key := range odd {
		s.put(key, "text of "+key)
	}
	for _, key := range odd {
		equal(t, key, s.get(key), "text of "+key)
		if _, err := s.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &s.bucket, Key: &key}); err != nil {
			t.Errorf("head %q: %v", key, err)
		}
	}
	for path, want := range map[string]bool{"plain/key.txt": true, "b": true, "x y+z/&<ü>": true, "a/b": false} {
		if _, err := os.Stat(filepath.Join(s.folder, s.bucket, path)); (err == nil) != want {
			t.Errorf("%s is stored as it is: %v, want %v", path, err == nil, want)
		}
	}
	tags := &types.Tagging{TagSet: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}}
	if _, err := s.PutObjectTagging(t.Context(), &s3.PutObjectTaggingInput{Bucket: &s.bucket, Key: aws.String("a//b"), Tagging: tags}); err != nil {
		t.Error(err)
	}
	out, err := s.GetObjectTagging(t.Context(), &s3.GetObjectTaggingInput{Bucket: &s.bucket, Key: aws.String("a//b")})
	if err != nil || len(out.TagSet) != 1 {
		t.Errorf("tags: %v, %v", out, err)
	}
	if _, err := s.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &s.bucket, Key: aws.String("a")}); err != nil {
		t.Error(err)
	}
	equal(t, "after its deletion", s.get("a"), "NoSuchKey")
	equal(t, "beside it", s.get("a/b"), "text of a/b")
	if got := s.get(strings.Repeat("k", 1025)); got != "KeyTooLongError" {
		t.Errorf("a key of 1025 bytes: %s", got)
	}
	rest := slices.Sorted(slices.Values(odd))
	var many []types.ObjectIdentifier
	for _, key := range append(rest, "gone//") {
		many = append(many, types.ObjectIdentifier{Key: &key})
	}
	deleted, err := s.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: &s.bucket, Delete: &types.Delete{Objects: many}})
	if err != nil || len(deleted.Errors) > 0 {
		t.Fatalf("delete: %v, %v", deleted, err)
	}
	var names []string
	for _, d := range deleted.Deleted {
		names = append(names, *d.Key)
	}
	slices.Sort(names)
	equal(t, "deleted", names, slices.Sorted(slices.Values(append(rest, "gone//"))))
	equal(t, "left", s.keys(s3.ListObjectsV2Input{}), []string(nil))
	if _, err := s.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: &s.bucket}); err != nil {
		t.Errorf("the empty bucket cannot be deleted: %v", err)
	}
}

// listing returns what S3 lists of some keys.
func listing(keys []string, prefix, delimiter, after string) (all []string) {
	for _, key := range slices.Sorted(slices.Values(keys)) {
		rest, ok := strings.CutPrefix(key, prefix)
		if !ok || key <= after {
			continue
		}
		if at := strings.Index(rest, delimiter); delimiter != "" && at >= 0 {
			key = prefix + rest[:at+len(delimiter)]
		}
		if !slices.Contains(all, key) {
			all = append(all, key)
		}
	}
	return all
}

func testListings(s store) {
	t := s.t
	keys := slices.DeleteFunc(slices.Clone(odd), func(key string) bool { return strings.Contains(key, "\t") }) // XML cannot contain all
	for i := range 30 {
		keys = append(keys, fmt.Sprintf("many/%02d", i), fmt.Sprintf("many//%02d", i))
	}
	for _, key := range keys {
		s.put(key, key)
	}
	for _, c := range []struct{ prefix, delimiter, after string }{
		{}, {delimiter: "/"}, {prefix: "a"}, {prefix: "a/"}, {prefix: "a/", delimiter: "/"}, {prefix: "a//", delimiter: "/"}, {prefix: "/", delimiter: "/"},
		{prefix: "many/"}, {prefix: "many/", delimiter: "/"}, {prefix: "many//"}, {after: "a//b"}, {after: "many//07"}, {after: "many/07"}, {prefix: long},
		{prefix: ".local-cloud"}, {prefix: ".local-cloud/"}, {prefix: "many/", delimiter: "0"}, {prefix: "nothing//"}, {after: ".local-cloud/61"},
	} {
		want := listing(keys, c.prefix, c.delimiter, c.after)
		for _, most := range []int32{1, 7, 1000} {
			input := s3.ListObjectsV2Input{Prefix: &c.prefix, Delimiter: &c.delimiter, MaxKeys: &most}
			if c.after != "" {
				input.StartAfter = &c.after
			}
			got := s.keys(input)
			if most > 1 { // within a page, objects come before common prefixes
				slices.Sort(got)
			}
			equal(t, fmt.Sprintf("%q by %d", c, most), got, want)
		}
	}
	old, err := s.ListObjects(t.Context(), &s3.ListObjectsInput{Bucket: &s.bucket, Marker: aws.String("many//28"), MaxKeys: aws.Int32(3)})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, o := range old.Contents {
		names = append(names, *o.Key)
	}
	equal(t, "ListObjects", names, []string{"many//29", "many/00", "many/01"})
	if !*old.IsTruncated || *old.Contents[0].Size != int64(len("many//29")) {
		t.Errorf("ListObjects: %+v", old.Contents[0])
	}
}

func testCopies(s store) {
	t := s.t
	s.put("a//b", "strange")
	s.put("plain", "plain")
	for _, c := range [][2]string{{"a//b", "copy"}, {"plain", "/copy"}, {"a//b", "x/../copy"}, {"a//b", "plain/below"}} {
		input := &s3.CopyObjectInput{Bucket: &s.bucket, Key: &c[1], CopySource: aws.String(url.PathEscape(s.bucket + "/" + c[0]))}
		if _, err := s.CopyObject(t.Context(), input); err != nil {
			t.Errorf("copy %q: %v", c, err)
		}
		equal(t, c[1], s.get(c[1]), s.get(c[0]))
	}
	_, err := s.CopyObject(t.Context(), &s3.CopyObjectInput{Bucket: &s.bucket, Key: aws.String("y"), CopySource: aws.String(s.bucket + "/gone//x")})
	equal(t, "a missing source", code(err), "NoSuchKey")
}

func testParts(s store) {
	t := s.t
	s.put("beside", "a file")
	for _, key := range []string{"/parts", "a/../parts", "beside/parts", "parts"} {
		begun, err := s.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: &s.bucket, Key: &key})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "begun", *begun.Key, key)
		var done []types.CompletedPart
		for n, text := range []string{strings.Repeat("1", 5<<20), "end"} {
			part, err := s.UploadPart(t.Context(), &s3.UploadPartInput{
				Bucket: &s.bucket, Key: &key, UploadId: begun.UploadId, PartNumber: aws.Int32(int32(n + 1)), Body: strings.NewReader(text),
			})
			if err != nil {
				t.Fatalf("%q: %v", key, err)
			}
			done = append(done, types.CompletedPart{ETag: part.ETag, PartNumber: aws.Int32(int32(n + 1))})
		}
		listed, err := s.ListParts(t.Context(), &s3.ListPartsInput{Bucket: &s.bucket, Key: &key, UploadId: begun.UploadId})
		if err != nil || len(listed.Parts) != 2 || *listed.Key != key {
			t.Errorf("%q has parts %+v, %v", key, listed, err)
		}
		uploads, err := s.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: &s.bucket})
		if err != nil || len(uploads.Uploads) != 1 || *uploads.Uploads[0].Key != key || *uploads.Uploads[0].UploadId != *begun.UploadId {
			t.Errorf("%q is in progress, listed %+v, %v", key, uploads, err)
		}
		completed, err := s.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{
			Bucket: &s.bucket, Key: &key, UploadId: begun.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: done},
		})
		if err != nil {
			t.Fatalf("%q: %v", key, err)
		}
		equal(t, "completed", *completed.Key, key)
		if got := s.get(key); len(got) != 5<<20+3 {
			t.Errorf("%q has %d bytes", key, len(got))
		}
	}
	begun, err := s.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: &s.bucket, Key: aws.String("//")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.AbortMultipartUpload(t.Context(), &s3.AbortMultipartUploadInput{Bucket: &s.bucket, Key: aws.String("//"), UploadId: begun.UploadId}); err != nil {
		t.Error(err)
	}
}

func testVersions(s store) {
	t := s.t
	_, err := s.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: &s.bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, key := range []string{"a", "a//b", "z", "/x"} {
		for n := range 3 {
			s.put(key, fmt.Sprint(n))
			want = append(want, key)
		}
	}
	slices.Sort(want)
	for _, most := range []int32{1, 2, 5, 1000} {
		var got []string
		seen := map[string]bool{}
		pages := s3.NewListObjectVersionsPaginator(s.Client, &s3.ListObjectVersionsInput{Bucket: &s.bucket, MaxKeys: &most})
		for pages.HasMorePages() && len(got) < 100 {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range page.Versions {
				got = append(got, *v.Key)
				seen[*v.VersionId] = true
				out, err := s.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &s.bucket, Key: v.Key, VersionId: v.VersionId})
				if err != nil {
					t.Errorf("version of %q: %v", *v.Key, err)
					continue
				}
				out.Body.Close()
			}
		}
		equal(t, fmt.Sprintf("by %d", most), got, want)
		if len(seen) != len(want) {
			t.Errorf("by %d: %d different versions, want %d", most, len(seen), len(want))
		}
	}
	if _, err := s.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &s.bucket, Key: aws.String("a//b")}); err != nil {
		t.Fatal(err)
	}
	out, err := s.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: &s.bucket, Prefix: aws.String("a//")})
	if err != nil || len(out.DeleteMarkers) != 1 || *out.DeleteMarkers[0].Key != "a//b" || len(out.Versions) != 3 {
		t.Errorf("after a deletion: %+v, %v", out, err)
	}
}

// testConcurrent stores an object and one below it at the same time: files cannot be folders.
func testConcurrent(s store) {
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	failed := make(chan error, 40)
	for i := range 20 {
		for _, key := range []string{fmt.Sprintf("%d/a", i), fmt.Sprintf("%d/a/b", i)} {
			go func() {
				_, err := s.PutObject(ctx, &s3.PutObjectInput{Bucket: &s.bucket, Key: &key, Body: strings.NewReader(key)})
				failed <- err
			}()
		}
	}
	for range 40 {
		if err := <-failed; err != nil {
			s.t.Error(err)
		}
	}
	equal(s.t, "objects", len(s.keys(s3.ListObjectsV2Input{})), 40)
}
