package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/shared/env"
)

// agent is that of a person: their clicks are sent to the queue.
const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"

// asked is the event of the HTTP API for GET /load, as far as the function reads it.
const asked = `{"version": "2.0", "routeKey": "GET /{code}", "rawPath": "/load", "pathParameters": {"code": "load"},
"headers": {"user-agent": "` + agent + `"}, "requestContext": {"http": {"method": "GET", "path": "/load"}, "requestId": "load"}}`

// target is what is under load.
type target interface {
	// ask makes one request. The id is that of the invocation, if there is one.
	ask(ctx context.Context, client *http.Client) (id string, err error)
	// processes are the ids of those that serve now.
	processes() []int
	stop() error
}

// onLambda is the function on the local cloud's platform, asked by the Invoke API.
type onLambda struct {
	platform *lambda.Platform
	server   *httptest.Server

	mu    sync.Mutex
	inits map[string]time.Duration // by request id, of cold starts
}

func startLambda(ctx context.Context, s settings, variables map[string]string) (target, error) {
	l := &onLambda{inits: map[string]time.Duration{}}
	var err error
	l.platform, err = lambda.New(ctx, lambda.Options{
		Concurrency: 100, IdleTimeout: s.idle, Observe: l.observe,
		Env: map[string]string{
			"AWS_ENDPOINT_URL_DYNAMODB": *env.AWS("DYNAMODB").BaseEndpoint, "AWS_ENDPOINT_URL_SQS": *env.AWS("SQS").BaseEndpoint,
		},
	})
	if err != nil {
		return nil, err
	}
	f := lambda.Function{Name: "link-redirect", Binary: s.binary, Handler: "bootstrap", MemoryMB: 256, Timeout: 5 * time.Second, Env: variables}
	if err := l.platform.Add(f); err != nil {
		_ = l.platform.Close()
		return nil, err
	}
	l.server = httptest.NewServer(l.platform.Handler())
	return l, nil
}

func (l *onLambda) observe(i lambda.Invocation) {
	if i.Init > 0 {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.inits[i.RequestID] = i.Init
	}
}

func (l *onLambda) ask(ctx context.Context, client *http.Client) (id string, err error) {
	url := l.server.URL + "/2015-03-31/functions/link-redirect/invocations"
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(asked))
	if err != nil {
		return "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && !bytes.Contains(answer, []byte(`"statusCode":302`)) {
		err = fmt.Errorf("it answers %s: %s", response.Status, answer)
	}
	return response.Header.Get("X-Amzn-Requestid"), err
}

func (l *onLambda) processes() []int {
	var ids []int
	for _, f := range l.platform.Functions() {
		for _, e := range f.Environments {
			ids = append(ids, e.PID) // 0 while it starts
		}
	}
	return ids
}

func (l *onLambda) stop() error {
	l.server.Close()
	return l.platform.Close()
}

// cold is how long the environment of a request was initialised, 0 for a warm one.
func (l *onLambda) cold(id string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.inits[id]
}

// onServer is the same handler in one process behind net/http.
type onServer struct {
	command *exec.Cmd
	url     string
}

func startPlain(ctx context.Context, s settings, variables map[string]string) (target, error) {
	p := &onServer{command: exec.CommandContext(ctx, s.plain)}
	p.command.Env = os.Environ()
	for name, value := range variables {
		p.command.Env = append(p.command.Env, name+"="+value)
	}
	p.command.Stderr = os.Stderr
	output, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	url, err := bufio.NewReader(output).ReadString('\n')
	p.url = strings.TrimSpace(url)
	if err != nil {
		_ = p.stop()
		return nil, fmt.Errorf("%s does not tell its address: %w", s.plain, err)
	}
	return p, nil
}

func (p *onServer) ask(ctx context.Context, client *http.Client) (id string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/load", nil)
	if err != nil {
		return "", err
	}
	request.Header.Set("User-Agent", agent)
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return "", err
	}
	if response.StatusCode != http.StatusFound {
		return "", fmt.Errorf("it answers %s", response.Status)
	}
	return "", nil
}

func (p *onServer) processes() []int { return []int{p.command.Process.Pid} }

func (p *onServer) stop() error {
	_ = p.command.Process.Signal(syscall.SIGTERM)
	_ = p.command.Wait() // it ends by the signal
	return nil
}

// resident is the memory of processes together, in bytes, as far as it is known.
func resident(processes []int) (bytes int64) {
	for _, id := range processes {
		text, err := os.ReadFile("/proc/" + strconv.Itoa(id) + "/statm")
		if fields := strings.Fields(string(text)); err == nil && len(fields) > 1 {
			pages, _ := strconv.ParseInt(fields[1], 10, 64)
			bytes += pages * int64(os.Getpagesize())
		}
	}
	return bytes
}
