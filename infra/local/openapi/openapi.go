// Package openapi parses the OpenAPI documents with which templates define HTTP APIs: the routes, their integrations
// with functions, and API Gateway's extensions for them.
package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Document is a parsed document.
type Document struct {
	Routes      []Route
	Authorizers []Authorizer
	CORS        *CORS
}

// Route is a route with its integration.
type Route struct {
	Key           string // "GET /path", "ANY /path" or "$default"
	URI           string // of the integration
	Payload       string // format of the integration
	TimeoutMillis int
	Authorizer    string // name; "" for a public route
	Scopes        []string
}

// Authorizer is a Lambda authorizer (REQUEST) or a JWT authorizer.
type Authorizer struct {
	Name, Type, URI, Payload string
	Sources                  []string
	Simple                   bool
	TTLSeconds               *int
	Issuer                   string
	Audience                 []string
}

// CORS is x-amazon-apigateway-cors.
type CORS struct {
	AllowOrigins, AllowMethods, AllowHeaders, ExposeHeaders []string
	MaxAge                                                  int
	AllowCredentials                                        bool
}

type document struct {
	Paths      map[string]map[string]json.RawMessage
	Security   []map[string]any
	Components struct {
		SecuritySchemes map[string]scheme
	}
	CORS *CORS `json:"x-amazon-apigateway-cors"`
}

type scheme struct {
	Type       string
	Authorizer *struct {
		Type           string
		AuthorizerURI  string `json:"authorizerUri"`
		Payload        string `json:"authorizerPayloadFormatVersion"`
		IdentitySource string
		Simple         bool `json:"enableSimpleResponses"`
		TTL            *int `json:"authorizerResultTtlInSeconds"`
		JWT            struct {
			Issuer   string
			Audience []string
		} `json:"jwtConfiguration"`
	} `json:"x-amazon-apigateway-authorizer"`
}

type operation struct {
	Integration *struct {
		Type, URI string
		Payload   string `json:"payloadFormatVersion"`
		Timeout   int    `json:"timeoutInMillis"`
	} `json:"x-amazon-apigateway-integration"`
	Default  bool `json:"isDefaultRoute"`
	Security *[]map[string]any
}

// anyMethod is the operation for all methods without their own.
const anyMethod = "x-amazon-apigateway-any-method"

// Parse parses a document in which all intrinsic functions are resolved. The error has one line for each mistake, with
// its place.
func Parse(data []byte) (Document, error) {
	var d document
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&d); err != nil {
		return Document{}, fmt.Errorf("is not the JSON of OpenAPI: %w", err)
	}
	out := Document{CORS: d.CORS}
	var errs []error
	known := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(d.Components.SecuritySchemes)) {
		a, err := d.Components.SecuritySchemes[name].authorizer(name)
		if err != nil {
			errs = append(errs, fmt.Errorf("components.securitySchemes.%s: %w", name, err))
			continue
		}
		known[name] = true
		out.Authorizers = append(out.Authorizers, a)
	}
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(d.Paths[path])) {
			if !isMethod(method) {
				continue
			}
			r, err := d.route(path, method, known)
			if err != nil {
				errs = append(errs, fmt.Errorf("paths.%s.%s: %w", path, method, err))
				continue
			}
			out.Routes = append(out.Routes, r)
		}
	}
	return out, errors.Join(errs...)
}

func isMethod(name string) bool {
	return name == anyMethod || slices.Contains([]string{"get", "head", "post", "put", "patch", "delete", "options"}, strings.ToLower(name))
}

func (s scheme) authorizer(name string) (Authorizer, error) {
	a := s.Authorizer
	if a == nil || a.Type != "request" && a.Type != "jwt" {
		return Authorizer{}, errors.New("the local cloud supports authorizers of type request, which are functions, and jwt")
	}
	out := Authorizer{
		Name: name, Type: strings.ToUpper(a.Type), URI: a.AuthorizerURI, Payload: a.Payload, Simple: a.Simple, TTLSeconds: a.TTL,
		Issuer: a.JWT.Issuer, Audience: a.JWT.Audience,
	}
	for source := range strings.SplitSeq(a.IdentitySource, ",") {
		if source = strings.TrimSpace(source); source != "" {
			out.Sources = append(out.Sources, source)
		}
	}
	return out, nil
}

// scopes returns the scopes that a requirement lists.
func scopes(requirement any) (all []string) {
	list, _ := requirement.([]any)
	for _, each := range list {
		if scope, ok := each.(string); ok {
			all = append(all, scope)
		}
	}
	return all
}

func (d document) route(path, method string, known map[string]bool) (Route, error) {
	var o operation
	if err := json.Unmarshal(d.Paths[path][method], &o); err != nil {
		return Route{}, err
	}
	if o.Integration == nil {
		return Route{}, errors.New("x-amazon-apigateway-integration is missing")
	}
	if !strings.EqualFold(o.Integration.Type, "aws_proxy") {
		return Route{}, fmt.Errorf("x-amazon-apigateway-integration.type: %q; the local cloud supports aws_proxy with a function", o.Integration.Type)
	}
	r := Route{URI: o.Integration.URI, Payload: o.Integration.Payload, TimeoutMillis: o.Integration.Timeout}
	switch {
	case o.Default || path == "/$default" || path == "$default":
		r.Key = "$default"
	case method == anyMethod:
		r.Key = "ANY " + path
	default:
		r.Key = strings.ToUpper(method) + " " + path
	}
	security := d.Security
	if o.Security != nil {
		security = *o.Security
	}
	for _, requirement := range security {
		for _, name := range slices.Sorted(maps.Keys(requirement)) {
			if !known[name] && name != "NONE" {
				return r, fmt.Errorf("security: %q is not an authorizer that the local cloud supports", name)
			}
			if name != "NONE" {
				r.Authorizer, r.Scopes = name, scopes(requirement[name])
			}
		}
	}
	return r, nil
}
