package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/minim-dev/minim/infra/target"
)

// recording records the steps of a command, one of which may fail.
type recording struct {
	steps   []string
	failing int // the number of the step that fails, or 0
}

func (r *recording) note(name string) error {
	r.steps = append(r.steps, name)
	if len(r.steps) == r.failing {
		return errors.New(name + " failed")
	}
	return nil
}

func (r *recording) step(name string) step {
	return func(context.Context) error { return r.note(name) }
}

// stage is a stage to deploy.
type stage struct {
	elsewhere, deployed, protected bool
}

// deployment returns a deployment that records its steps.
func (s stage) deployment(r *recording) deployment {
	deployed := s.deployed
	d := deployment{
		newKey: func(context.Context) (string, error) {
			version := "first"
			if deployed {
				version = "v2"
			}
			return version, r.note("new key")
		},
		compile: func(_ context.Context, variables []string) (bool, error) {
			return s.protected, r.note("compile with " + strings.Join(variables, " "))
		},
		ready: r.step("ready"),
		deploy: func(context.Context) error {
			deployed = true
			return r.note("deploy")
		},
		protect: r.step("protect"), publish: r.step("publish"), completeRotation: r.step("complete rotation"), show: r.step("show"),
	}
	if s.elsewhere {
		d.edgeBefore = func(context.Context) ([]string, error) { return []string{"FIREWALL_ARN=arn:f"}, r.note("edge before") }
		d.edgeAfter = r.step("edge after")
	}
	return d
}

// TestDeployment runs the steps of each kind of deployment, once in full and once for each step that can fail:
// no step may run after it.
func TestDeployment(t *testing.T) {
	last := []string{"ready", "deploy", "protect", "publish", "complete rotation", "show"}
	once := func(version string) []string {
		return slices.Concat([]string{"new key", "compile with EDGE_KEY_VERSION=" + version}, last)
	}
	for name, test := range map[string]struct {
		stage stage
		want  []string
	}{
		"new":               {stage{}, once("first")},
		"again":             {stage{deployed: true}, once("v2")},
		"protected, new":    {stage{protected: true}, slices.Concat(once("first"), once("v2"))},
		"protected, again":  {stage{protected: true, deployed: true}, once("v2")},
		"in another region": {stage{elsewhere: true, deployed: true}, []string{"new key", "edge before", "compile with EDGE_KEY_VERSION=v2 FIREWALL_ARN=arn:f", "ready", "deploy", "edge after", "protect", "publish", "complete rotation", "show"}},
	} {
		t.Run(name, func(t *testing.T) {
			for failing := range len(test.want) + 1 {
				r := &recording{failing: failing}
				err := test.stage.deployment(r).run(t.Context())
				want := test.want
				if failing > 0 {
					want = want[:failing]
				}
				if !slices.Equal(r.steps, want) {
					t.Errorf("step %d fails: ran\n%s\nwant\n%s", failing, strings.Join(r.steps, "\n"), strings.Join(want, "\n"))
				}
				if failing == 0 && err != nil || failing > 0 && (err == nil || err.Error() != want[failing-1]+" failed") {
					t.Errorf("step %d fails: %v", failing, err)
				}
			}
		})
	}
}

// The stack is removed after its buckets are emptied, and before the second stack, which it refers to.
func TestTeardown(t *testing.T) {
	all := []string{"empty", "stack", "edge"}
	for failing := range len(all) + 1 {
		r := &recording{failing: failing}
		err := teardown{empty: r.step("empty"), removeStack: r.step("stack"), removeEdge: r.step("edge")}.run(t.Context())
		want := all
		if failing > 0 {
			want = all[:failing]
		}
		if (err != nil) != (failing > 0) || !slices.Equal(r.steps, want) {
			t.Errorf("step %d fails: %v after %v", failing, err, r.steps)
		}
	}
	r := &recording{}
	if err := (teardown{empty: r.step("empty"), removeStack: r.step("stack")}).run(t.Context()); err != nil || !slices.Equal(r.steps, all[:2]) {
		t.Errorf("in us-east-1: %v after %v", err, r.steps)
	}
}

func TestKnown(t *testing.T) {
	stages := fstest.MapFS{"dev.yml": {}, "prod.yml": {}, "local.yml": {}, "example.yml": {}, "notes.txt": {}}
	for name, ok := range map[string]bool{"dev": true, "prod": true, "local": false, "example": false, "notes": false, "": false} {
		err := known(stages, name)
		if (err == nil) != ok || err != nil && !strings.HasSuffix(err.Error(), "the stages are: dev, prod") {
			t.Errorf("stage %q: %v", name, err)
		}
	}
}

// outputs is a fake CloudFormation with one stack, which has these outputs.
type outputs map[string]string

func (o outputs) DescribeStacks(context.Context, *cloudformation.DescribeStacksInput, ...func(*cloudformation.Options)) (*cloudformation.DescribeStacksOutput, error) {
	found := types.Stack{StackStatus: types.StackStatusCreateComplete}
	for key, value := range o {
		found.Outputs = append(found.Outputs, types.Output{OutputKey: &key, OutputValue: &value})
	}
	return &cloudformation.DescribeStacksOutput{Stacks: []types.Stack{found}}, nil
}

func (outputs) ListStackResources(context.Context, *cloudformation.ListStackResourcesInput, ...func(*cloudformation.Options)) (*cloudformation.ListStackResourcesOutput, error) {
	return &cloudformation.ListStackResourcesOutput{}, nil
}

func TestEdgeVariables(t *testing.T) {
	for _, test := range []struct {
		outputs outputs
		want    []string
	}{
		{outputs{"Distribution": "E1"}, nil},
		{outputs{"FirewallArn": "arn:f", "Distribution": "E1"}, []string{"FIREWALL_ARN=arn:f"}},
		{outputs{"FirewallArn": "arn:f", "CertificateArn": "arn:c"}, []string{"CERTIFICATE_ARN=arn:c", "FIREWALL_ARN=arn:f"}},
	} {
		stack, err := target.Find(t.Context(), test.outputs, "minim-prod-us-east-1")
		if got := edgeVariables(stack); err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%v: %v, %v", test.outputs, got, err)
		}
	}
}
