package emulators

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// emulator describes how to start one emulator and how to check that it works.
type emulator struct {
	name string
	// command returns the command to start. If something is missing, its error contains the remedy.
	command func(port int) (*exec.Cmd, error)
	// health is a path that returns a status below 500 if the emulator works.
	health string
	// header and mark are a header of its answers and the prefix of its value. They identify the emulator: it takes
	// seconds to listen, and meanwhile another process may take the port.
	header, mark string
	deadline     time.Duration
}

// supervisor starts one emulator, and restarts it when it dies.
type supervisor struct {
	emulator
	o    Options
	port int
}

const (
	// startDeadline is for emulators that hang: those that cannot start exit. It is long enough for a busy machine.
	startDeadline = 2 * time.Minute
	grace         = 3 * time.Second // between SIGTERM and SIGKILL
	longest       = 5 * time.Second // longest delay between two attempts to restart an emulator
	portBusy      = 3               // attempts with other ports at the first start
)

// run starts the emulator, calls first once with the result, and restarts the emulator
// whenever it dies, until the context is done.
//
// This function keeps its thread: Linux kills a child process when the thread that started
// it ends, so emulators do not outlive a killed local cloud.
func (s *supervisor) run(ctx context.Context, first func(error)) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	begun := time.Now()
	p, err := s.first(ctx)
	if err == nil && s.o.Started != nil {
		s.o.Started(s.name, time.Since(begun))
	}
	first(err)
	if err != nil {
		return
	}
	for pause := 100 * time.Millisecond; ; {
		select {
		case <-ctx.Done():
			p.end()
			forget(s.o.State, s.name)
			return
		case <-p.gone:
		}
		if ctx.Err() != nil {
			return
		}
		if s.o.Died != nil {
			s.o.Died(s.name, p.err)
		}
		for {
			if p, err = s.start(ctx); err == nil {
				break
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(pause):
			}
			pause = min(2*pause, longest)
		}
		pause = 100 * time.Millisecond
		if s.o.Restarted != nil {
			s.o.Restarted(s.name)
		}
	}
}

// first starts the emulator on a free port. Another process may take the port meanwhile,
// so it tries again with another one.
func (s *supervisor) first(ctx context.Context) (*process, error) {
	for try := 1; ; try++ {
		port, err := freePort()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
		s.port = port
		p, err := s.start(ctx)
		if err == nil || try == portBusy || !strings.Contains(strings.ToLower(err.Error()), "address already in use") {
			return p, err
		}
	}
}

// start starts the emulator on its port and waits until it answers.
func (s *supervisor) start(ctx context.Context) (*process, error) {
	cmd, err := s.command(s.port)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.name, err)
	}
	file := filepath.Join(s.o.State, "logs", s.name+".log")
	p, err := begin(cmd, file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.name, err)
	}
	record(s.o.State, s.name, p.cmd.Process.Pid)
	if err := s.healthy(ctx, p); err != nil {
		p.end()
		return nil, fmt.Errorf("%s: %w (%s)%s", s.name, err, file, tail(file))
	}
	return p, nil
}

// healthy waits until the emulator answers.
func (s *supervisor) healthy(ctx context.Context, p *process) error {
	ctx, cancel := context.WithTimeout(ctx, s.deadline)
	defer cancel()
	url := fmt.Sprintf("http://127.0.0.1:%d%s", s.port, s.health)
	for {
		if s.answers(ctx, url) {
			return nil
		}
		select {
		case <-p.gone:
			return fmt.Errorf("ended while it was starting: %w", p.err)
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return fmt.Errorf("did not answer within %s", s.deadline)
			}
			return ctx.Err()
		case <-time.After(25 * time.Millisecond):
		}
	}
}

// answers reports whether the emulator answers, and not another process.
func (e emulator) answers(ctx context.Context, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, response.Body)
	response.Body.Close()
	return response.StatusCode < http.StatusInternalServerError && strings.HasPrefix(response.Header.Get(e.header), e.mark)
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// tail returns the end of a log, indented, for an error message.
func tail(file string) string {
	const lines = 12
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	all := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	all = all[max(0, len(all)-lines):]
	return "\n    " + string(bytes.Join(all, []byte("\n    ")))
}
