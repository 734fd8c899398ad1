package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestStream makes a function for the changes of links, as a person would, and
// sees it follow a link that is made while make dev runs.
func TestStream(t *testing.T) {
	if testing.Short() || os.Getenv("BASE_URL") != "" {
		t.Skip("needs a local cloud of its own: make test")
	}
	folder := copied(t)
	scaffold := exec.CommandContext(t.Context(), "make", "--no-print-directory", "new", "FN=link-trace", "EVENT=stream")
	scaffold.Dir, scaffold.Env = folder, withoutMake(os.Environ())
	if said, err := scaffold.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	c := startIn(t, folder, t.TempDir(), nil)
	key, err := c.key(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	send := func(method, path, body string, status int) {
		request, err := http.NewRequestWithContext(t.Context(), method, c.base+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+key)
		request.Header.Set("Content-Type", "application/json")
		got, err := exchange(request)
		if err != nil || got.status != status {
			t.Fatalf("%s %s: %d %s %v", method, path, got.status, got.body, err)
		}
	}
	send(http.MethodPost, "/api/links", `{"url":"https://example.com/","code":"traced"}`, http.StatusCreated)
	says(t, c, "change followed change=INSERT code=traced")
	send(http.MethodDelete, "/api/links/traced", "", http.StatusNoContent)
	says(t, c, "change followed change=REMOVE code=traced")
}
