package emulators

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// real returns options for the real emulators. It skips the test with -short.
func real(t *testing.T) Options {
	t.Helper()
	o := Options{
		Components: "../../../build/components", State: t.TempDir(), InMemory: true,
		Region: "us-east-1", AccessKeyID: "local", SecretAccessKey: "local",
	}
	if testing.Short() {
		t.Skip("starts the emulators: make test-go")
	}
	for _, file := range []string{"versitygw", "dynamodb-local/DynamoDBLocal.jar", "node_modules/fauxqs"} {
		if _, err := os.Stat("../../../build/components/" + file); err != nil {
			t.Fatalf("%s is missing; run make setup, or make unit for the tests without emulators", file)
		}
	}
	return o
}

// TestEmulators starts the real emulators, kills one, and stops all.
func TestEmulators(t *testing.T) {
	o := real(t)
	webhook := httptest.NewServer(http.NotFoundHandler())
	defer webhook.Close()
	o.Webhook = webhook.URL
	var mu sync.Mutex
	started := map[string]time.Duration{}
	o.Started = func(name string, took time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		started[name] = took
	}
	restarted := make(chan string, 3)
	o.Restarted = func(name string) { restarted <- name }
	p, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, url := range []string{p.DynamoDB, p.S3 + "/_health", p.SQS + "/health"} {
		if !(emulator{}).answers(t.Context(), url) {
			t.Errorf("%s does not answer", url)
		}
	}
	if len(started) != 3 {
		t.Errorf("reported %v", started)
	}
	onLoopback(t, p.DynamoDB, p.S3, p.SQS)
	closedToPages(t, p)

	killed := children(t, o.State, "versitygw")
	if len(killed) != 1 {
		t.Fatalf("found %v of versitygw", killed)
	}
	_ = syscall.Kill(killed[0], syscall.SIGKILL)
	select {
	case name := <-restarted:
		if name != "s3" || !(emulator{}).answers(t.Context(), p.S3+"/_health") {
			t.Errorf("%s was started again; S3 does not answer where it did", name)
		}
	case <-time.After(2 * time.Minute):
		t.Fatal("versitygw was not started again")
	}

	begun := time.Now()
	p.Close()
	if took := time.Since(begun); took > time.Minute {
		t.Errorf("ending took %s", took)
	}
	for _, url := range []string{p.DynamoDB, p.S3, p.SQS} {
		if c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://")); err == nil {
			c.Close()
			t.Errorf("%s still listens", url)
		}
	}
}

// TestStranger: until the emulator listens, another process may answer at its port.
func TestStranger(t *testing.T) {
	for server, want := range map[string]bool{"Jetty(9.4)": true, "nginx": false, "": false} {
		stranger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Server", server)
			w.WriteHeader(http.StatusNotFound)
		}))
		if got := (emulator{header: "Server", mark: "Jetty("}).answers(t.Context(), stranger.URL); got != want {
			t.Errorf("%q: %v", server, got)
		}
		stranger.Close()
	}
}

// onLoopback checks that no other address of this machine accepts requests, because the key for
// the emulators is not a secret.
func onLoopback(t *testing.T, urls ...string) {
	t.Helper()
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		network, ok := a.(*net.IPNet)
		if !ok || network.IP.IsLoopback() || network.IP.IsLinkLocalUnicast() {
			continue
		}
		for _, url := range urls {
			outside := net.JoinHostPort(network.IP.String(), url[strings.LastIndex(url, ":")+1:])
			if c, err := net.DialTimeout("tcp", outside, time.Second); err == nil {
				c.Close()
				t.Errorf("%s answers at %s, too", url, outside)
			}
		}
	}
}

// closedToPages checks that DynamoDB Local and fauxqs only accept requests with their host. A web page can
// send any other header, from its own origin or from a host name that resolves to this machine.
func closedToPages(t *testing.T, e *Emulators) {
	t.Helper()
	for _, service := range []struct{ url, kind, target string }{
		{e.DynamoDB, "application/x-amz-json-1.0", "DynamoDB_20120810.ListTables"},
		{e.SQS, "application/x-amz-json-1.0", "AmazonSQS.ListQueues"},
		{e.SQS, "application/x-www-form-urlencoded", ""},
	} {
		for _, host := range []string{"", "localhost", "evil.example", e.Host + ".evil.example", e.Host} {
			for _, method := range []string{http.MethodPost, http.MethodOptions, http.MethodGet} {
				request, err := http.NewRequestWithContext(t.Context(), method, service.url+"/", strings.NewReader("{}"))
				if err != nil {
					t.Fatal(err)
				}
				request.Host = host
				request.Header.Set("Origin", "http://evil.example")
				request.Header.Set("Access-Control-Request-Method", "POST")
				request.Header.Set("Content-Type", service.kind)
				request.Header.Set("X-Amz-Target", service.target)
				request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20261130/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=x")
				response, err := http.DefaultClient.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				response.Body.Close()
				open := response.StatusCode == http.StatusOK || response.Header.Get("Access-Control-Allow-Origin") != ""
				if own := host == e.Host && method == http.MethodPost && service.target != ""; own && response.StatusCode != http.StatusOK || host != e.Host && open {
					t.Errorf("%s %s (%s) with the host %q: %s, %v", method, service.url, service.target, host, response.Status, response.Header)
				}
			}
		}
	}
}

// children finds the processes of an emulator. Their command lines contain the state folder.
func children(t *testing.T, state, name string) (pids []int) {
	t.Helper()
	output, _ := exec.Command("ps", "-eo", "pid,args").Output()
	for line := range strings.Lines(string(output)) {
		if strings.Contains(line, state) && strings.Contains(line, name) {
			var pid int
			if _, err := fmt.Sscan(line, &pid); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

// TestMissing checks that the error lists everything that is missing, and how to get it.
func TestMissing(t *testing.T) {
	nowhere := t.TempDir()
	t.Setenv("PATH", nowhere)
	t.Setenv("JAVA_HOME", "")
	_, err := Start(t.Context(), Options{Components: nowhere, State: t.TempDir()})
	if err == nil {
		t.Fatal("started without anything")
	}
	for _, want := range []string{
		"dynamodb: there is no java: install Java 17",
		"s3: " + filepath.Join(nowhere, "versitygw") + " is missing: local-cloud components",
		"sqs: there is no node: install Node.js 20.19",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in:\n%v", want, err)
		}
	}
	if lines := strings.Count(err.Error(), "\n") + 1; lines != 3 {
		t.Errorf("%d lines:\n%v", lines, err)
	}
}

func TestOldVersion(t *testing.T) {
	folder := t.TempDir()
	for name, version := range map[string]string{"java": `openjdk version "11.0.2" 2019-01-15`, "node": "v18.1.0"} {
		script := "#!/bin/sh\necho '" + version + "' >&2\n"
		if err := os.WriteFile(filepath.Join(folder, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", folder+":/bin:/usr/bin")
	t.Setenv("JAVA_HOME", "")
	if _, err := findJava(); err == nil || !strings.Contains(err.Error(), "is version 11: install Java 17") {
		t.Errorf("java: %v", err)
	}
	if _, err := findNode(); err == nil || !strings.Contains(err.Error(), "is version 18: install Node.js") {
		t.Errorf("node: %v", err)
	}
}

// TestFailure checks that the error for an emulator that does not start contains the end of its log.
func TestFailure(t *testing.T) {
	state := t.TempDir()
	if err := os.MkdirAll(filepath.Join(state, "logs"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, script, want string }{
		{"ends", "echo the disk is full; exit 3", "ended while it was starting: exit status 3"},
		{"hangs", "echo the disk is full; sleep 60", "did not answer within 300ms"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &supervisor{o: Options{State: state}, emulator: emulator{name: "disk", deadline: 300 * time.Millisecond, command: func(int) (*exec.Cmd, error) {
				return exec.Command("/bin/sh", "-c", c.script), nil
			}}}
			reported := make(chan error, 1)
			s.run(context.Background(), func(err error) { reported <- err })
			err := <-reported
			if err == nil || !strings.Contains(err.Error(), "disk: "+c.want) || !strings.Contains(err.Error(), "\n    the disk is full") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestStubborn ends an emulator that ignores SIGTERM.
func TestStubborn(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	p, err := begin(exec.Command("/bin/sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.1; done"), log)
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if text, _ := os.ReadFile(log); len(text) > 0 {
			break
		}
	}
	begun := time.Now()
	p.end()
	if took := time.Since(begun); took < grace || took > grace+time.Minute {
		t.Errorf("ending took %s", took)
	}
	if err := syscall.Kill(p.cmd.Process.Pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("it is still there: %v", err)
	}
}
