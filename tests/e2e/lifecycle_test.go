package e2e

import (
	"bytes"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestRestart stops the local cloud as Ctrl-C does and as a power cut does: no
// processes remain, and the next start has all data.
func TestRestart(t *testing.T) {
	if testing.Short() || os.Getenv("BASE_URL") != "" {
		t.Skip("needs a local cloud of its own: make test")
	}
	state := t.TempDir()
	first := start(t, state, nil)
	key, err := first.key(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	create(t, first, key, `{"url":"https://example.com/kept","code":"kept"}`)
	ports := addresses(t, first)
	first.stop(t)
	gone(t, state, ports)

	second := start(t, state, nil)
	if again, err := second.key(t.Context(), "", ""); err != nil || again != key {
		t.Errorf("the key has changed from %q to %q, %v", key, again, err)
	}
	follow(t, second, "kept", "https://example.com/kept")
	create(t, second, key, `{"url":"https://example.com/cut","code":"cut"}`)
	ports = addresses(t, second)
	if err := syscall.Kill(-second.cmd.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-second.ended
	_ = second.cmd.Wait()
	gone(t, state, ports)

	third := start(t, state, nil)
	follow(t, third, "kept", "https://example.com/kept")
	follow(t, third, "cut", "https://example.com/cut")
}

func create(t *testing.T, c *cloud, key, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.base+"/api/links", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", "application/json")
	if got, err := exchange(request); err != nil || got.status != http.StatusCreated {
		t.Fatalf("create: %d %s %v", got.status, got.body, err)
	}
}

func follow(t *testing.T, c *cloud, code, want string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.base+"/"+code, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := exchange(request)
	if err != nil || got.status != http.StatusFound || got.header.Get("Location") != want {
		t.Errorf("/%s: %d, Location %q, %v", code, got.status, got.header.Get("Location"), err)
	}
}

// addresses lists the addresses at which the local cloud and its parts listen.
func addresses(t *testing.T, c *cloud) []string {
	t.Helper()
	endpoints, err := c.endpoints()
	if err != nil {
		t.Fatal(err)
	}
	found := []string{strings.TrimPrefix(c.base, "http://")}
	for name, value := range endpoints {
		if !strings.HasPrefix(name, "AWS_ENDPOINT_URL_") {
			continue
		}
		address, err := url.Parse(value)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, address.Host)
	}
	if len(found) < 5 {
		t.Fatalf("endpoints.env has too few addresses: %v", found)
	}
	return found
}

// gone waits until no port is open and no process uses the state.
func gone(t *testing.T, state string, addresses []string) {
	t.Helper()
	deadline := time.Now().Add(stopTime)
	for {
		left := append(open(addresses), processes(state)...)
		if len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("left behind: %v", left)
		}
		time.Sleep(again)
	}
}

func open(addresses []string) (left []string) {
	for _, address := range addresses {
		if connection, err := net.DialTimeout("tcp", address, time.Second); err == nil {
			connection.Close()
			left = append(left, address)
		}
	}
	return left
}

// processes lists the processes whose command line or environment names the state folder.
func processes(state string) (left []string) {
	if runtime.GOOS != "linux" {
		return nil
	}
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range files {
		command, _ := os.ReadFile(file)
		environment, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "environ"))
		if bytes.Contains(command, []byte(state)) || bytes.Contains(environment, []byte(state)) {
			left = append(left, strings.ReplaceAll(string(command), "\x00", " "))
		}
	}
	return left
}
