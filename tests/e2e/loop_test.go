package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestLoop works like a developer, on a copy of the repository: it changes, breaks
// and fixes a handler, and changes the page, while the local cloud runs.
func TestLoop(t *testing.T) {
	if testing.Short() || os.Getenv("BASE_URL") != "" {
		t.Skip("needs a local cloud of its own: make test")
	}
	t.Parallel()
	folder := copied(t)
	c := startIn(t, folder, t.TempDir(), map[string]string{"WATCH": "1"})
	handler := filepath.Join("functions", "health", "handler.go")
	const before = `Version: h.version`

	took := change(t, folder, handler, before, `Version: "changed"`)
	answers(t, c, "/api/health", `"version":"changed"`, took)

	change(t, folder, handler, `Version: "changed"`, `Version: nonsense`)
	says(t, c, "undefined: nonsense")
	answers(t, c, "/api/health", `"version":"changed"`, time.Now())
	if n := strings.Count(c.output(), "undefined: nonsense"); n != 1 {
		t.Errorf("the compiler's error is shown %d times", n)
	}

	took = change(t, folder, handler, `Version: nonsense`, before)
	answers(t, c, "/api/health", `"version":"local"`, took)

	took = change(t, folder, filepath.Join("frontend", "index.html"), "<title>", "<title>changed ")
	answers(t, c, "/", "<title>changed ", took)
}

// copied returns a copy of the files that make dev needs, with their times, so that nothing is rebuilt.
func copied(t *testing.T, more ...string) string {
	t.Helper()
	folder, root := t.TempDir(), filepath.Join("..", "..")
	names := []string{"-a"}
	for _, name := range append(more, "Makefile", "go.mod", "go.sum", "package.json", "package-lock.json", "serverless.yml", "serverless.us-east-1.yml",
		"functions", "shared", "infra", "frontend", "docs", "build") {
		names = append(names, filepath.Join(root, name))
	}
	if output, err := exec.CommandContext(t.Context(), "cp", append(names, folder)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	modules, err := filepath.Abs(filepath.Join(root, "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(folder, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return folder
}

// change saves a file and returns the time at which it did.
func change(t *testing.T, folder, name, from, to string) time.Time {
	t.Helper()
	path := filepath.Join(folder, name)
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), from) {
		t.Fatalf("%s does not contain %q: %v", name, from, err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), from, to, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return time.Now()
}

// answers waits until a page contains a text, and reports the time since a moment.
func answers(t *testing.T, c *cloud, path, want string, since time.Time) {
	t.Helper()
	for {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := exchange(request)
		if err == nil && strings.Contains(string(got.body), want) {
			t.Logf("%s has %s after %s", path, want, time.Since(since).Round(time.Millisecond))
			return
		}
		if time.Since(since) > 30*time.Second {
			t.Fatalf("%s has no %s: %s %v", path, want, got.body, err)
		}
		time.Sleep(again)
	}
}

func says(t *testing.T, c *cloud, want string) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !strings.Contains(c.output(), want); time.Sleep(again) {
		if time.Now().After(deadline) {
			t.Fatalf("it does not print %q", want)
		}
	}
}
