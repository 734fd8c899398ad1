package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// startTime limits the time until a local cloud is ready; stopTime, until it has ended.
const (
	startTime = 5 * time.Minute
	stopTime  = time.Minute
)

// cloud is a test's own local cloud, started by make dev.
type cloud struct {
	base  string // http://localhost:PORT
	state string // its .local
	cmd   *exec.Cmd
	ended chan struct{}

	mu  sync.Mutex
	log bytes.Buffer
}

// start runs `make dev` with fresh data on a free port, and waits until it is
// ready. It does not rebuild changed sources, unless WATCH=1 is among the
// switches. It ends with the test.
func start(t *testing.T, state string, switches map[string]string) *cloud {
	t.Helper()
	return startIn(t, filepath.Join("..", ".."), state, switches)
}

// startIn does the same in a copy of the repository.
func startIn(t *testing.T, folder, state string, switches map[string]string) *cloud {
	t.Helper()
	port := freePort(t)
	command := exec.Command("make", "--no-print-directory", "dev", fmt.Sprintf("PORT=%d", port), "STATE="+state)
	command.Dir = folder
	return startBy(t, command, port, state, switches)
}

// startBy does the same with another command.
func startBy(t *testing.T, command *exec.Cmd, port int, state string, switches map[string]string) *cloud {
	t.Helper()
	c := &cloud{base: fmt.Sprintf("http://localhost:%d", port), state: state, cmd: command, ended: make(chan struct{})}
	c.cmd.Env = append(withoutMake(os.Environ()), "WATCH=0")
	for name, value := range switches {
		c.cmd.Env = append(c.cmd.Env, name+"="+value)
	}
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	output, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.cmd.Stderr = c.cmd.Stdout
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.stop(t) })
	if deadline, limited := t.Deadline(); limited { // after the deadline, nothing would be cleaned up
		last := time.AfterFunc(time.Until(deadline)-stopTime, func() { _ = syscall.Kill(-c.cmd.Process.Pid, syscall.SIGINT) })
		t.Cleanup(func() { last.Stop() })
	}
	ready := make(chan struct{})
	go c.follow(output, ready)
	select {
	case <-ready:
	case <-c.ended:
		t.Fatalf("the local cloud ended:\n%s", c.output())
	case <-time.After(startTime):
		t.Fatalf("the local cloud is not ready after %s:\n%s", startTime, c.output())
	}
	return c
}

func (c *cloud) follow(output io.Reader, ready chan<- struct{}) {
	defer close(c.ended)
	scanner := bufio.NewScanner(output)
	scanner.Buffer(nil, 1<<20)
	isReady := false
	for scanner.Scan() {
		c.mu.Lock()
		c.log.WriteString(scanner.Text() + "\n")
		c.mu.Unlock()
		if !isReady && strings.HasPrefix(scanner.Text(), "ready: ") {
			isReady = true
			close(ready)
		}
	}
}

// output returns everything that the local cloud has printed.
func (c *cloud) output() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.log.String()
}

// stop does what Ctrl-C does: it interrupts the whole process group.
func (c *cloud) stop(t *testing.T) {
	t.Helper()
	if c.cmd.ProcessState != nil {
		return
	}
	_ = syscall.Kill(-c.cmd.Process.Pid, syscall.SIGINT)
	select {
	case <-c.ended:
	case <-time.After(stopTime):
		_ = syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL)
		t.Errorf("the local cloud still ran %s after an interrupt:\n%s", stopTime, c.output())
	}
	_ = c.cmd.Wait()
	if t.Failed() {
		t.Logf("output of the local cloud:\n%s", c.output())
	}
}

// endpoints returns the variables of .local/endpoints.env.
func (c *cloud) endpoints() (map[string]string, error) {
	text, err := os.ReadFile(filepath.Join(c.state, "endpoints.env"))
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for entry := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(entry), "="); ok {
			found[name] = strings.Trim(value, `"'`)
		}
	}
	return found, nil
}

// key returns the developer's key, or creates one for another owner.
func (c *cloud) key(ctx context.Context, owner, scopes string) (string, error) {
	if owner == "" {
		text, err := os.ReadFile(filepath.Join(c.state, "api-key"))
		return strings.TrimSpace(string(text)), err
	}
	endpoints, err := c.endpoints()
	if err != nil {
		return "", err
	}
	out := filepath.Join(c.state, "key-"+owner)
	cmd := exec.CommandContext(ctx, filepath.Join("..", "..", "build", "key"), "--table", "minim-local-keys", "--owner", owner, "--scopes", scopes, "--out", out)
	cmd.Env = os.Environ()
	for name, value := range maps.All(endpoints) {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("create a key: %w: %s", err, output)
	}
	text, err := os.ReadFile(out)
	return strings.TrimSpace(string(text)), err
}

// function is the state of a function of the local cloud.
type function struct {
	Name         string
	Kills        int // by CHAOS
	Environments []struct {
		PID   int
		State string // cold, warm or busy
	}
}

func (c *cloud) functions() ([]function, error) {
	response, err := http.Get(c.base + "/_local/functions")
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var functions []function
	return functions, json.NewDecoder(response.Body).Decode(&functions)
}

// kill kills the processes of a function, as a power cut would, and returns their number.
func (c *cloud) kill(name string) (int, error) {
	functions, err := c.functions()
	ended := 0
	for _, f := range functions {
		if !strings.HasSuffix(f.Name, name) {
			continue
		}
		for _, e := range f.Environments {
			if e.PID > 0 && syscall.Kill(e.PID, syscall.SIGKILL) == nil {
				ended++
			}
		}
	}
	return ended, err
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// withoutMake removes the variables by which an outer make passes options to inner
// ones, and switches that are not for this cloud.
func withoutMake(environment []string) []string {
	var kept []string
	for _, entry := range environment {
		name, _, _ := strings.Cut(entry, "=")
		switch {
		case name == "MAKEFLAGS", name == "MFLAGS", name == "MAKELEVEL", name == "PORT", name == "STATE", strings.HasPrefix(name, "AWS_"):
		default:
			kept = append(kept, entry)
		}
	}
	return kept
}
