// Package osls runs osls, which compiles both stacks of a stage and deploys the main one.
package osls

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

const (
	// EdgeRegion is the only region from which CloudFront accepts certificates, firewalls and log deliveries.
	EdgeRegion = "us-east-1"
	// Template is the compiled template of a stage.
	Template = compiled + "/cloudformation-template-update-stack.json"
	// EdgeTemplate is the compiled template of its second stack, in EdgeRegion.
	EdgeTemplate = compiledEdge + "/cloudformation-template-update-stack.json"

	compiled     = ".serverless"
	compiledEdge = "build/us-east-1"
)

// CLI runs osls for one stage in one region, in the root of the repository.
type CLI struct {
	path, stage, region string

	run   func(ctx context.Context, out io.Writer, env []string, name string, args ...string) error
	stamp func(folder string, at time.Time) error
	now   func() time.Time
}

// New returns a CLI. path is the osls program.
func New(path, stage, region string) *CLI {
	return &CLI{path: path, stage: stage, region: region, run: run, stamp: stamp, now: time.Now}
}

// Elsewhere reports whether the stage is outside EdgeRegion, and therefore has a second stack there.
func (c *CLI) Elsewhere() bool { return c.region != EdgeRegion }

// Package compiles the stack with these variables, NAME=VALUE, added to the environment. The same source produces
// the same bytes. The zips must exist.
func (c *CLI) Package(ctx context.Context, env []string) error {
	if err := c.osls(ctx, os.Stdout, env, "package", "--region", c.region); err != nil {
		return err
	}
	return c.stamp(compiled, time.Unix(0, 0))
}

// PackageEdge compiles the second stack. It must come before Package: osls empties Package's folder.
func (c *CLI) PackageEdge(ctx context.Context) error {
	return c.osls(ctx, os.Stdout, nil, "package", "--config", "serverless.us-east-1.yml", "--package", compiledEdge)
}

// Deploy deploys the stack that Package compiled. It prints the output of osls without the API's own addresses,
// which refuse all callers but CloudFront.
func (c *CLI) Deploy(ctx context.Context) error {
	if err := c.stamp(compiled, c.now()); err != nil {
		return err
	}
	out := &withoutEndpoints{out: os.Stdout}
	err := c.osls(ctx, out, nil, "deploy", "--region", c.region, "--package", compiled)
	if flushed := out.flush(); err == nil {
		err = flushed
	}
	return err
}

// Rollback deploys the templates and the code of an earlier deployment, by its time.
func (c *CLI) Rollback(ctx context.Context, at string) error {
	return c.osls(ctx, os.Stdout, nil, "rollback", "--region", c.region, "--timestamp", at)
}

// Remove deletes the stack.
func (c *CLI) Remove(ctx context.Context) error {
	return c.osls(ctx, os.Stdout, nil, "remove", "--region", c.region)
}

func (c *CLI) osls(ctx context.Context, out io.Writer, env []string, command string, args ...string) error {
	if err := c.run(ctx, out, env, c.path, append([]string{command, "--stage", c.stage}, args...)...); err != nil {
		return fmt.Errorf("osls %s: %w", command, err)
	}
	return nil
}

// run runs a program on this machine. When the context ends, it sends the program SIGTERM.
func run(ctx context.Context, out io.Writer, env []string, name string, args ...string) error {
	const shutdown = 10 * time.Second
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "SLS_TRACKING_DISABLED=1", "SLS_NOTIFICATIONS_MODE=off")
	cmd.Env = append(cmd.Env, env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, out, os.Stderr
	if _, piped := out.(*withoutEndpoints); piped {
		cmd.Stderr = out // osls prints its summary there
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = shutdown
	return cmd.Run()
}
