package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/minim-dev/minim/infra/target"
)

func TestDeployable(t *testing.T) {
	for _, test := range []struct {
		status types.StackStatus
		says   string // "" for a stack that can be deployed
	}{
		{"", ""},
		{types.StackStatusCreateComplete, ""},
		{types.StackStatusUpdateComplete, ""},
		{types.StackStatusUpdateRollbackComplete, ""},
		{types.StackStatusImportComplete, ""},
		{types.StackStatusRollbackComplete, "make remove STAGE=dev"},
		{types.StackStatusRollbackFailed, "make remove STAGE=dev"},
		{types.StackStatusDeleteFailed, "make remove STAGE=dev"},
		{types.StackStatusReviewInProgress, "aws cloudformation delete-stack --region us-east-1 --stack-name minim-dev"},
		{types.StackStatusUpdateRollbackFailed, "aws cloudformation continue-update-rollback --region us-east-1 --stack-name minim-dev"},
		{types.StackStatusUpdateInProgress, "Wait"},
		{types.StackStatusUpdateRollbackInProgress, "Wait"},
		{types.StackStatusDeleteInProgress, "Wait"},
	} {
		err := deployable(target.Stack{Name: "minim-dev", Status: test.status, Reason: "it was so"}, "us-east-1", "dev")
		if (err == nil) != (test.says == "") || err != nil && (!strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), "(it was so)")) {
			t.Errorf("%s: %v, want %q", test.status, err, test.says)
		}
	}
}

// limits are an account's concurrent executions, in all and unreserved.
type limits struct {
	all, free int32
	err       error
}

func (l limits) GetAccountSettings(context.Context, *lambda.GetAccountSettingsInput, ...func(*lambda.Options)) (*lambda.GetAccountSettingsOutput, error) {
	return &lambda.GetAccountSettingsOutput{AccountLimit: &lambdatypes.AccountLimit{
		ConcurrentExecutions: l.all, UnreservedConcurrentExecutions: aws.Int32(l.free)}}, l.err
}

func TestQuota(t *testing.T) {
	for _, test := range []struct {
		limits
		expects, more int32
		says          string // "" for an account that is large enough
	}{
		{limits{all: 1000, free: 1000}, 1000, 60, ""},
		{limits{all: 1000, free: 160}, 1000, 60, ""},
		{limits{all: 1000, free: 159}, 1000, 60, "the account can reserve 59"},
		{limits{all: 1000, free: 50}, 1000, 1, "the account can reserve 0"},
		{limits{all: 1000, free: 50}, 1000, 0, ""},   // another stage has reserved the rest
		{limits{all: 1000, free: 50}, 1000, -10, ""}, // fewer than before
		// A new account without reservations.
		{limits{all: 10, free: 10}, 1000, 0, "accountConcurrency: 10, concurrency: {}"},
		{limits{all: 999, free: 999}, 1000, 0, "this one has 999"},
		{limits{all: 10, free: 10}, 10, 0, ""},
		{limits{all: 10, free: 10}, 10, 1, "the account can reserve 0"},
		{limits{all: 1000, free: 1000}, 10, 0, ""},
		{limits{err: errors.New("denied")}, 1000, 60, ""},
	} {
		err := quota(t.Context(), test.limits, test.more, stageFacts{AccountConcurrency: test.expects}, "prod")
		if (err == nil) != (test.says == "") || err != nil && (!strings.Contains(err.Error(), "infra/stages/prod.yml") || !strings.Contains(err.Error(), test.says)) {
			t.Errorf("%+v, %d expected, %d more: %v, want %q", test.limits, test.expects, test.more, err, test.says)
		}
	}
}

func TestAlerted(t *testing.T) {
	for email, says := range map[string]string{"ops@example.com": "", "none": "", "": "make deploy STAGE=prod ALERTS_EMAIL="} {
		if err := alerted(stageFacts{AlertsEmail: email}, "prod"); (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", email, err, says)
		}
	}
}

// unlimited is a fake Lambda whose answer has no limits.
type unlimited struct{}

func (unlimited) GetAccountSettings(context.Context, *lambda.GetAccountSettingsInput, ...func(*lambda.Options)) (*lambda.GetAccountSettingsOutput, error) {
	return &lambda.GetAccountSettingsOutput{}, nil
}

// An answer without limits needs its own error: otherwise the warning would end in "<nil>".
func TestReadLimits(t *testing.T) {
	if got, err := readLimits(t.Context(), unlimited{}); err == nil || err.Error() != "Lambda returned no limits" {
		t.Errorf("%v, %v", got, err)
	}
	if err := quota(t.Context(), unlimited{}, 1, stageFacts{}, "prod"); err != nil {
		t.Errorf("quota without limits: %v", err)
	}
}

const wanted = `{"Resources": {
	"LinksTable": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "minim-prod-links", "KeySchema": [{"AttributeName": "code", "KeyType": "HASH"}]}},
	"SiteBucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "minim-prod-site-${AWS::AccountId}"}, "CorsConfiguration": {"Ref": "Distribution"}}},
	"ServerlessDeploymentBucket": {"Type": "AWS::S3::Bucket", "Properties": {}},
	"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "minim-prod-alerts"}},
	"OneLambdaFunction": {"Type": "AWS::Lambda::Function", "Properties": {"ReservedConcurrentExecutions": 50}},
	"TwoLambdaFunction": {"Type": "AWS::Lambda::Function", "Properties": {"ReservedConcurrentExecutions": 10}},
	"ThreeLambdaFunction": {"Type": "AWS::Lambda::Function", "Properties": {}}
}}`

func TestNamed(t *testing.T) {
	var body template
	if err := json.Unmarshal([]byte(wanted), &body); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{
		"LinksTable": "minim-prod-links", "SiteBucket": "minim-prod-site-${AWS::AccountId}", "ServerlessDeploymentBucket": "", "Topic": "", "OneLambdaFunction": "",
	} {
		if got := body.Resources[id].named(); got != want {
			t.Errorf("%s is named %q, want %q", id, got, want)
		}
	}
	if got := body.reserved(); got != 60 {
		t.Errorf("%d environments are reserved", got)
	}
}

// A bucket is imported without its references, which do not exist yet, and the stack's other resources stay unchanged.
func TestImporting(t *testing.T) {
	var body template
	if err := json.Unmarshal([]byte(wanted), &body); err != nil {
		t.Fatal(err)
	}
	before := map[string]any{"Resources": map[string]any{"Topic": map[string]any{"Type": "AWS::SNS::Topic"}}, "Outputs": "as they are"}
	text, imports, err := importing(before, []leftover{
		{"LinksTable", "minim-prod-links", body.Resources["LinksTable"]},
		{"SiteBucket", "minim-prod-site-1", body.Resources["SiteBucket"]},
	})
	const want = `{"Outputs":"as they are","Resources":{` +
		`"LinksTable":{"DeletionPolicy":"Retain","Properties":{"TableName":"minim-prod-links","KeySchema":[{"AttributeName":"code","KeyType":"HASH"}]},"Type":"AWS::DynamoDB::Table","UpdateReplacePolicy":"Retain"},` +
		`"SiteBucket":{"DeletionPolicy":"Retain","Properties":{"BucketName":"minim-prod-site-1"},"Type":"AWS::S3::Bucket","UpdateReplacePolicy":"Retain"},` +
		`"Topic":{"Type":"AWS::SNS::Topic"}}}`
	if err != nil || text != want {
		t.Errorf("template\n%s\nwant\n%s, %v", text, want, err)
	}
	if len(imports) != 2 || imports[0].ResourceIdentifier["TableName"] != "minim-prod-links" || imports[1].ResourceIdentifier["BucketName"] != "minim-prod-site-1" {
		t.Errorf("imports %+v", imports)
	}
}
