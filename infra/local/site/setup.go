package site

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

// setUp writes all addresses to endpoints.env and runs the set-up commands. If a
// command fails, the start fails with an error that contains its output.
func (s *site) setUp(ctx context.Context) error {
	file := filepath.Join(s.State, "endpoints.env")
	if err := disk.Replace(file, []byte(strings.Join(s.Variables(), "\n")+"\n")); err != nil {
		return fmt.Errorf("write the addresses: %w", err)
	}
	s.OnClose(func() { os.Remove(file) })
	for _, command := range s.Setup {
		name, _, _ := strings.Cut(strings.TrimSpace(command), " ")
		done := s.terminal.Begin(filepath.Base(name))
		if output, err := s.shell(ctx, command); err != nil {
			return fmt.Errorf("the set-up command %q failed (%w):\n%s", command, err, output)
		}
		done()
	}
	return nil
}

// shell runs a command with the stack's endpoints and returns its output.
func (s *site) shell(ctx context.Context, command string) (output string, err error) {
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", command)
	cmd.Env = s.Environment()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	printed, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(printed)), err
}
