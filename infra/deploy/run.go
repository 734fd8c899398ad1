package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"github.com/minim-dev/minim/infra/account"
)

func run(ctx context.Context, command string, o options) error {
	cfg, err := account.Config(ctx)
	if err != nil {
		return err
	}
	switch command {
	case "check":
		return check(ctx, cfg)
	case "code":
		return update(ctx, lambda.NewFromConfig(cfg), o.function, o.zip)
	case "ready":
		return ready(ctx, cfg, o)
	case "adopt":
		return adopt(ctx, cfg, o)
	case "edge":
		return edge(ctx, cfg, o)
	case "edge-remove":
		return removeEdge(ctx, cfg, o)
	}
	clouds := cloudformation.NewFromConfig(cfg)
	stack, err := account.Find(ctx, clouds, o.service+"-"+o.stage)
	if err != nil {
		return err
	}
	switch command {
	case "drift":
		count, err := tellDrift(ctx, clouds, stack.Name, os.Stdout)
		if err == nil && count > 0 {
			err = fmt.Errorf("%d resources have drifted; docs/deploy.md tells what to do", count)
		}
		return err
	case "show":
		fmt.Printf("\n%s is at %s\nan API key: make key STAGE=%s OWNER=me\n", stack.Name, stack.Output("SiteUrl"), o.stage)
		return nil
	case "list", "previous", "empty", "protect":
	default:
		return fmt.Errorf("unknown command %s", command)
	}
	deployed, err := compiled(ctx, clouds, stack.Name)
	if err != nil {
		return err
	}
	if command == "protect" {
		return protect(ctx, clouds, stack, deployed)
	}
	store := s3.NewFromConfig(cfg)
	if command == "empty" {
		return proceed(ctx, store, o, plan(stack, deployed))
	}
	all, err := deployments(ctx, store, stack.Resource("ServerlessDeploymentBucket"), o.service+"/"+o.stage)
	if err != nil {
		return err
	}
	current := deployed.directory()
	tell(os.Stderr, all, current)
	if command == "previous" {
		chosen, err := choose(all, current, o.to)
		if err == nil {
			fmt.Println(chosen.told())
		}
		return err
	}
	return nil
}

// protector is the part of CloudFormation that protects a stack from removal.
type protector interface {
	UpdateTerminationProtection(ctx context.Context, in *cloudformation.UpdateTerminationProtectionInput, options ...func(*cloudformation.Options)) (*cloudformation.UpdateTerminationProtectionOutput, error)
}

// protect switches on a stack's termination protection if the template says that its stage is
// protected. It never switches it off, since somebody may have switched it on by hand.
func protect(ctx context.Context, clouds protector, stack account.Stack, t template) error {
	if t.Metadata.Stage == nil || !t.Metadata.Stage.Protect || stack.Protected {
		return nil
	}
	_, err := clouds.UpdateTerminationProtection(ctx, &cloudformation.UpdateTerminationProtectionInput{StackName: &stack.Name, EnableTerminationProtection: aws.Bool(true)})
	if err != nil {
		return fmt.Errorf("protect %s from removal: %w", stack.Name, err)
	}
	return nil
}

// check tells who is signed in, before anything is built or asked.
func check(ctx context.Context, cfg aws.Config) error {
	who, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	var refused smithy.APIError
	if errors.As(err, &refused) {
		return fmt.Errorf("no AWS credentials: those that are set are not accepted: %w", err)
	}
	if err != nil {
		return fmt.Errorf("AWS does not answer: %w", err)
	}
	fmt.Fprintf(os.Stderr, "account %s, region %s, as %s\n", aws.ToString(who.Account), cfg.Region, aws.ToString(who.Arn))
	return nil
}
