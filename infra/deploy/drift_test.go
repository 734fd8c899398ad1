package main

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/google/go-cmp/cmp"
)

// comparison is a fake CloudFormation that returns these statuses, one after the other.
type comparison struct {
	t        *testing.T
	statuses []types.StackDriftDetectionStatus
}

func (c *comparison) DetectStackDrift(_ context.Context, in *cloudformation.DetectStackDriftInput, _ ...func(*cloudformation.Options)) (*cloudformation.DetectStackDriftOutput, error) {
	if *in.StackName != "minim-prod" {
		c.t.Errorf("the stack is %s", *in.StackName)
	}
	return &cloudformation.DetectStackDriftOutput{StackDriftDetectionId: aws.String("d1")}, nil
}

func (c *comparison) DescribeStackDriftDetectionStatus(_ context.Context, in *cloudformation.DescribeStackDriftDetectionStatusInput, _ ...func(*cloudformation.Options)) (*cloudformation.DescribeStackDriftDetectionStatusOutput, error) {
	status := c.statuses[0]
	c.statuses = c.statuses[1:]
	return &cloudformation.DescribeStackDriftDetectionStatusOutput{DetectionStatus: status, DetectionStatusReason: aws.String("denied: " + *in.StackDriftDetectionId)}, nil
}

func (c *comparison) DescribeStackResourceDrifts(_ context.Context, in *cloudformation.DescribeStackResourceDriftsInput, _ ...func(*cloudformation.Options)) (*cloudformation.DescribeStackResourceDriftsOutput, error) {
	if len(c.statuses) > 0 {
		c.t.Error("the result is read before there is one")
	}
	if in.NextToken == nil {
		return &cloudformation.DescribeStackResourceDriftsOutput{NextToken: aws.String("more"), StackResourceDrifts: []types.StackResourceDrift{{
			LogicalResourceId: aws.String("ClicksQueue"), PhysicalResourceId: aws.String("minim-prod-clicks"), StackResourceDriftStatus: types.StackResourceDriftStatusModified,
			PropertyDifferences: []types.PropertyDifference{
				{PropertyPath: aws.String("/VisibilityTimeout"), ActualValue: aws.String("secret")}, {PropertyPath: aws.String("/RedrivePolicy/maxReceiveCount")},
			},
		}}}, nil
	}
	return &cloudformation.DescribeStackResourceDriftsOutput{StackResourceDrifts: []types.StackResourceDrift{{
		LogicalResourceId: aws.String("ApiErrorsAlarm"), PhysicalResourceId: aws.String("a1"), StackResourceDriftStatus: types.StackResourceDriftStatusDeleted}}}, nil
}

func TestDrift(t *testing.T) {
	want := []string{"ApiErrorsAlarm (a1) deleted", "ClicksQueue (minim-prod-clicks) changed: VisibilityTimeout, RedrivePolicy/maxReceiveCount"}
	for _, test := range []struct {
		name     string
		statuses []types.StackDriftDetectionStatus
		err      string
	}{
		{"compared", []types.StackDriftDetectionStatus{"DETECTION_IN_PROGRESS", "DETECTION_IN_PROGRESS", "DETECTION_COMPLETE"}, ""},
		{"compared in part", []types.StackDriftDetectionStatus{"DETECTION_FAILED"}, "denied: d1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := drifted(t.Context(), &comparison{t, test.statuses}, "minim-prod", 0)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if (err == nil) != (test.err == "") || err != nil && err.Error() != test.err {
				t.Errorf("err = %v, want %q", err, test.err)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := drifted(ctx, &comparison{t, []types.StackDriftDetectionStatus{"DETECTION_IN_PROGRESS"}}, "minim-prod", 1<<40); err == nil {
		t.Error("it cannot be interrupted")
	}
}
