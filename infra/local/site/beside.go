package site

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/minim-dev/minim/infra/local/cloud"
	"github.com/minim-dev/minim/infra/local/plan"
	"github.com/minim-dev/minim/infra/local/terminal"
)

// Beside runs a command with the template's tables, buckets and queues, new and empty, but without functions.
// It returns the command's error.
func Beside(ctx context.Context, o Options, command []string) error {
	state, err := os.MkdirTemp("", "local-cloud-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(state)
	o.State = state
	c, err := cloud.Open(o.cloud(plan.Debug{}, false, terminal.New(os.Stderr)))
	defer c.Close()
	if err != nil {
		return err
	}
	if err := c.Start(ctx, cloud.StartOptions{InMemory: true}); err != nil {
		return err
	}
	if err := c.Serve(ctx); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = c.Environment()
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 3 * time.Second
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", command[0], err)
	}
	return nil
}
