package e2e

import (
	"bytes"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestNothingIsKeptOfVisitors: nothing that a run writes (tables, queues, files and
// logs) contains a visitor's address, page, query or browser, or an owner's key, and
// no log contains the link.
func TestNothingIsKeptOfVisitors(t *testing.T) {
	if testing.Short() || os.Getenv("BASE_URL") != "" {
		t.Skip("needs a local cloud of its own: make test")
	}
	state := t.TempDir()
	c := start(t, state, nil)
	key, err := c.key(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	create(t, c, key, `{"url":"https://example.com/","code":"code-of-the-link"}`)
	ask := func(path string, header map[string]string) string {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range header {
			request.Header.Set(name, value)
		}
		got, err := exchange(request)
		if err != nil {
			t.Fatal(err)
		}
		return string(got.body)
	}
	visitor := map[string]string{
		"Referer": "https://news.example/page-of-the-visitor?q=search-of-the-visitor", "User-Agent": "Mozilla/5.0 (browser-of-the-visitor)",
		"X-Forwarded-For": "203.0.113.77", "CloudFront-Viewer-Address": "203.0.113.77:4711", "Cookie": "id=cookie-of-the-visitor",
	}
	ask("/code-of-the-link?q=query-of-the-visitor", visitor)
	ask("/no-link-of-the-visitor", visitor)
	for deadline := time.Now().Add(2 * time.Minute); !strings.Contains(ask("/api/links/code-of-the-link/stats", map[string]string{"Authorization": "Bearer " + key}), "news.example"); time.Sleep(again) {
		if time.Now().After(deadline) {
			t.Fatal("the click is not counted")
		}
	}
	c.stop(t)

	_, secret, _ := strings.Cut(strings.TrimPrefix(key, "mk_"), "_")
	searched := 0
	err = filepath.WalkDir(state, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || entry.Name() == "api-key" {
			return err
		}
		text, err := os.ReadFile(path)
		for _, personal := range []string{"of-the-visitor", "203.0.113.77", secret} {
			if bytes.Contains(text, []byte(personal)) {
				t.Errorf("%s has %q", path, personal)
			}
		}
		if strings.HasSuffix(path, ".log") && bytes.Contains(text, []byte("code-of-the-link")) {
			t.Errorf("%s has the link's code", path)
		}
		if bytes.Contains(text, []byte("news.example")) {
			searched++ // an item that is stored
		}
		return err
	})
	if err != nil || searched == 0 {
		t.Errorf("the stored click is in %d files, %v", searched, err)
	}
}
