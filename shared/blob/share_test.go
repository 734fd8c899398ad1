package blob_test

import (
	"crypto/rand"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/blob"
)

func TestShare(t *testing.T) {
	b, ctx, key := bucket(t), t.Context(), "test/"+rand.Text()
	if err := b.Put(ctx, blob.Object{Key: key, ContentType: "text/html; charset=utf-8", Body: []byte("<p>hello")}); err != nil {
		t.Fatal(err)
	}
	address, err := b.Share(ctx, key, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, address string
		status        int
	}{
		{"as signed", address, http.StatusOK},
		{"another file", strings.Replace(address, key, "test/other", 1), http.StatusForbidden},
		{"longer", strings.Replace(address, "X-Amz-Expires=60", "X-Amz-Expires=6000", 1), http.StatusForbidden},
		{"unsigned", strings.SplitN(address, "?", 2)[0], http.StatusForbidden},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, test.address, nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != test.status {
				t.Fatalf("status %d, want %d: %s", response.StatusCode, test.status, body)
			}
			if test.status == http.StatusOK && (string(body) != "<p>hello" || response.Header.Get("Content-Type") != "text/html; charset=utf-8") {
				t.Errorf("got %s %q", response.Header.Get("Content-Type"), body)
			}
		})
	}
}
