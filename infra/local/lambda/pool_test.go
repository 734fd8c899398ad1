package lambda

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// almostFree returns a busy environment that looks for an hour as if it had just answered.
func almostFree(t *testing.T, p *Platform) *environment {
	t.Helper()
	e, err := p.acquire(t.Context(), "wait", true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.work.Done)
	p.mu.Lock()
	defer p.mu.Unlock()
	e.answered = time.Now().Add(time.Hour)
	return e
}

// waits returns once a request waits for an environment.
func waits(t *testing.T, p *Platform) {
	t.Helper()
	eventually(t, "a request that waits", func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.functions["wait"].freed != nil
	})
}

// If the caller leaves while a request waits for an environment, the request ends without running.
func TestCancelledWait(t *testing.T) {
	p := open(t, Options{}, "wait")
	defer p.release(almostFree(t, p))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := p.Invoke(ctx, "wait", nil)
		done <- err
	}()
	waits(t, p)
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if f := p.Functions()[0]; f.Invocations != 1 || len(f.Environments) != 1 {
		t.Errorf("state %+v", f)
	}
}

// A waiting request gets the environment as soon as that is free, not at the end of freezeWait.
func TestWaitEndsWithRelease(t *testing.T) {
	p := open(t, Options{}, "wait")
	first := almostFree(t, p)
	done := make(chan *environment)
	go func() {
		e, err := p.acquire(t.Context(), "wait", true)
		if err != nil {
			t.Error(err)
		}
		done <- e
	}()
	waits(t, p)
	p.release(first)
	second := <-done
	if second != first {
		t.Errorf("another environment: %p, want %p", second, first)
	}
	p.release(second)
	p.work.Done()
}

// A closing platform rejects waiting requests.
func TestWaitEndsWithPlatform(t *testing.T) {
	p := open(t, Options{}, "wait")
	defer p.release(almostFree(t, p))
	done := make(chan error)
	go func() {
		_, err := p.acquire(t.Context(), "wait", true)
		done <- err
	}()
	waits(t, p)
	p.cancel()
	var refusal *Error
	if err := <-done; !errors.As(err, &refusal) || refusal.Type != "ServiceException" {
		t.Errorf("error %v", err)
	}
}

// A slow disk delays only the work that needs it. Here the file of an event is a pipe without data.
func TestSlowDisk(t *testing.T) {
	spool := t.TempDir()
	p := open(t, Options{Spool: spool}, "wait")
	if err := os.Mkdir(filepath.Join(spool, "slow"), 0o700); err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(spool, "slow", "event.json")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	added := make(chan error)
	go func() { added <- p.Add(Function{Name: "slow", Handler: "wait", Binary: executable(t)}) }()
	writer, err := os.OpenFile(pipe, os.O_WRONLY, 0) // returns once Add reads it
	if err != nil {
		t.Fatal(err)
	}
	decode(t, invoke(t, p, "wait", input{}))
	if _, err := writer.WriteString("{}"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(writer.Close(), <-added); err != nil {
		t.Error(err)
	}
}
