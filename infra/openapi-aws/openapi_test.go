package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func decode(t *testing.T, text string) (v map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSchema(t *testing.T) {
	for name, test := range map[string]struct{ from, want string }{
		"reference":           {`{"$ref": "#/a"}`, `{"$ref": "#/a"}`},
		"reference with more": {`{"$ref": "#/a", "description": "d"}`, `{"allOf": [{"$ref": "#/a"}], "description": "d"}`},
		"null":                {`{"type": ["integer", "null"], "minimum": 1}`, `{"type": "integer", "nullable": true, "minimum": 1}`},
		"one of and null":     {`{"oneOf": [{"$ref": "#/a"}, {"type": "null"}]}`, `{"allOf": [{"$ref": "#/a"}], "nullable": true}`},
		"one of two":          {`{"oneOf": [{"const": 1}, {"const": 2}]}`, `{"oneOf": [{"enum": [1]}, {"enum": [2]}]}`},
		"several types":       {`{"type": ["string", "integer"]}`, `{"nullable": false}`},
		"examples":            {`{"type": "string", "examples": ["a", "b"]}`, `{"type": "string", "example": "a"}`},
		"binary":              {`{"type": "string", "contentEncoding": "binary"}`, `{"type": "string", "format": "binary"}`},
		"parts": {`{"type": "array", "items": {"type": "object", "properties": {"const": {"const": "x"}}, "additionalProperties": {"type": ["string", "null"]}}}`,
			`{"type": "array", "items": {"type": "object", "properties": {"const": {"enum": ["x"]}}, "additionalProperties": {"type": "string", "nullable": true}}}`},
		"no schema within": {`{"additionalProperties": false}`, `{"additionalProperties": false}`},
	} {
		if d := cmp.Diff(decode(t, test.want), schema(decode(t, test.from))); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

const template = `{"Resources": {
	"Who": {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": {"Name": "keys", "IdentitySource": ["$request.header.A", "$context.routeKey"],
		"AuthorizerUri": {"Fn::Sub": "arn:${AWS::Partition}:x/functions/${AuthorizeLambdaFunction.Arn}/invocations"}, "AuthorizerResultTtlInSeconds": 10}},
	"Route": {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"RouteKey": "GET /{code}", "AuthorizerId": {"Ref": "Who"},
		"Target": {"Fn::Join": ["/", ["integrations", {"Ref": "Integration"}]]}}},
	"Integration": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": {"IntegrationUri": {"Ref": "Live"}, "PayloadFormatVersion": "2.0"}},
	"Live": {"Type": "AWS::Lambda::Alias", "Properties": {"Name": "live", "FunctionName": {"Ref": "GoLambdaFunction"}}},
	"GoLambdaFunction": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "minim-prod-go"}},
	"AuthorizeLambdaFunction": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "minim-prod-authorize"}}}}`

// write runs the command and returns the file that it wrote.
func write(t *testing.T, contract, template string, more ...string) (string, error) {
	t.Helper()
	folder := t.TempDir()
	for name, text := range map[string]string{"contract": contract, "template": template} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(folder, "out")
	err := run(append([]string{"--contract", filepath.Join(folder, "contract"), "--template", filepath.Join(folder, "template"), "--out", out}, more...))
	text, _ := os.ReadFile(out) // none after an error
	return string(text), err
}

func TestWrite(t *testing.T) {
	const contract = `{"openapi": "3.1.0", "info": {"title": "t", "version": "1", "summary": "s", "license": {"name": "MIT", "identifier": "MIT"}}, "servers": [{"url": "/"}],
		"paths": {"/{code}": {"parameters": [{"name": "code", "in": "path", "schema": {"const": "a"}, "example": {"schema": {"const": "data"}}}],
			"get": {"responses": {}}, "head": {"x-served-by": "/{code}"}}, "/{code}.qr": {"parameters": [], "get": {"x-served-by": "/{code}"}}, "/session": {"get": {"x-needs": "users"}}}, "components": {}}`
	got, err := write(t, contract, template, "--account", "123456789012", "--role", "arn:role")
	if err != nil {
		t.Fatal(err)
	}
	want := `{"openapi": "3.0.3", "info": {"title": "t", "version": "1", "license": {"name": "MIT"}}, "security": [], "paths": {"/{code}": {
		"parameters": [{"name": "code", "in": "path", "schema": {"enum": ["a"]}, "example": {"schema": {"const": "data"}}}],
		"get": {"responses": {}, "security": [{"keys": []}], "x-amazon-apigateway-integration": {"type": "AWS_PROXY", "httpMethod": "POST", "connectionType": "INTERNET",
			"payloadFormatVersion": "2.0", "timeoutInMillis": null, "credentials": "arn:role",
			"uri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:minim-prod-go:live/invocations"}}}},
		"components": {"securitySchemes": {"keys": {"type": "apiKey", "in": "header", "name": "Authorization", "x-amazon-apigateway-authorizer": {"type": "request",
			"authorizerUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:minim-prod-authorize/invocations",
			"authorizerPayloadFormatVersion": null, "enableSimpleResponses": null, "identitySource": "$request.header.A, $context.routeKey",
			"authorizerResultTtlInSeconds": 10, "authorizerCredentials": "arn:role"}}}}}`
	if d := cmp.Diff(decode(t, want), decode(t, got)); d != "" {
		t.Error(d)
	}
}

func TestMistakes(t *testing.T) {
	const contract = `{"paths": {"/other": {"get": {}}}}`
	for name, test := range map[string]struct {
		args []string
		want []string
	}{
		"no account": {nil, []string{"ACCOUNT="}},
		"routes":     {[]string{"--account", "123456789012"}, []string{"GET /other: the template has no such route", "GET /{code}: the contract has no such route"}},
	} {
		_, err := write(t, contract, template, test.args...)
		for _, want := range test.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %s", name, err, want)
			}
		}
	}
}
