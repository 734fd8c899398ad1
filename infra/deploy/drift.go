package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// drifts is the part of CloudFormation that compares a stack with its resources.
type drifts interface {
	DetectStackDrift(ctx context.Context, in *cloudformation.DetectStackDriftInput, options ...func(*cloudformation.Options)) (*cloudformation.DetectStackDriftOutput, error)
	DescribeStackDriftDetectionStatus(ctx context.Context, in *cloudformation.DescribeStackDriftDetectionStatusInput, options ...func(*cloudformation.Options)) (*cloudformation.DescribeStackDriftDetectionStatusOutput, error)
	cloudformation.DescribeStackResourceDriftsAPIClient
}

// drifted returns the resources of a stack that were changed or deleted by hand, with the properties that
// differ. If some resources could not be compared, it returns an error together with the others.
func drifted(ctx context.Context, clouds drifts, stack string, pause time.Duration) ([]string, error) {
	begun, err := clouds.DetectStackDrift(ctx, &cloudformation.DetectStackDriftInput{StackName: &stack})
	if err != nil {
		return nil, err
	}
	var status *cloudformation.DescribeStackDriftDetectionStatusOutput
	for status == nil || status.DetectionStatus == types.StackDriftDetectionStatusDetectionInProgress {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
		status, err = clouds.DescribeStackDriftDetectionStatus(ctx, &cloudformation.DescribeStackDriftDetectionStatusInput{StackDriftDetectionId: begun.StackDriftDetectionId})
		if err != nil {
			return nil, err
		}
	}
	var found []string
	pages := cloudformation.NewDescribeStackResourceDriftsPaginator(clouds, &cloudformation.DescribeStackResourceDriftsInput{
		StackName:                       &stack,
		StackResourceDriftStatusFilters: []types.StackResourceDriftStatus{types.StackResourceDriftStatusModified, types.StackResourceDriftStatusDeleted},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range page.StackResourceDrifts {
			found = append(found, difference(r))
		}
	}
	slices.Sort(found)
	if status.DetectionStatus == types.StackDriftDetectionStatusDetectionFailed {
		err = errors.New(aws.ToString(status.DetectionStatusReason))
	}
	return found, err
}

// difference describes the drift of one resource. It contains no values, which may be secrets.
func difference(r types.StackResourceDrift) string {
	what := "deleted"
	if r.StackResourceDriftStatus != types.StackResourceDriftStatusDeleted {
		var paths []string
		for _, d := range r.PropertyDifferences {
			paths = append(paths, strings.TrimPrefix(aws.ToString(d.PropertyPath), "/"))
		}
		what = "changed: " + strings.Join(paths, ", ")
	}
	return fmt.Sprintf("%s (%s) %s", aws.ToString(r.LogicalResourceId), aws.ToString(r.PhysicalResourceId), what)
}

// reportDrift prints the resources that have drifted, and returns their number.
func reportDrift(ctx context.Context, clouds drifts, stack string, out io.Writer) (int, error) {
	const pause = 3 * time.Second
	fmt.Fprintf(os.Stderr, "deploy: comparing %s with its resources, which takes a few minutes\n", stack)
	found, err := drifted(ctx, clouds, stack, pause)
	if len(found) > 0 {
		fmt.Fprintf(out, "These resources of %s were changed outside CloudFormation:\n  %s\n", stack, strings.Join(found, "\n  "))
	}
	if err != nil {
		return len(found), fmt.Errorf("drift of %s: not all resources could be compared: %w", stack, err)
	}
	return len(found), nil
}
