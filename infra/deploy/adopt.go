package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/minim-dev/minim/infra/osls"
)

// adopt imports the tables and buckets that an earlier stack kept into the stack of a stage, which it creates if
// necessary. It does not change them; the next deployment does.
func adopt(ctx context.Context, cfg aws.Config, o options) error {
	wanted, err := packaged(osls.Template)
	if err != nil {
		return err
	}
	clouds := cloudformation.NewFromConfig(cfg)
	stack, _, err := present(ctx, clouds, o.stack())
	if err != nil {
		return err
	}
	if err := deployable(stack, cfg.Region, o.stage); err != nil {
		return err
	}
	left, err := leftovers(ctx, cfg, stack, wanted)
	if err != nil {
		return err
	}
	if len(left) == 0 {
		fmt.Println("there is nothing to import")
		return nil
	}
	whole := map[string]any{"AWSTemplateFormatVersion": "2010-09-09"}
	if stack.Status != "" { // an import must not change existing resources
		if err := parsed(ctx, clouds, stack.Name, &whole); err != nil {
			return err
		}
	}
	text, imports, err := importing(whole, left)
	if err != nil {
		return err
	}
	err = apply(ctx, clouds, &cloudformation.CreateChangeSetInput{
		StackName: &stack.Name, ChangeSetName: aws.String("adopt"), ChangeSetType: types.ChangeSetTypeImport, TemplateBody: &text, ResourcesToImport: imports,
		Capabilities: []types.Capability{types.CapabilityCapabilityIam, types.CapabilityCapabilityNamedIam},
	})
	if err != nil {
		return fmt.Errorf("import into %s: %w", stack.Name, err)
	}
	for _, l := range left {
		fmt.Printf("%s now belongs to the stack %s\n", l.name, stack.Name)
	}
	fmt.Printf("deploy the rest: make deploy STAGE=%s\n", o.stage)
	return nil
}

// importing adds the imported resources to a template. A bucket gets only its name: its other properties may refer
// to resources that do not exist yet.
func importing(body map[string]any, left []leftover) (text string, imports []types.ResourceToImport, err error) {
	resources, ok := body["Resources"].(map[string]any)
	if !ok {
		resources = map[string]any{}
		body["Resources"] = resources
	}
	for _, l := range left {
		key, properties := "TableName", any(l.Properties)
		if l.Type == "AWS::S3::Bucket" {
			key, properties = "BucketName", map[string]string{"BucketName": l.name}
		}
		resources[l.id] = map[string]any{"Type": l.Type, "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", "Properties": properties}
		imports = append(imports, types.ResourceToImport{
			ResourceType: aws.String(l.Type), LogicalResourceId: aws.String(l.id), ResourceIdentifier: map[string]string{key: l.name},
		})
	}
	raw, err := json.Marshal(body)
	return string(raw), imports, err
}

// apply creates and executes a change set, and waits until the stack has changed.
func apply(ctx context.Context, clouds *cloudformation.Client, changes *cloudformation.CreateChangeSetInput) error {
	const most = 30 * time.Minute // which includes the validation of a certificate
	if _, err := clouds.CreateChangeSet(ctx, changes); err != nil {
		return err
	}
	stack := changes.StackName
	described := &cloudformation.DescribeChangeSetInput{StackName: stack, ChangeSetName: changes.ChangeSetName}
	prepared := cloudformation.NewChangeSetCreateCompleteWaiter(clouds, func(o *cloudformation.ChangeSetCreateCompleteWaiterOptions) { o.MinDelay = 2 * time.Second })
	if err := prepared.Wait(ctx, described, most); err != nil {
		got, failed := clouds.DescribeChangeSet(ctx, described)
		if failed != nil {
			return err
		}
		_, failed = clouds.DeleteChangeSet(ctx, &cloudformation.DeleteChangeSetInput{StackName: stack, ChangeSetName: changes.ChangeSetName})
		return errors.Join(errors.New(aws.ToString(got.StatusReason)), failed)
	}
	if _, err := clouds.ExecuteChangeSet(ctx, &cloudformation.ExecuteChangeSetInput{StackName: stack, ChangeSetName: changes.ChangeSetName}); err != nil {
		return err
	}
	changed := &cloudformation.DescribeStacksInput{StackName: stack}
	switch changes.ChangeSetType {
	case types.ChangeSetTypeImport:
		return cloudformation.NewStackImportCompleteWaiter(clouds, func(o *cloudformation.StackImportCompleteWaiterOptions) { o.MinDelay = 2 * time.Second }).Wait(ctx, changed, most)
	case types.ChangeSetTypeCreate:
		return cloudformation.NewStackCreateCompleteWaiter(clouds, func(o *cloudformation.StackCreateCompleteWaiterOptions) { o.MinDelay = 2 * time.Second }).Wait(ctx, changed, most)
	}
	return cloudformation.NewStackUpdateCompleteWaiter(clouds, func(o *cloudformation.StackUpdateCompleteWaiterOptions) { o.MinDelay = 2 * time.Second }).Wait(ctx, changed, most)
}
