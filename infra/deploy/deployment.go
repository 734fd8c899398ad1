package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/minim-dev/minim/infra/edgekey"
	"github.com/minim-dev/minim/infra/osls"
	"github.com/minim-dev/minim/infra/target"
)

type step = func(context.Context) error

// deployment deploys a stage. Each field is one step; run is their order.
type deployment struct {
	// newKey creates the next key that CloudFront sends to the API, and returns its version.
	newKey func(context.Context) (version string, err error)
	// edgeBefore deploys the resources in us-east-1 that the stack refers to, and returns the variables with their ARNs.
	// It is nil for a stage without a second stack there.
	edgeBefore func(context.Context) (variables []string, err error)
	// compile compiles the stack, with variables for its template. It reports whether its stage is protected.
	compile func(ctx context.Context, variables []string) (protected bool, err error)
	// ready fails if the deployment would fail, before the stack is changed.
	ready step
	// deploy has osls deploy the compiled stack.
	deploy step
	// edgeAfter deploys the resources in us-east-1 that refer to the stack, and removes those that the stack no longer
	// refers to. It is nil if edgeBefore is.
	edgeAfter step
	// protect switches on the stack's termination protection if its stage requires it.
	protect step
	// publish publishes the site.
	publish step
	// completeRotation removes the previous key once all edge locations send the new one.
	completeRotation step
	// show prints the address of the site.
	show step
}

// run deploys the stage. A protected stage is deployed twice the first time: a deployment that creates a table must
// be able to delete it when it fails, so only the second one protects it (infra/protection.js).
func (d deployment) run(ctx context.Context) error {
	again, err := d.once(ctx)
	if err != nil || !again {
		return err
	}
	fmt.Println("The first deployment is done. The second one protects the tables:")
	_, err = d.once(ctx)
	return err
}

// once deploys the stage, and reports whether it must be deployed again. It runs no step after one that failed; the
// next deployment begins anew.
func (d deployment) once(ctx context.Context) (again bool, err error) {
	version, err := d.newKey(ctx)
	if err != nil {
		return false, err
	}
	variables := []string{"EDGE_KEY_VERSION=" + version}
	if d.edgeBefore != nil {
		arns, err := d.edgeBefore(ctx)
		if err != nil {
			return false, err
		}
		variables = append(variables, arns...)
	}
	protected, err := d.compile(ctx, variables)
	if err != nil {
		return false, err
	}
	// The site is published before completeRotation, which may wait for CloudFront for a long time.
	return protected && version == edgekey.First, inOrder(ctx, d.ready, d.deploy, d.edgeAfter, d.protect, d.publish, d.completeRotation, d.show)
}

// inOrder runs steps until one fails. A step that is nil does nothing.
func inOrder(ctx context.Context, steps ...step) error {
	for _, s := range steps {
		if s == nil {
			continue
		}
		if err := s(ctx); err != nil {
			return err
		}
	}
	return nil
}

// newDeployment returns the deployment of a stage.
func newDeployment(cfg aws.Config, o options) deployment {
	clouds := cloudformation.NewFromConfig(cfg)
	cli := osls.New(o.osls, o.stage, cfg.Region)
	key := edgekey.New(cfg, o.stack(), func(message string) { fmt.Fprintln(os.Stderr, "deploy:", message) })
	d := deployment{
		newKey: key.Before,
		compile: func(ctx context.Context, variables []string) (bool, error) {
			if err := cli.Package(ctx, variables); err != nil {
				return false, err
			}
			t, err := packaged(osls.Template) // before osls removes it, after the deployment
			return t.protects(), err
		},
		ready:            func(ctx context.Context) error { return ready(ctx, cfg, o) },
		deploy:           cli.Deploy,
		protect:          func(ctx context.Context) error { return protectStack(ctx, clouds, o.stack()) },
		publish:          func(ctx context.Context) error { return site(ctx, "--stack", o.stack(), "--version", o.version) },
		completeRotation: key.After,
		show:             func(ctx context.Context) error { return show(ctx, clouds, o) },
	}
	if cli.Elsewhere() {
		d.edgeBefore = func(ctx context.Context) ([]string, error) {
			if err := cli.PackageEdge(ctx); err != nil {
				return nil, err
			}
			return edge(ctx, cfg, o, true)
		}
		d.edgeAfter = func(ctx context.Context) error {
			_, err := edge(ctx, cfg, o, false)
			return err
		}
	}
	return d
}

// site runs the command that publishes the site. The local cloud uses the same command.
func site(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "build/site", args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build/site: %w", err)
	}
	return nil
}

// show prints where the service is.
func show(ctx context.Context, clouds target.Describer, o options) error {
	stack, err := target.Find(ctx, clouds, o.stack())
	if err == nil {
		fmt.Printf("\n%s is at %s\nan API key: make key STAGE=%s OWNER=me\n", stack.Name, stack.Output("SiteUrl"), o.stage)
	}
	return err
}
