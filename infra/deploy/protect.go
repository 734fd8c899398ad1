package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/minim-dev/minim/infra/target"
)

// protector is the part of CloudFormation that protects a stack from removal.
type protector interface {
	UpdateTerminationProtection(ctx context.Context, in *cloudformation.UpdateTerminationProtectionInput, options ...func(*cloudformation.Options)) (*cloudformation.UpdateTerminationProtectionOutput, error)
}

// protectStack protects a deployed stack.
func protectStack(ctx context.Context, clouds *cloudformation.Client, name string) error {
	stack, err := target.Find(ctx, clouds, name)
	if err != nil {
		return err
	}
	deployed, err := compiled(ctx, clouds, name)
	if err != nil {
		return err
	}
	return protect(ctx, clouds, stack, deployed)
}

// protect switches on a stack's termination protection if the template belongs to a protected stage. It never
// switches it off: a person may have switched it on.
func protect(ctx context.Context, clouds protector, stack target.Stack, t template) error {
	if !t.protects() || stack.Protected {
		return nil
	}
	_, err := clouds.UpdateTerminationProtection(ctx, &cloudformation.UpdateTerminationProtectionInput{StackName: &stack.Name, EnableTerminationProtection: aws.Bool(true)})
	if err != nil {
		return fmt.Errorf("protect %s from removal: %w", stack.Name, err)
	}
	return nil
}
