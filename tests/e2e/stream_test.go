package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestFollow makes a function for the changes of links, as a person would, and
// sees it follow a link that is made while make dev runs.
func TestFollow(t *testing.T) {
	if testing.Short() || os.Getenv("BASE_URL") != "" {
		t.Skip("needs a local cloud of its own: make test")
	}
	t.Parallel()
	folder := copied(t)
	scaffold := exec.CommandContext(t.Context(), "make", "--no-print-directory", "new", "FN=specimen-watch", "EVENT=stream")
	scaffold.Dir, scaffold.Env = folder, withoutMake(os.Environ())
	if said, err := scaffold.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	c := startIn(t, folder, t.TempDir(), nil)
	key, err := c.key(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.base+"/api/links", strings.NewReader(`{"url":"https://example.com/","code":"traced"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", "application/json")
	if got, err := exchange(request); err != nil || got.status != http.StatusCreated {
		t.Fatalf("%d %s %v", got.status, got.body, err)
	}
	says(t, c, "change followed change=INSERT code=traced")
}
