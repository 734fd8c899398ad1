package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/minim-dev/minim/infra/osls"
	"github.com/minim-dev/minim/infra/target"
)

// teardown removes a stage. Each field is one step; run is their order.
type teardown struct {
	// empty asks for confirmation and empties the buckets: CloudFormation does not delete buckets with contents.
	empty step
	// removeStack deletes the stack.
	removeStack step
	// removeEdge deletes the second stack, to which the first one refers. It is nil for a stage in us-east-1.
	removeEdge step
}

func (t teardown) run(ctx context.Context) error {
	return inOrder(ctx, t.empty, t.removeStack, t.removeEdge)
}

// newTeardown returns the removal of a stage.
func newTeardown(cfg aws.Config, o options) teardown {
	cli := osls.New(o.osls, o.stage, cfg.Region)
	t := teardown{
		empty: func(ctx context.Context) error {
			clouds := cloudformation.NewFromConfig(cfg)
			stack, err := target.Find(ctx, clouds, o.stack())
			if err != nil {
				return err
			}
			deployed, err := compiled(ctx, clouds, stack.Name)
			if err != nil {
				return err
			}
			return emptyBuckets(ctx, s3.NewFromConfig(cfg), o, plan(stack, deployed))
		},
		removeStack: cli.Remove,
	}
	if cli.Elsewhere() {
		t.removeEdge = func(ctx context.Context) error { return removeEdge(ctx, cfg, o) }
	}
	return t
}
