package blob_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/env"
	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/fault"
)

func bucket(t *testing.T) *blob.Bucket {
	t.Helper()
	return blob.NewBucket(blob.Client(envtest.AWS(t, "S3")), "minim-local-uploads-000000000000")
}

func TestObjects(t *testing.T) {
	b, ctx, key := bucket(t), t.Context(), "test/"+rand.Text()
	if _, err := b.Get(ctx, key, 10); !fault.Is(err, fault.NotFound) {
		t.Errorf("get before: %v", err)
	}
	if err := b.Create(ctx, blob.Object{Key: key, ContentType: "text/plain", CacheControl: "no-store", Body: []byte("first")}); err != nil {
		t.Fatal(err)
	}
	if err := b.Create(ctx, blob.Object{Key: key, ContentType: "text/plain", Body: []byte("second")}); !fault.Is(err, fault.Conflict) {
		t.Errorf("create again: %v", err)
	}
	if got, err := b.Get(ctx, key, 5); err != nil || string(got) != "first" {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := b.Get(ctx, key, 4); !fault.Is(err, fault.TooLarge) || got != nil {
		t.Errorf("over the limit: %q, %v", got, err)
	}
	if err := b.Put(ctx, blob.Object{Key: key, ContentType: "text/plain", Body: []byte("third")}); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Get(ctx, key, 100); err != nil || string(got) != "third" {
		t.Errorf("got %q, %v", got, err)
	}
	if keys, err := b.List(ctx, key); err != nil || len(keys) != 1 || keys[0] != key {
		t.Errorf("list %v, %v", keys, err)
	}
	for range 2 {
		if err := b.Delete(ctx, key); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Get(ctx, key, 10); !fault.Is(err, fault.NotFound) {
		t.Errorf("get after: %v", err)
	}
	if keys, err := b.List(ctx, key); err != nil || len(keys) != 0 {
		t.Errorf("list after: %v, %v", keys, err)
	}
}

// send does what a browser does with a permission.
func send(t *testing.T, p blob.Permission, body []byte, change func(*http.Request)) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), p.Method, p.URL, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range p.Headers {
		request.Header.Set(name, value)
	}
	change(request)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

func TestPermit(t *testing.T) {
	b := bucket(t)
	file := []byte("these very bytes")
	sum := sha256.Sum256(file)
	tests := []struct {
		name   string
		good   time.Duration
		body   []byte
		change func(*http.Request)
		taken  bool
	}{
		{"as permitted", time.Minute, file, func(*http.Request) {}, true},
		{"longer", time.Minute, append(file, '!'), func(*http.Request) {}, false},
		{"shorter", time.Minute, file[1:], func(*http.Request) {}, false},
		{"other bytes", time.Minute, bytes.ToUpper(file), func(*http.Request) {}, false},
		{"other bytes with their own hash", time.Minute, bytes.ToUpper(file), func(r *http.Request) {
			r.Header.Set("x-amz-checksum-sha256", "u1yTA+IVqxG5QMyrgUzx0mRLOwB7bSz3ZgLYkYkHzPg=")
		}, false},
		{"without the hash", time.Minute, file, func(r *http.Request) { r.Header.Del("x-amz-checksum-sha256") }, false},
		{"other type", time.Minute, file, func(r *http.Request) { r.Header.Set("Content-Type", "text/html") }, false},
		{"other key", time.Minute, file, func(r *http.Request) { r.URL.Path += "x" }, false},
		{"too late", time.Second, file, func(*http.Request) { time.Sleep(2100 * time.Millisecond) }, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			key := "test/" + rand.Text()
			p, err := b.Permit(t.Context(), blob.Upload{Key: key, ContentType: "image/jpeg", Bytes: int64(len(file)), SHA256: sum}, test.good)
			if err != nil {
				t.Fatal(err)
			}
			status := send(t, p, test.body, test.change)
			if taken := status == http.StatusOK; taken != test.taken {
				t.Errorf("status %d", status)
			}
			stored, err := b.Get(t.Context(), key, 100)
			if test.taken && (err != nil || !bytes.Equal(stored, file)) || !test.taken && !fault.Is(err, fault.NotFound) {
				t.Errorf("stored %q, %v", stored, err)
			}
		})
	}
}

// What is signed can be seen without a service.
func TestPermitSignsLengthTypeAndHash(t *testing.T) {
	t.Setenv("AWS_REGION", "eu-central-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "k")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "s")
	t.Setenv("AWS_ENDPOINT_URL", "")
	t.Setenv("AWS_ENDPOINT_URL_S3", "")
	b := blob.NewBucket(blob.Client(env.AWS("S3")), "pictures")
	p, err := b.Permit(t.Context(), blob.Upload{Key: "uploads/x", ContentType: "image/png", Bytes: 7}, 5*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(p.URL, "https://pictures.s3.eu-central-1.amazonaws.com/uploads/x?") {
		t.Errorf("URL %s", p.URL)
	}
	for _, part := range []string{"X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost%3Bx-amz-checksum-sha256&", "X-Amz-Expires=300&"} {
		if !strings.Contains(p.URL, part) {
			t.Errorf("%s is missing in %s", part, p.URL)
		}
	}
}
