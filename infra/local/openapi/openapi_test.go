package openapi

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sam is a document in the form that SAM's transform produces.
const sam = `{"openapi":"3.0.1","info":{"title":"x","version":"1.0"},"paths":{
	"/items/{id}":{"get":{"x-amazon-apigateway-integration":{"httpMethod":"POST","type":"aws_proxy","uri":"arn:uri","payloadFormatVersion":"2.0","timeoutInMillis":5000},"responses":{},"security":[{"who":[]}]},
		"parameters":[]},
	"/any":{"x-amazon-apigateway-any-method":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":"arn:uri","payloadFormatVersion":"2.0"},"security":[{"NONE":[]}]}},
	"$default":{"x-amazon-apigateway-any-method":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":"arn:uri"},"isDefaultRoute":true}}},
	"components":{"securitySchemes":{"who":{"type":"apiKey","in":"header","name":"x","x-amazon-apigateway-authorizer":{
		"type":"request","authorizerUri":"arn:who","authorizerPayloadFormatVersion":"2.0","identitySource":"$request.header.A, $request.header.B","enableSimpleResponses":true}}}},
	"x-amazon-apigateway-cors":{"allowOrigins":["*"],"maxAge":60},"tags":[{"name":"httpapi:createdBy"}]}`

func TestParse(t *testing.T) {
	got, err := Parse([]byte(sam))
	if err != nil {
		t.Fatal(err)
	}
	want := Document{
		Routes: []Route{
			{Key: "$default", URI: "arn:uri"},
			{Key: "ANY /any", URI: "arn:uri", Payload: "2.0"},
			{Key: "GET /items/{id}", URI: "arn:uri", Payload: "2.0", TimeoutMillis: 5000, Authorizer: "who"},
		},
		Authorizers: []Authorizer{{Name: "who", Type: "REQUEST", URI: "arn:who", Payload: "2.0", Sources: []string{"$request.header.A", "$request.header.B"}, Simple: true}},
		CORS:        &CORS{AllowOrigins: []string{"*"}, MaxAge: 60},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct{ name, document, want string }{
		{"not JSON", `x`, "is not the JSON of OpenAPI"},
		{"no integration", `{"paths":{"/a":{"get":{}}}}`, "paths./a.get: x-amazon-apigateway-integration is missing"},
		{"other integration", `{"paths":{"/a":{"get":{"x-amazon-apigateway-integration":{"type":"http_proxy"}}}}}`, `paths./a.get: x-amazon-apigateway-integration.type: "http_proxy"`},
		{"other authorizer", `{"components":{"securitySchemes":{"iam":{"type":"apiKey","x-amazon-apigateway-authorizer":{"type":"iam"}}}}}`, "components.securitySchemes.iam: the local cloud supports authorizers of type request"},
		{"unknown authorizer", `{"security":[{"x":[]}],"paths":{"/a":{"get":{"x-amazon-apigateway-integration":{"type":"AWS_PROXY"}}}}}`, `paths./a.get: security: "x" is not an authorizer`},
	} {
		if _, err := Parse([]byte(c.document)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

func TestTokens(t *testing.T) {
	got, err := Parse([]byte(`{"paths":{"/a":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":"arn:uri","payloadFormatVersion":"2.0"},
		"security":[{"people":["links/read","links/write"]}]}}},
		"components":{"securitySchemes":{"people":{"type":"oauth2","x-amazon-apigateway-authorizer":{"type":"jwt","identitySource":"$request.header.Authorization",
		"jwtConfiguration":{"audience":["web"],"issuer":"https://example.com"}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := Document{
		Routes: []Route{{Key: "GET /a", URI: "arn:uri", Payload: "2.0", Authorizer: "people", Scopes: []string{"links/read", "links/write"}}},
		Authorizers: []Authorizer{{
			Name: "people", Type: "JWT", Sources: []string{"$request.header.Authorization"}, Issuer: "https://example.com", Audience: []string{"web"},
		}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
