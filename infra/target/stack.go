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
	// Name is the stack's, "minim-dev".
	Name string
	// Status is CloudFormation's word for how the last operation on it went, and Reason what it
	// says of that.
	Status types.StackStatus
	Reason string
	// Protected tells that the stack refuses to be removed.
	Protected bool

	outputs   map[string]string
	resources map[string]string
}

// Describer is what Find asks CloudFormation: a client of it, or a fake.
type Describer interface {
	DescribeStacks(ctx context.Context, in *cloudformation.DescribeStacksInput, options ...func(*cloudformation.Options)) (*cloudformation.DescribeStacksOutput, error)
	ListStackResources(ctx context.Context, in *cloudformation.ListStackResourcesInput, options ...func(*cloudformation.Options)) (*cloudformation.ListStackResourcesOutput, error)
}

// ErrNoStack is the error of Find for a stack that is not there.
var ErrNoStack = errors.New("there is no such stack: make deploy makes it")

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
				continue // it was of the stack
			}
			s.resources[aws.ToString(resource.LogicalResourceId)] = aws.ToString(resource.PhysicalResourceId)
		}
	}
	return s, nil
}

// Output is what the stack tells by that name, "" if nothing.
func (s Stack) Output(name string) string { return s.outputs[name] }

// Resource is the name or id that a resource got, by its id in the template, "" if
// there is none.
func (s Stack) Resource(id string) string { return s.resources[id] }
