package emulators

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// process is a running emulator. It has its own process group: Ctrl-C in a terminal then reaches
// only the local cloud, which ends its emulators in order.
type process struct {
	cmd  *exec.Cmd
	gone chan struct{} // closed when the process has ended
	err  error         // the reason; valid after gone is closed
}

// begin starts a command whose output goes to a file, without standard input.
func begin(cmd *exec.Cmd, file string) (*process, error) {
	log, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open its log: %w", err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = attributes()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, gone: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		if p.err == nil {
			p.err = errors.New("the process exited")
		}
		close(p.gone)
	}()
	return p, nil
}

// end sends SIGTERM to the process and its children, and kills them if they do not end.
func (p *process) end() {
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGTERM)
	select {
	case <-p.gone:
	case <-time.After(grace):
	}
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	<-p.gone
}
