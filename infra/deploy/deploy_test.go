package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	diffs "github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/infra/target"
)

const deployed = `{"Resources": {
	"ServerlessDeploymentBucket": {"Type": "AWS::S3::Bucket", "Properties": {}},
	"SiteBucket": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Delete", "Properties": {}},
	"ImagesBucket": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {}},
	"NeverMade": {"Type": "AWS::S3::Bucket", "Properties": {}},
	"LinksTable": {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Retain", "Properties": {"DeletionProtectionEnabled": true}},
	"ClicksTable": {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Delete", "Properties": {"DeletionProtectionEnabled": false}},
	"ClicksQueue": {"Type": "AWS::SQS::Queue", "DeletionPolicy": "Delete", "Properties": {}},
	"HealthLogGroup": {"Type": "AWS::Logs::LogGroup", "Properties": {}},
	"EdgeKey": {"Type": "AWS::SecretsManager::Secret", "Properties": {}},
	"HealthLambdaFunction": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {
		"S3Bucket": {"Ref": "ServerlessDeploymentBucket"}, "S3Key": "serverless/minim/dev/1795330800123-2026-11-22T07:00:00.123Z/health.zip"}}}
}}`

// cloud is a fake CloudFormation with the stack above.
func cloud(t *testing.T, protected string) *cloudformation.Client {
	t.Helper()
	var members strings.Builder
	ids := map[string]string{
		"ClicksQueue": "https://sqs.us-east-1.amazonaws.com/123456789012/minim-dev-clicks", "HealthLogGroup": "/aws/lambda/minim-dev-health",
		"EdgeKey": "arn:aws:secretsmanager:us-east-1:123456789012:secret:minim-dev-edge-key-AbCdEf",
	}
	for _, id := range []string{"ServerlessDeploymentBucket", "SiteBucket", "ImagesBucket", "LinksTable", "ClicksTable", "ClicksQueue", "HealthLogGroup", "EdgeKey"} {
		members.WriteString(`<member><LogicalResourceId>` + id + `</LogicalResourceId><PhysicalResourceId>` + cmp.Or(ids[id], strings.ToLower(id)) +
			`</PhysicalResourceId><ResourceType>x</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`)
	}
	answers := map[string]string{
		"DescribeStacks": `<Stacks><member><StackName>minim-dev</StackName><StackStatus>CREATE_COMPLETE</StackStatus><EnableTerminationProtection>` + protected +
			`</EnableTerminationProtection><Outputs><member><OutputKey>SiteUrl</OutputKey><OutputValue>https://d1.cloudfront.net</OutputValue></member></Outputs></member></Stacks>`,
		"ListStackResources": `<StackResourceSummaries>` + members.String() + `</StackResourceSummaries>`,
		"GetTemplate":        `<TemplateBody>` + deployed + `</TemplateBody>`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		action := r.FormValue("Action")
		if r.FormValue("StackName") != "minim-dev" {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack does not exist</Message></Error></ErrorResponse>`)
			return
		}
		_, _ = io.WriteString(w, `<`+action+`Response><`+action+`Result>`+answers[action]+`</`+action+`Result></`+action+`Response>`)
	}))
	t.Cleanup(server.Close)
	return cloudformation.New(cloudformation.Options{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")})
}

func TestPlan(t *testing.T) {
	clouds := cloud(t, "false")
	stack, err := target.Find(t.Context(), clouds, "minim-dev")
	if err != nil {
		t.Fatal(err)
	}
	if stack.Output("SiteUrl") != "https://d1.cloudfront.net" {
		t.Errorf("the site is at %q", stack.Output("SiteUrl"))
	}
	body, err := compiled(t.Context(), clouds, stack.Name)
	if err != nil {
		t.Fatal(err)
	}
	if got := body.directory(); got != "1795330800123-2026-11-22T07:00:00.123Z" {
		t.Errorf("deployed from %s", got)
	}
	want := removal{
		buckets: []string{"serverlessdeploymentbucket", "sitebucket"},
		tables:  []string{"clickstable"},
		others:  []string{"log group /aws/lambda/minim-dev-health", "queue minim-dev-clicks", "secret minim-dev-edge-key-AbCdEf"},
		kept:    []string{"imagesbucket", "linkstable"},
	}
	if diff := diffs.Diff(want, plan(stack, body), diffs.AllowUnexported(removal{})); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	if _, err := target.Find(t.Context(), clouds, "minim-prod"); err == nil || !strings.Contains(err.Error(), "no such stack") {
		t.Errorf("an unknown stack: %v", err)
	}
}

// Before a stage is removed, everything that is lost with it is listed.
func TestExplain(t *testing.T) {
	var out strings.Builder
	explain(&out, removal{buckets: []string{"b"}, tables: []string{"t"}, others: []string{"queue q"}, kept: []string{"s"}}, "dev")
	const want = "These are deleted, with everything in them:\n  t\n  b\n  queue q\n" +
		"These are kept, because the stage's settings require it (keep); make adopt STAGE=dev imports them into its next stack:\n  s\n"
	if out.String() != want {
		t.Errorf("printed\n%s\nwant\n%s", out.String(), want)
	}
}

func TestPlanForbids(t *testing.T) {
	stack, err := target.Find(t.Context(), cloud(t, "true"), "minim-dev")
	if err != nil {
		t.Fatal(err)
	}
	var body template
	if err := json.Unmarshal([]byte(strings.Replace(deployed, `"Retain", "Properties": {"Del`, `"Delete", "Properties": {"Del`, 1)), &body); err != nil {
		t.Fatal(err)
	}
	err = emptyBuckets(t.Context(), nil, options{stage: "dev", confirm: "dev"}, plan(stack, body))
	for _, want := range []string{"nothing was removed", "minim-dev has termination protection", "linkstable has deletion protection"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("err = %v, want %q", err, want)
		}
	}
}

func TestConfirm(t *testing.T) {
	for _, test := range []struct {
		name, typed, confirm string
		ok                   bool
	}{
		{"typed", "dev\n", "", true},
		{"typed without an end", "dev", "", true},
		{"another stage", "prod\n", "", false},
		{"yes is not enough", "y\n", "", false},
		{"nobody there", "", "", false},
		{"a script", "", "dev", true},
		{"a script for another stage", "dev\n", "prod", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := confirm(strings.NewReader(test.typed), io.Discard, options{stage: "dev", confirm: test.confirm})
			if (err == nil) != test.ok {
				t.Errorf("err = %v", err)
			}
		})
	}
}

func TestChoose(t *testing.T) {
	at := func(ms int64) snapshot {
		d := snapshot{at: time.UnixMilli(ms)}
		d.name = d.timestamp()
		return d
	}
	all := []snapshot{at(3000), at(2000), at(1000)}
	for _, test := range []struct {
		current int
		to      string
		want    int // an index in all, -1 for an error
	}{
		{0, "", 1},
		{1, "", 2},
		{2, "", -1},
		{1, "1970-01-01T00:00:03.000Z", 0},
		{0, "1000", 2},
		{0, "1970-01-01T00:00:09.000Z", -1},
	} {
		got, err := choose(all, all[test.current].name, test.to)
		if (err == nil) != (test.want >= 0) || test.want >= 0 && got != all[test.want] {
			t.Errorf("from %d to %q: %v, %v", test.current, test.to, got, err)
		}
	}
	var out bytes.Buffer
	list(&out, all, all[1].name)
	if want := "  1970-01-01T00:00:03.000Z\n  1970-01-01T00:00:02.000Z  current\n  1970-01-01T00:00:01.000Z\n"; out.String() != want {
		t.Errorf("printed\n%s", out.String())
	}
}

func TestUpdate(t *testing.T) {
	for _, test := range []struct{ name, aliases, says string }{
		{"new code", `[]`, ""},
		{"behind an alias", `[{"Name":"live"}]`, "alias live"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var asked []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked = append(asked, r.Method+" "+r.URL.Path)
				answer := `{"Configuration":{"LastUpdateStatus":"Successful"}}`
				if strings.HasSuffix(r.URL.Path, "/aliases") {
					answer = `{"Aliases":` + test.aliases + `}`
				}
				_, _ = io.WriteString(w, answer)
			}))
			defer server.Close()
			zip := filepath.Join(t.TempDir(), "health.zip")
			if err := os.WriteFile(zip, []byte("zip"), 0o600); err != nil {
				t.Fatal(err)
			}
			client := lambda.New(lambda.Options{Region: "us-east-1", BaseEndpoint: aws.String(server.URL), Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")})
			err := update(t.Context(), client, "minim-dev-health", zip)
			if test.says == "" {
				if err != nil || len(asked) != 3 || asked[1] != "PUT /2015-03-31/functions/minim-dev-health/code" {
					t.Errorf("asked %v, %v", asked, err)
				}
			} else if err == nil || !strings.Contains(err.Error(), test.says) || len(asked) != 1 {
				t.Errorf("asked %v, %v", asked, err)
			}
		})
	}
}

// protection is a fake CloudFormation that counts requests for protection.
type protection struct {
	asked []string
	err   error
}

func (p *protection) UpdateTerminationProtection(_ context.Context, in *cloudformation.UpdateTerminationProtectionInput, _ ...func(*cloudformation.Options)) (*cloudformation.UpdateTerminationProtectionOutput, error) {
	p.asked = append(p.asked, fmt.Sprint(*in.StackName, " ", *in.EnableTerminationProtection))
	return nil, p.err
}

func TestProtect(t *testing.T) {
	for _, test := range []struct {
		template  string
		protected bool
		asks      bool
	}{
		{`{"Metadata":{"Stage":{"protect":true}}}`, false, true},
		{`{"Metadata":{"Stage":{"protect":true}}}`, true, false},
		{`{"Metadata":{"Stage":{"protect":false}}}`, false, false},
		{`{"Metadata":{"Stage":{"protect":false}}}`, true, false},
	} {
		var body template
		if err := json.Unmarshal([]byte(test.template), &body); err != nil {
			t.Fatal(err)
		}
		p := &protection{}
		stack := target.Stack{Name: "minim-prod", Protected: test.protected}
		if err := protect(t.Context(), p, stack, body); err != nil || (len(p.asked) == 1) != test.asks || test.asks && p.asked[0] != "minim-prod true" {
			t.Errorf("%+v: asked %v, %v", test, p.asked, err)
		}
		if err := protect(t.Context(), &protection{err: errors.New("denied")}, stack, body); (err != nil) != test.asks {
			t.Errorf("%+v, denied: %v", test, err)
		}
	}
}
