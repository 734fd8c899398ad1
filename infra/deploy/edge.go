package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/minim-dev/minim/infra/account"
)

// edgeRegion is the only region from which CloudFront takes certificates, firewalls and log deliveries.
const edgeRegion = "us-east-1"

// edge deploys the second stack of a stage, for what the first one needs from us-east-1 (infra/us-east-1.js).
//
// Before the first stack is deployed, edge adds what is new and removes nothing, since the first stack may
// still use it, and prints the variables that compiling the first stack needs. After it, edge removes what is
// old. The delivery of the access log begins once the first stack has a distribution.
func edge(ctx context.Context, cfg aws.Config, o options) error {
	wanted, err := os.ReadFile(o.template)
	if err != nil {
		return err
	}
	name := o.service + "-" + o.stage
	first, _, err := present(ctx, cloudformation.NewFromConfig(cfg), name)
	if err != nil {
		return err
	}
	clouds := cloudformation.NewFromConfig(cfg, func(c *cloudformation.Options) { c.Region = edgeRegion })
	stack, _, err := present(ctx, clouds, name+"-"+edgeRegion)
	if err != nil {
		return err
	}
	if err := standing(stack, edgeRegion, o.stage); err != nil {
		return err
	}
	var deployed []byte
	if stack.Status != "" {
		if deployed, err = body(ctx, clouds, stack.Name); err != nil {
			return err
		}
	}
	distribution := first.Resource("Distribution")
	text, err := edgeTemplate(wanted, deployed, distribution, o.before)
	if err != nil {
		return err
	}
	if text == nil { // nothing to make
		if o.before || stack.Status == "" {
			return nil
		}
		return discard(ctx, clouds, stack.Name)
	}
	if !bytes.Equal(text, deployed) || stack.Output("Distribution") != distribution {
		if err := apply(ctx, clouds, edgeChanges(stack, text, distribution, o)); err != nil {
			return fmt.Errorf("deploy %s in %s: %w", stack.Name, edgeRegion, err)
		}
		fmt.Fprintf(os.Stderr, "deployed %s in %s\n", stack.Name, edgeRegion)
		if stack, err = account.Find(ctx, clouds, stack.Name); err != nil {
			return err
		}
	}
	if o.before {
		fmt.Print(edgeVariables(stack))
	}
	return nil
}

// edgeVariables are what infra/firewall.yml and infra/domain.yml read.
func edgeVariables(stack account.Stack) string {
	var b strings.Builder
	for _, v := range [][2]string{{"CERTIFICATE_ARN", "CertificateArn"}, {"FIREWALL_ARN", "FirewallArn"}} {
		if arn := stack.Output(v[1]); arn != "" {
			fmt.Fprintf(&b, "%s=%s\n", v[0], arn)
		}
	}
	return b.String()
}

func edgeChanges(stack account.Stack, text []byte, distribution string, o options) *cloudformation.CreateChangeSetInput {
	changes := &cloudformation.CreateChangeSetInput{
		StackName: &stack.Name, ChangeSetName: aws.String("edge-" + strconv.FormatInt(time.Now().Unix(), 10)), ChangeSetType: types.ChangeSetTypeUpdate, TemplateBody: aws.String(string(text)),
		Parameters: []types.Parameter{{ParameterKey: aws.String("Distribution"), ParameterValue: &distribution}},
		Tags:       []types.Tag{{Key: aws.String("service"), Value: &o.service}, {Key: aws.String("stage"), Value: &o.stage}},
	}
	if stack.Status == "" {
		// A first deployment that fails leaves no stack behind, which only a removal could end.
		changes.ChangeSetType, changes.OnStackFailure = types.ChangeSetTypeCreate, types.OnStackFailureDelete
	}
	return changes
}

// edgeTemplate is the template to deploy, nil when it would make nothing: the wanted one, and before the first
// stack's deployment also the resources that are deployed and no longer wanted.
func edgeTemplate(wanted, deployed []byte, distribution string, before bool) ([]byte, error) {
	var t map[string]any
	if err := json.Unmarshal(wanted, &t); err != nil {
		return nil, fmt.Errorf("read the template for %s: %w", edgeRegion, err)
	}
	resources, _ := t["Resources"].(map[string]any)
	if resources == nil {
		resources = map[string]any{}
		t["Resources"] = resources
	}
	if before && deployed != nil {
		var old struct{ Resources map[string]any }
		if err := json.Unmarshal(deployed, &old); err != nil {
			return nil, fmt.Errorf("read the template that is deployed in %s: %w", edgeRegion, err)
		}
		for id, resource := range old.Resources {
			if _, ok := resources[id]; !ok {
				resources[id] = resource
			}
		}
	}
	for _, resource := range resources {
		if r, _ := resource.(map[string]any); r["Condition"] == nil || distribution != "" {
			return json.Marshal(t)
		}
	}
	return nil, nil
}

// removeEdge removes the second stack, if there is one.
func removeEdge(ctx context.Context, cfg aws.Config, o options) error {
	clouds := cloudformation.NewFromConfig(cfg, func(c *cloudformation.Options) { c.Region = edgeRegion })
	name := o.service + "-" + o.stage + "-" + edgeRegion
	if _, err := account.Find(ctx, clouds, name); errors.Is(err, account.ErrNoStack) {
		return nil
	} else if err != nil {
		return err
	}
	return discard(ctx, clouds, name)
}

func discard(ctx context.Context, clouds *cloudformation.Client, stack string) error {
	_, err := clouds.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: &stack})
	if err == nil {
		quicker := func(o *cloudformation.StackDeleteCompleteWaiterOptions) { o.MinDelay = 2 * time.Second }
		err = cloudformation.NewStackDeleteCompleteWaiter(clouds, quicker).Wait(ctx, &cloudformation.DescribeStacksInput{StackName: &stack}, 30*time.Minute)
	}
	if err != nil {
		return fmt.Errorf("remove %[1]s (aws cloudformation delete-stack --region %[2]s --stack-name %[1]s): %[3]w", stack, edgeRegion, err)
	}
	fmt.Fprintf(os.Stderr, "removed %s in %s\n", stack, edgeRegion)
	return nil
}
