package account

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	old "github.com/aws/aws-sdk-go/aws"
	oldcredentials "github.com/aws/aws-sdk-go/aws/credentials"
	oldsession "github.com/aws/aws-sdk-go/aws/session"
	oldcloudformation "github.com/aws/aws-sdk-go/service/cloudformation"
	oldlogs "github.com/aws/aws-sdk-go/service/cloudwatchlogs"
	oldsts "github.com/aws/aws-sdk-go/service/sts"
)

// served serves an account with a stack and a log.
func served(t *testing.T) string {
	t.Helper()
	s := New(Options{
		Region: "us-east-1", Account: "000000000000", Stack: "app", Resources: []Resource{{"Items", "AWS::DynamoDB::Table", "app-Items"}},
		Outputs: map[string]string{"Url": "http://x"},
		Caller:  func(*http.Request) string { return "arn:aws:sts::000000000000:assumed-role/role/fn" },
	})
	s.Log("fn", "stream", time.Now(), []byte("an error"))
	server := httptest.NewServer(s.Handler(http.NotFoundHandler()))
	t.Cleanup(server.Close)
	return server.URL
}

// TestOldSDK makes the calls of the account with the SDK for Go v1.
func TestOldSDK(t *testing.T) {
	address := served(t)
	session, err := oldsession.NewSession(&old.Config{
		Endpoint: &address, Region: old.String("us-east-1"), Credentials: oldcredentials.NewStaticCredentials("local", "local", ""), MaxRetries: old.Int(0),
	})
	if err != nil {
		t.Fatal(err)
	}
	identity, err := oldsts.New(session).GetCallerIdentity(&oldsts.GetCallerIdentityInput{})
	if err != nil || *identity.Account != "000000000000" || *identity.Arn != "arn:aws:sts::000000000000:assumed-role/role/fn" {
		t.Errorf("GetCallerIdentity: %v, %v", identity, err)
	}
	stacks, err := oldcloudformation.New(session).DescribeStacks(&oldcloudformation.DescribeStacksInput{StackName: old.String("app")})
	if err != nil || len(stacks.Stacks) != 1 || *stacks.Stacks[0].Outputs[0].OutputValue != "http://x" {
		t.Errorf("DescribeStacks: %v, %v", stacks, err)
	}
	if _, err = oldcloudformation.New(session).DescribeStacks(&oldcloudformation.DescribeStacksInput{StackName: old.String("other")}); err == nil ||
		!strings.Contains(err.Error(), "ValidationError: Stack with id other does not exist") {
		t.Errorf("another stack: %v", err)
	}
	events, err := oldlogs.New(session).FilterLogEvents(&oldlogs.FilterLogEventsInput{LogGroupName: old.String("/aws/lambda/fn")})
	if err != nil || len(events.Events) != 1 || *events.Events[0].Message != "an error" {
		t.Errorf("FilterLogEvents: %v, %v", events, err)
	}
}

const python = `
import sys, boto3, botocore
def client(name):
    return boto3.client(name, endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id="local", aws_secret_access_key="local")
print(client("sts").get_caller_identity()["Arn"])
print(client("cloudformation").describe_stacks(StackName="app")["Stacks"][0]["Outputs"][0]["OutputValue"])
print(client("logs").filter_log_events(logGroupName="/aws/lambda/fn")["events"][0]["message"])
try:
    client("cloudformation").describe_stacks(StackName="other")
except botocore.exceptions.ClientError as e:
    print(e.response["Error"]["Message"])
`

// TestPythonSDK makes the same calls with the SDK for Python.
func TestPythonSDK(t *testing.T) {
	if exec.Command("python3", "-c", "import boto3").Run() != nil {
		t.Skip("NOT TESTED: boto3 is not installed (pip install boto3)")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	got, err := exec.CommandContext(ctx, "python3", "-c", python, served(t)).CombinedOutput()
	want := "arn:aws:sts::000000000000:assumed-role/role/fn\nhttp://x\nan error\nStack with id other does not exist\n"
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s", err, got)
	}
}
