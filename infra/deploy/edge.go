package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/minim-dev/minim/infra/osls"
	"github.com/minim-dev/minim/infra/target"
)

// edge deploys the second stack of a stage: the resources that the first one needs from us-east-1 (infra/us-east-1.js).
//
// Before the first stack is deployed, edge adds new resources, removes none, since the first stack may still use
// them, and returns the variables that the compilation of the first stack needs. Afterwards, edge removes the old
// resources. The delivery of the access log begins once the first stack has a distribution.
func edge(ctx context.Context, cfg aws.Config, o options, before bool) (variables []string, err error) {
	wanted, err := os.ReadFile(osls.EdgeTemplate)
	if err != nil {
		return nil, err
	}
	first, _, err := present(ctx, cloudformation.NewFromConfig(cfg), o.stack())
	if err != nil {
		return nil, err
	}
	clouds := inEdgeRegion(cfg)
	stack, _, err := present(ctx, clouds, o.edgeStack())
	if err != nil {
		return nil, err
	}
	if err := deployable(stack, osls.EdgeRegion, o.stage); err != nil {
		return nil, err
	}
	var deployed []byte
	if stack.Status != "" {
		if deployed, err = body(ctx, clouds, stack.Name); err != nil {
			return nil, err
		}
	}
	distribution := first.Resource("Distribution")
	text, err := edgeTemplate(wanted, deployed, distribution, before)
	if err != nil {
		return nil, err
	}
	if text == nil { // no resources
		if before || stack.Status == "" {
			return nil, nil
		}
		return nil, discard(ctx, clouds, stack.Name)
	}
	if !bytes.Equal(text, deployed) || stack.Output("Distribution") != distribution {
		if err := apply(ctx, clouds, edgeChanges(stack, text, distribution, o)); err != nil {
			return nil, fmt.Errorf("deploy %s in %s: %w", stack.Name, osls.EdgeRegion, err)
		}
		fmt.Fprintf(os.Stderr, "deployed %s in %s\n", stack.Name, osls.EdgeRegion)
		if stack, err = target.Find(ctx, clouds, stack.Name); err != nil {
			return nil, err
		}
	}
	return edgeVariables(stack), nil
}

// edgeStack is the name of the stage's second stack.
func (o options) edgeStack() string { return o.stack() + "-" + osls.EdgeRegion }

func inEdgeRegion(cfg aws.Config) *cloudformation.Client {
	return cloudformation.NewFromConfig(cfg, func(c *cloudformation.Options) { c.Region = osls.EdgeRegion })
}

// edgeVariables returns the variables that infra/firewall.yml and infra/domain.yml read, as NAME=VALUE.
func edgeVariables(stack target.Stack) (variables []string) {
	for _, v := range [][2]string{{"CERTIFICATE_ARN", "CertificateArn"}, {"FIREWALL_ARN", "FirewallArn"}} {
		if arn := stack.Output(v[1]); arn != "" {
			variables = append(variables, v[0]+"="+arn)
		}
	}
	return variables
}

func edgeChanges(stack target.Stack, text []byte, distribution string, o options) *cloudformation.CreateChangeSetInput {
	changes := &cloudformation.CreateChangeSetInput{
		StackName: &stack.Name, ChangeSetName: aws.String("edge-" + strconv.FormatInt(time.Now().Unix(), 10)), ChangeSetType: types.ChangeSetTypeUpdate, TemplateBody: aws.String(string(text)),
		Parameters: []types.Parameter{{ParameterKey: aws.String("Distribution"), ParameterValue: &distribution}},
		Tags:       []types.Tag{{Key: aws.String("service"), Value: &o.service}, {Key: aws.String("stage"), Value: &o.stage}},
	}
	if stack.Status == "" {
		// A first deployment that fails leaves no stack behind, which would have to be removed by hand.
		changes.ChangeSetType, changes.OnStackFailure = types.ChangeSetTypeCreate, types.OnStackFailureDelete
	}
	return changes
}

// edgeTemplate returns the template to deploy, nil if it has no resources: the wanted template and, before the first
// stack's deployment, the deployed resources that are no longer wanted.
func edgeTemplate(wanted, deployed []byte, distribution string, before bool) ([]byte, error) {
	var t map[string]any
	if err := json.Unmarshal(wanted, &t); err != nil {
		return nil, fmt.Errorf("read the template for %s: %w", osls.EdgeRegion, err)
	}
	resources, _ := t["Resources"].(map[string]any)
	if resources == nil {
		resources = map[string]any{}
		t["Resources"] = resources
	}
	if before && deployed != nil {
		var old struct{ Resources map[string]any }
		if err := json.Unmarshal(deployed, &old); err != nil {
			return nil, fmt.Errorf("read the template that is deployed in %s: %w", osls.EdgeRegion, err)
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
	clouds := inEdgeRegion(cfg)
	if _, err := target.Find(ctx, clouds, o.edgeStack()); errors.Is(err, target.ErrNoStack) {
		return nil
	} else if err != nil {
		return err
	}
	return discard(ctx, clouds, o.edgeStack())
}

func discard(ctx context.Context, clouds *cloudformation.Client, stack string) error {
	_, err := clouds.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: &stack})
	if err == nil {
		quicker := func(o *cloudformation.StackDeleteCompleteWaiterOptions) { o.MinDelay = 2 * time.Second }
		err = cloudformation.NewStackDeleteCompleteWaiter(clouds, quicker).Wait(ctx, &cloudformation.DescribeStacksInput{StackName: &stack}, 30*time.Minute)
	}
	if err != nil {
		return fmt.Errorf("remove %[1]s (aws cloudformation delete-stack --region %[2]s --stack-name %[1]s): %[3]w", stack, osls.EdgeRegion, err)
	}
	fmt.Fprintf(os.Stderr, "removed %s in %s\n", stack, osls.EdgeRegion)
	return nil
}
