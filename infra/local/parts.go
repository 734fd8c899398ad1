package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// runParts runs a command beside empty parts that have the tables, buckets and
// queues of the template. Its error is the command's.
func runParts(ctx context.Context, s settings) error {
	state, err := os.MkdirTemp("", "local-cloud-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(state)
	s.state = state
	c := &cloud{settings: s, say: tell(os.Stderr)}
	defer c.close()
	if err := c.load(); err != nil {
		return err
	}
	if err := c.planServices(); err != nil {
		return err
	}
	if err := c.start(ctx, "", true, map[string]recovery{}); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, s.args[0], s.args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = c.environment(c.endpoints())
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 3 * time.Second
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", s.args[0], err)
	}
	return nil
}
