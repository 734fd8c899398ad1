package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// buffer collects the output of a process.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// TestAlone runs another stack in an empty folder outside the repository, and checks that no process or file is left.
func TestAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the emulators: make test-go")
	}
	components, err := filepath.Abs("../../../../build/components")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for file, source := range map[string]string{"local-cloud": ".", "binaries/Fn/bootstrap": "./testdata/alone"} {
		if output, err := exec.Command("go", "build", "-o", filepath.Join(folder, file), source).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, output)
		}
	}
	text, err := os.ReadFile("testdata/alone/template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "template.yaml"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	port := free(t)
	out := &buffer{}
	cmd := exec.Command("./local-cloud", "up", "--template", "template.yaml", "--binaries", "binaries", "--parameter", "Greeting=hello", "--components", components, "--port", port)
	cmd.Dir, cmd.Stdout, cmd.Stderr = folder, out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	defer func() { _ = cmd.Process.Kill() }()
	until(t, out, func() bool { return strings.Contains(out.String(), "ready: http://") || len(ended) > 0 })
	if len(ended) > 0 {
		t.Fatalf("the process has ended:\n%s", out)
	}
	if got := answer(t, "POST", "http://127.0.0.1:"+port+"/messages", "localhost:"+port); got != "sent" {
		t.Errorf("POST /messages: %s\n%s", got, out)
	}
	until(t, out, func() bool {
		return answer(t, "GET", "http://127.0.0.1:"+port+"/items", "localhost:"+port) == `["queue hello"]`
	})
	if got := answer(t, "GET", "http://127.0.0.1:"+port+"/any/path", "url.localhost:"+port); got != "url" {
		t.Errorf("the function URL: %s", got)
	}
	answer(t, "POST", "http://127.0.0.1:"+port+"/_local/schedules/local-Tick/run", "localhost:"+port)
	until(t, out, func() bool {
		return strings.Contains(answer(t, "GET", "http://127.0.0.1:"+port+"/items", "localhost:"+port), `"tick"`)
	})
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("after Ctrl-C: %v\n%s", err, out)
	}
	processes, _ := exec.Command("ps", "-eo", "args").Output()
	if strings.Contains(string(processes), folder) {
		t.Errorf("processes are still running:\n%s", processes)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 4 { // the three above and .local
		t.Errorf("unexpected files beside the state: %v, %v", entries, err)
	}
}

func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}

func until(t *testing.T, out *buffer, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("timed out:\n%s", out)
		}
	}
}

func answer(t *testing.T, method, url, host string) string {
	t.Helper()
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
