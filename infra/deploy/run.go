package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"github.com/minim-dev/minim/infra/osls"
	"github.com/minim-dev/minim/infra/target"
)

// stack is the name of the stage's stack.
func (o options) stack() string { return o.service + "-" + o.stage }

func run(ctx context.Context, command string, o options) error {
	if err := known(os.DirFS("infra/stages"), o.stage); err != nil {
		return err
	}
	cfg, err := target.Config(ctx)
	if err != nil {
		return err
	}
	clouds := cloudformation.NewFromConfig(cfg)
	switch command {
	case "check":
		return check(ctx, cfg)
	case "deploy":
		if o.function != "" {
			return update(ctx, lambda.NewFromConfig(cfg), o.stack()+"-"+o.function, "build/"+o.function+".zip")
		}
		return newDeployment(cfg, o).run(ctx)
	case "deployments":
		if _, _, err := history(ctx, cfg, o); err != nil {
			return err
		}
		return site(ctx, "--stack", o.stack(), "--list")
	case "rollback-site":
		return site(ctx, "--stack", o.stack(), "--rollback", "--version", o.to)
	case "rollback":
		return rollback(ctx, cfg, o)
	case "remove":
		return newTeardown(cfg, o).run(ctx)
	case "adopt":
		// Tables and buckets do not refer to the second stack, and a removed stage leaves nothing in us-east-1.
		if err := osls.New(o.osls, o.stage, cfg.Region).Package(ctx, []string{"FIREWALL_ARN=none", "CERTIFICATE_ARN=none"}); err != nil {
			return err
		}
		return adopt(ctx, cfg, o)
	case "drift":
		stack, err := target.Find(ctx, clouds, o.stack())
		if err != nil {
			return err
		}
		count, err := reportDrift(ctx, clouds, stack.Name, os.Stdout)
		if err == nil && count > 0 {
			err = fmt.Errorf("%d resources have drifted; docs/deploy.md describes what to do", count)
		}
		return err
	}
	return fmt.Errorf("unknown command %s", command)
}

// known fails if a stage has no settings, or is not for AWS.
func known(stages fs.FS, stage string) error {
	files, err := fs.Glob(stages, "*.yml")
	if err != nil {
		return err
	}
	var all []string
	for _, file := range files {
		if name := strings.TrimSuffix(file, ".yml"); name != "local" && name != "example" {
			all = append(all, name)
		}
	}
	if !slices.Contains(all, stage) {
		return fmt.Errorf("there is no stage %s for AWS; the stages are: %s", stage, strings.Join(all, ", "))
	}
	return nil
}

// check prints the account and the identity of the credentials. It runs before all steps that take time.
func check(ctx context.Context, cfg aws.Config) error {
	who, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	var refused smithy.APIError
	if errors.As(err, &refused) {
		return fmt.Errorf("AWS rejects the credentials; sign in again or set others: %w", err)
	}
	if err != nil {
		return fmt.Errorf("AWS does not answer: %w", err)
	}
	fmt.Fprintf(os.Stderr, "account %s, region %s, as %s\n", aws.ToString(who.Account), cfg.Region, aws.ToString(who.Arn))
	return nil
}

// rollback restores the deployment before the current one, or that of --to.
func rollback(ctx context.Context, cfg aws.Config, o options) error {
	all, current, err := history(ctx, cfg, o)
	if err != nil {
		return err
	}
	chosen, err := choose(all, current, o.to)
	if err != nil {
		return err
	}
	return osls.New(o.osls, o.stage, cfg.Region).Rollback(ctx, chosen.timestamp())
}
