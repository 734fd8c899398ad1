package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/minim-dev/minim/infra/osls"
	"github.com/minim-dev/minim/infra/target"
)

// ready fails if the deployment would fail: at once and with advice, rather than after minutes and with a rollback.
func ready(ctx context.Context, cfg aws.Config, o options) error {
	wanted, err := packaged(osls.Template)
	if err != nil {
		return err
	}
	clouds := cloudformation.NewFromConfig(cfg)
	stack, deployed, err := present(ctx, clouds, o.stack())
	if err != nil {
		return err
	}
	if err := deployable(stack, cfg.Region, o.stage); err != nil {
		return err
	}
	facts := wanted.Metadata.Stage
	if facts == nil {
		return fmt.Errorf("%s does not describe its stage; run make package", osls.Template)
	}
	if err := alerted(*facts, o.stage); err != nil {
		return err
	}
	if err := quota(ctx, lambda.NewFromConfig(cfg), wanted.reserved()-deployed.reserved(), *facts, o.stage); err != nil {
		return err
	}
	if facts.Protect && stack.Status != "" { // only a report: the deployment may repair it
		if _, err := reportDrift(ctx, clouds, stack.Name, os.Stderr); err != nil {
			fmt.Fprintln(os.Stderr, "deploy:", err)
		}
	}
	left, err := leftovers(ctx, cfg, stack, wanted)
	if err != nil || len(left) == 0 {
		return err
	}
	var names []string
	for _, l := range left {
		names = append(names, l.name)
	}
	return fmt.Errorf("these exist, but do not belong to the stack %s:\n  %s\nThe stack is not deployed, because CloudFormation cannot create them again. "+
		"If an earlier stack kept them with your data, import them: make adopt STAGE=%s. Otherwise delete them",
		stack.Name, strings.Join(names, "\n  "), o.stage)
}

// alerted fails unless the stage's settings name a recipient of alarms, or none.
func alerted(facts stageFacts, stage string) error {
	if facts.AlertsEmail != "" {
		return nil
	}
	return fmt.Errorf("nobody would receive the alarms of %s: alerts.email in infra/stages/%[1]s.yml is empty. "+
		"Deploy with an address, make deploy STAGE=%[1]s ALERTS_EMAIL=ops@example.com, or with ALERTS_EMAIL=none", stage)
}

// present returns the deployed stack. A stack that does not exist yet has only a name.
func present(ctx context.Context, clouds *cloudformation.Client, name string) (target.Stack, template, error) {
	stack, err := target.Find(ctx, clouds, name)
	if errors.Is(err, target.ErrNoStack) {
		return target.Stack{Name: name}, template{}, nil
	}
	if err != nil || stack.Status == types.StackStatusReviewInProgress { // which has no template
		return stack, template{}, err
	}
	deployed, err := compiled(ctx, clouds, name)
	return stack, deployed, err
}

// deployable fails if a stack in this state cannot be deployed. The error describes what to do first.
func deployable(stack target.Stack, region, stage string) error {
	todo := ""
	switch stack.Status {
	case types.StackStatusRollbackComplete, types.StackStatusRollbackFailed, types.StackStatusCreateFailed, types.StackStatusDeleteFailed:
		todo = "it cannot be deployed any more. Remove it and start again: make remove STAGE=" + stage
	case types.StackStatusReviewInProgress:
		todo = "it was never created. Remove it and start again: aws cloudformation delete-stack --region " + region + " --stack-name " + stack.Name
	case types.StackStatusUpdateRollbackFailed:
		todo = "its rollback failed. Once the reason is fixed: aws cloudformation continue-update-rollback --region " + region + " --stack-name " + stack.Name
	default:
		if !strings.HasSuffix(string(stack.Status), "_IN_PROGRESS") {
			return nil
		}
		todo = "CloudFormation is changing it. Wait until that is done"
	}
	reason := ""
	if stack.Reason != "" {
		reason = " (" + stack.Reason + ")"
	}
	return fmt.Errorf("the stack %s is %s%s: %s", stack.Name, stack.Status, reason, todo)
}

// reserved returns the number of concurrent executions that the functions reserve.
func (t template) reserved() int32 {
	var sum int32
	for _, r := range t.Resources {
		var function struct{ ReservedConcurrentExecutions int32 }
		if r.Type == "AWS::Lambda::Function" && json.Unmarshal(r.Properties, &function) == nil {
			sum += function.ReservedConcurrentExecutions
		}
	}
	return sum
}

// shared is the number of concurrent executions that Lambda keeps for functions without a reservation; all of them
// in an account that has fewer.
const shared = 100

type accountSettings interface {
	GetAccountSettings(ctx context.Context, in *lambda.GetAccountSettingsInput, options ...func(*lambda.Options)) (*lambda.GetAccountSettingsOutput, error)
}

// readLimits returns the account's limits. In Lambda's answer they are optional, although they were never missing.
func readLimits(ctx context.Context, functions accountSettings) (*lambdatypes.AccountLimit, error) {
	got, err := functions.GetAccountSettings(ctx, &lambda.GetAccountSettingsInput{})
	if err == nil && got.AccountLimit == nil {
		err = errors.New("Lambda returned no limits")
	}
	if err != nil {
		return nil, err
	}
	return got.AccountLimit, nil
}

// quota fails if the account has fewer concurrent executions than the stage expects, or cannot reserve
// so many more of them. If the quota cannot be read, it prints a warning and returns nil:
// CloudFormation checks it as well.
func quota(ctx context.Context, functions accountSettings, more int32, facts stageFacts, stage string) error {
	limits, err := readLimits(ctx, functions)
	if err != nil {
		fmt.Fprintln(os.Stderr, "deploy: warning: cannot read the account's quota of concurrent executions:", err)
		return nil
	}
	const ask = "Ask for more (Service Quotas, AWS Lambda, Concurrent executions)"
	all, free := limits.ConcurrentExecutions, aws.ToInt32(limits.UnreservedConcurrentExecutions)
	switch expected := facts.AccountConcurrency; {
	case all < expected:
		return fmt.Errorf("infra/stages/%s.yml expects an account with %d concurrent executions (accountConcurrency), and this one has %d: "+
			"background work could take all of them, and visitors would get 503. %s, or deploy with the quota that the account has: accountConcurrency: %[3]d, concurrency: {}",
			stage, expected, all, ask)
	case all > expected:
		fmt.Fprintf(os.Stderr, "deploy: the account has %d concurrent executions, and infra/stages/%s.yml uses %d (accountConcurrency)\n", all, stage, expected)
	}
	left := max(0, free-min(shared, all))
	if more <= left {
		return nil
	}
	return fmt.Errorf("infra/stages/%s.yml reserves %d more concurrent executions than now (concurrency), and the account can reserve %d: "+
		"of its %d, %d are unreserved, and Lambda keeps %d of those for functions that reserve none. %s, or reserve fewer: concurrency: {}",
		stage, more, left, all, free, min(shared, all), ask)
}
