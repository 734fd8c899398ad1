package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/infra/local/sources"
)

// TestSAM plans a template in the form that SAM's transform produces.
func TestSAM(t *testing.T) {
	p, err := plannedWith(t, "testdata/sam.yaml", "", "", Options{Find: func(names []string) string { return strings.Join(names, "|") }})
	if err != nil {
		t.Fatal(err)
	}
	f, ok := p.Function("test-ItemsFunction")
	want := map[string]string{"TABLE": "test-Items", "LEVEL": "debug", "ORIGIN": "https://b.example", "KEY": "a2V5"}
	if !ok || f.MemoryMB != 256 || !cmp.Equal(f.Env, want) {
		t.Errorf("%+v", f)
	}
	if want := "0123456789abcdef0123456789abcdef|asset.0123456789abcdef0123456789abcdef|ItemsFunction|ItemsFunction|test-ItemsFunction"; f.Binary != want {
		t.Errorf("binaries %s, want %s", f.Binary, want)
	}
	var apis []string
	for _, c := range p.APIs {
		apis = append(apis, c.Stage+" "+c.Routes[0].Key+" "+c.Routes[0].Function)
	}
	if d := cmp.Diff([]string{"$default GET /items/{id} test-ItemsFunction", "beta GET /items/{id} test-ItemsFunction", " $default test-ItemsFunction"}, apis); d != "" {
		t.Error(d)
	}
	if len(p.Rules) != 2 || p.Rules[0].Bus != "app" || p.Rules[0].Pattern == nil || p.Rules[1].Targets[0].Input != `{"tick": true}` {
		t.Errorf("%+v", p.Rules)
	}
	if len(p.Schedules) != 1 || p.Schedules[0].Target != "arn:aws:events:us-east-1:000000000000:rule/test-ItemsFunctionTick" {
		t.Errorf("%+v", p.Schedules)
	}
	for _, want := range []string{"ItemsFunction.Properties.Layers: layers are not mounted", "ManagedPolicyArns[2]: the local cloud does not know what arn:aws:iam::aws:policy/SomethingNew allows"} {
		if !strings.Contains(strings.Join(p.Notes, "\n"), want) {
			t.Errorf("%q is not in %q", want, p.Notes)
		}
	}
}

// TestCDK plans a template in the form that CDK synthesizes, with CDK's custom resources.
func TestCDK(t *testing.T) {
	p, err := planned(t, "testdata/cdk.json", "", "")
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Functions) != 1 || p.Functions[0].Binary != "build/3f1c8a9d0b7e6f5a4c3b2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a/bootstrap" {
		t.Errorf("%+v", p.Functions)
	}
	want := []sources.Notification{{Bucket: "test-files2e04a8ac", ID: "FilesNotificationsC7EC1E6A-0", Event: "s3:ObjectCreated:*", Suffix: ".jpg", Function: "test-Handler886CB40B"}}
	if d := cmp.Diff(want, p.Notifications); d != "" {
		t.Error(d)
	}
}

// TestSAMMistakes checks that missing permissions are also found in templates of SAM.
func TestSAMMistakes(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"route", "GET/items/*", "GET/other", "ServerlessHttpApi.Properties.Body: an AWS::Lambda::Permission must let apigateway.amazonaws.com invoke test-ItemsFunction"},
		{"URL", "lambda:InvokeFunctionUrl", "lambda:GetFunction", "ItemsFunctionUrl: an AWS::Lambda::Permission must let * call the URL"},
		{"rule", "SourceArn: !GetAtt ItemsFunctionMade.Arn", "SourceArn: x", "ItemsFunctionMade.Properties.Targets[0]: an AWS::Lambda::Permission must let events.amazonaws.com"},
		{"bus", "EventBusName: !Ref Bus", "EventBusName: other", `ItemsFunctionMade.Properties.EventBusName: "other" is not a bus`},
		{"pattern", "wildcard", "wild", "ItemsFunctionMade.Properties.EventPattern: "},
		{"allowed value", "Default: dev", "Default: test", `Parameters.Stage: "test" is not one of the allowed values: dev, prod`},
		{"stored parameter", "Default: /app/level", "Default: /app/none", "Parameters.Level: there is no SSM parameter /app/none"},
		{"integration", "payloadFormatVersion: '2.0'", "payloadFormatVersion: '1.0'", "ServerlessHttpApi.Properties.Body.paths (GET /items/{id}): the local cloud supports"},
		{"REST API", "Type: AWS::Events::EventBus", "Type: AWS::ApiGateway::RestApi", `Bus: the resource type "AWS::ApiGateway::RestApi" is not supported by the local cloud: REST APIs are missing`},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, "testdata/sam.yaml", c.old, c.new, c.want) })
	}
}
