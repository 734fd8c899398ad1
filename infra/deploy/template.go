package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// template is the part of a template that this command reads.
type template struct {
	Metadata  struct{ Stage *stageFacts }
	Resources map[string]resource
}

// stageFacts are the settings of the stage that infra/stage.js writes into the template.
type stageFacts struct {
	// AccountConcurrency is the quota of concurrent executions that the stage expects.
	AccountConcurrency int32 `json:"accountConcurrency"`
	// AlertsEmail is the address that alarms are sent to, or "none".
	AlertsEmail string `json:"alertsEmail"`
	// Protect reports whether the stack and its tables are protected from deletion.
	Protect bool `json:"protect"`
}

type resource struct {
	Type           string
	DeletionPolicy string
	Properties     json.RawMessage
}

// protects reports whether the template is that of a protected stage.
func (t template) protects() bool { return t.Metadata.Stage != nil && t.Metadata.Stage.Protect }

// packaged reads the template that is about to be deployed.
func packaged(file string) (template, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return template{}, err
	}
	var t template
	if err := json.Unmarshal(raw, &t); err != nil {
		return template{}, fmt.Errorf("read %s: %w", file, err)
	}
	return t, nil
}

// templates is the part of CloudFormation's API that returns templates.
type templates interface {
	GetTemplate(ctx context.Context, in *cloudformation.GetTemplateInput, options ...func(*cloudformation.Options)) (*cloudformation.GetTemplateOutput, error)
}

// body returns the text of a stack's deployed template.
func body(ctx context.Context, clouds templates, stack string) ([]byte, error) {
	got, err := clouds.GetTemplate(ctx, &cloudformation.GetTemplateInput{StackName: &stack, TemplateStage: types.TemplateStageOriginal})
	if err != nil {
		return nil, fmt.Errorf("read the template of %s: %w", stack, err)
	}
	return []byte(aws.ToString(got.TemplateBody)), nil
}

// parsed decodes a stack's deployed template.
func parsed(ctx context.Context, clouds templates, stack string, into any) error {
	text, err := body(ctx, clouds, stack)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("read the template of %s: %w", stack, err)
	}
	return nil
}

// compiled returns a stack's deployed template.
func compiled(ctx context.Context, clouds templates, stack string) (t template, err error) {
	err = parsed(ctx, clouds, stack, &t)
	return t, err
}

// directory returns the folder of the deployment bucket with the functions' code, "" before the first deployment
// of functions.
func (t template) directory() string {
	for _, resource := range t.Resources {
		var function struct {
			Code struct{ S3Key string }
		}
		if resource.Type == "AWS::Lambda::Function" && json.Unmarshal(resource.Properties, &function) == nil && function.Code.S3Key != "" {
			return path.Base(path.Dir(function.Code.S3Key))
		}
	}
	return ""
}
