package target

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"
)

// Stack is a deployed stack.
type Stack struct {
	// Name is the stack's name, such as "minim-dev".
	Name string
	// Status is the stack's status in CloudFormation after the last operation, and Reason the
	// explanation of it.
	Status types.StackStatus
	Reason string
	// Protected reports whether termination protection is on.
	Protected bool

	outputs   map[string]string
	resources map[string]string
}

// Describer is the part of CloudFormation's API that Find uses.
type Describer interface {
	DescribeStacks(ctx context.Context, in *cloudformation.DescribeStacksInput, options ...func(*cloudformation.Options)) (*cloudformation.DescribeStacksOutput, error)
	ListStackResources(ctx context.Context, in *cloudformation.ListStackResourcesInput, options ...func(*cloudformation.Options)) (*cloudformation.ListStackResourcesOutput, error)
}

// ErrNoStack is Find's error for a stack that does not exist.
var ErrNoStack = errors.New("there is no such stack; make deploy creates it")

// Find describes a stack.
func Find(ctx context.Context, cloud Describer, name string) (Stack, error) {
	s := Stack{Name: name, outputs: map[string]string{}, resources: map[string]string{}}
	found, err := cloud.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String(name)})
	var api smithy.APIError
	switch {
	case errors.As(err, &api) && api.ErrorCode() == "ValidationError":
		return Stack{}, fmt.Errorf("%s: %w", name, ErrNoStack)
	case err != nil:
		return Stack{}, fmt.Errorf("find the stack %s: %w", name, err)
	case len(found.Stacks) == 0:
		return Stack{}, fmt.Errorf("%s: %w", name, ErrNoStack)
	}
	s.Status, s.Reason = found.Stacks[0].StackStatus, aws.ToString(found.Stacks[0].StackStatusReason)
	s.Protected = aws.ToBool(found.Stacks[0].EnableTerminationProtection)
	for _, output := range found.Stacks[0].Outputs {
		s.outputs[aws.ToString(output.OutputKey)] = aws.ToString(output.OutputValue)
	}
	pages := cloudformation.NewListStackResourcesPaginator(cloud, &cloudformation.ListStackResourcesInput{StackName: aws.String(name)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return Stack{}, fmt.Errorf("list the resources of %s: %w", name, err)
		}
		for _, resource := range page.StackResourceSummaries {
			if status := resource.ResourceStatus; status == types.ResourceStatusDeleteComplete || status == types.ResourceStatusDeleteSkipped {
				continue // it no longer belongs to the stack
			}
			s.resources[aws.ToString(resource.LogicalResourceId)] = aws.ToString(resource.PhysicalResourceId)
		}
	}
	return s, nil
}

// Output returns the stack's output of that name, "" if there is none.
func (s Stack) Output(name string) string { return s.outputs[name] }

// Resource returns the physical ID of a resource by its logical ID, "" if there
// is none.
func (s Stack) Resource(id string) string { return s.resources[id] }
