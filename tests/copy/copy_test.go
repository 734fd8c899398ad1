package copy

import (
	"bufio"
	"context"
	"flag"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const root = "../.."

var complete = flag.Bool("complete", false, "run each copy's own checks and tests, and send it a request (make test-copy)")

// TestCopies makes the three copies that docs/copy.md promises, and one more: each feature can also be left out together with
// another.
func TestCopies(t *testing.T) {
	tools := built(t)
	for _, test := range []struct {
		name, without string
		more          [][]string // orders for make new
	}{
		{"everything", "", nil},
		{"without images", "images", nil},
		{"without images and reports", "images,reports", nil},
		{"a frame", "images,reports,links", [][]string{
			{"--function", "note", "--event", "table"},
			{"--function", "note-index", "--event", "sqs"},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "memo")
			run(t, root, "go", "run", "./infra/copy", "--to", folder, "--name", "memo", "--module", "github.com/acme/memo", "--without", test.without)
			if changed := run(t, folder, "git", "status", "--porcelain"); changed != "" {
				t.Errorf("the first commit lacks %s", changed)
			}
			for _, order := range test.more {
				run(t, folder, "go", append([]string{"run", "./infra/scaffold"}, order...)...)
			}
			tools(t, folder)
			if *complete {
				passes(t, folder)
				answers(t, folder)
				return
			}
			// Only what is cut most is compiled here, and without its tests: go vet takes a minute for a new module.
			if test.more != nil {
				run(t, folder, "go", "build", "./...")
			}
			run(t, folder, "infra/commands/template", "local")
		})
	}
}

// passes runs the copy's own checks and tests. Those of the local cloud are the same as here.
func passes(t *testing.T, folder string) {
	t.Helper()
	run(t, folder, "make", "check")
	run(t, folder, "make", "unit")
	run(t, folder, "make", "test-template")
}

// answers starts the copy and sends it a request.
func answers(t *testing.T, folder string) {
	t.Helper()
	dev := exec.CommandContext(t.Context(), "make", "--no-print-directory", "dev", "PORT=0", "STATE="+t.TempDir())
	dev.Dir = folder
	dev.Env = append(os.Environ(), "WATCH=0")
	dev.Cancel = func() error { return dev.Process.Signal(syscall.SIGTERM) }
	dev.Stderr = os.Stderr
	out, err := dev.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := dev.Start(); err != nil {
		t.Fatal(err)
	}
	base := ready(t, out)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/health", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(body), `"status":"ok"`) {
		t.Errorf("%d %s, %v", response.StatusCode, body, err)
	}
	if err := dev.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, out)
	if err := dev.Wait(); err != nil {
		t.Errorf("make dev ended with %v", err)
	}
}

// ready reads the output until the service is ready, and returns its address.
func ready(t *testing.T, out io.Reader) string {
	t.Helper()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, base, ok := strings.Cut(lines.Text(), "ready: "); ok {
			return strings.TrimSpace(base)
		}
	}
	t.Fatalf("make dev did not start: %v", lines.Err())
	return ""
}

// built returns a function that gives a copy the tools that are built here, which are the same for every copy and
// would take minutes to fetch and build.
func built(t *testing.T) func(t *testing.T, folder string) {
	t.Helper()
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(here, "node_modules", ".bin", "osls")); err != nil {
		t.Fatal("needs osls: make test-copy")
	}
	return func(t *testing.T, folder string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(folder, "build"), 0o755); err != nil {
			t.Fatal(err)
		}
		if !*complete {
			if err := os.Symlink(filepath.Join(here, "node_modules"), filepath.Join(folder, "node_modules")); err != nil {
				t.Fatal(err)
			}
			return
		}
		// Copies, not links: make dev and npm write there. They are newer than the sources, so make keeps them.
		for _, name := range []string{"node_modules", "build/.machine", "build/dynamodb-local", "build/versitygw", "build/staticcheck", "build/govulncheck"} {
			run(t, here, "cp", "-R", name, filepath.Join(folder, name))
		}
	}
}

// run runs a command in a folder and returns its output.
func run(t *testing.T, folder, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = folder
	// As the functions are built: then the packages of a copy do not depend on its folder, and are compiled once.
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-trimpath -buildvcs=false")
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, output)
	}
	return string(output)
}
