package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/minim-dev/minim/infra/local/disk"
)

// setUp writes the addresses of everything to endpoints.env and runs the commands
// that prepare the stack. One that fails stops the start with what it said.
func (s *site) setUp(ctx context.Context) error {
	file := filepath.Join(s.state, "endpoints.env")
	lines := strings.Join(s.variables(s.endpoints()), "\n") + "\n"
	if err := disk.Replace(file, []byte(lines)); err != nil {
		return fmt.Errorf("write the addresses: %w", err)
	}
	s.closing = append(s.closing, func() { os.Remove(file) })
	for _, command := range s.setup {
		name, _, _ := strings.Cut(strings.TrimSpace(command), " ")
		step := s.say.begin(filepath.Base(name))
		if output, err := s.shell(ctx, command); err != nil {
			return fmt.Errorf("the set-up command %q failed (%w):\n%s", command, err, output)
		}
		step()
	}
	return nil
}

// shell runs a command beside the stack and returns what it said.
func (s *site) shell(ctx context.Context, command string) (said string, err error) {
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", command)
	cmd.Env = s.environment(s.endpoints())
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	output, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(output)), err
}
