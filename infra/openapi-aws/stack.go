package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// place is the account and region of the functions, and the role that invokes them.
type place struct{ account, region, role string }

// stack is the part of the compiled template that this command reads.
type stack struct {
	Resources map[string]resource
}

type resource struct {
	Type       string
	Properties map[string]any
}

// served is the extension with the path of the route that serves an operation, if it differs from the operation's path:
// HTTP APIs have no variables within a path segment.
const served = "x-served-by"

// needs is the extension with the stage setting that an operation depends on.
const needs = "x-needs"

// integrate gives each operation of a document the integration and the authorizer of its route.
func (s stack) integrate(document map[string]any, at place) error {
	routes := s.routes()
	paths, _ := document["paths"].(map[string]any) // if there are none, all routes are reported below
	var errs []error
	for path, item := range paths {
		operations, _ := item.(map[string]any)
		for method, value := range operations {
			operation, ok := value.(map[string]any)
			if !ok {
				continue // the parameters of all operations
			}
			if operation[served] != nil {
				delete(operations, method)
				continue
			}
			key := strings.ToUpper(method) + " " + path
			if _, here := routes[key]; operation[needs] != nil && !here {
				delete(operations, method)
				continue
			}
			delete(operation, needs)
			errs = append(errs, s.extend(operation, routes, key, at))
		}
		if _, only := operations["parameters"]; len(operations) == 0 || only && len(operations) == 1 {
			delete(paths, path)
		}
	}
	const extension, standard = "x-default-route", "$default"
	if operation, ok := document[extension].(map[string]any); ok {
		delete(document, extension)
		operation["isDefaultRoute"] = true
		errs = append(errs, s.extend(operation, routes, standard, at))
		paths["/"+standard] = map[string]any{"x-amazon-apigateway-any-method": operation}
	}
	for _, key := range slices.Sorted(maps.Keys(routes)) {
		errs = append(errs, fmt.Errorf("%s: the contract has no such route", key))
	}
	delete(document, "servers") // the API gets an address when it is imported
	components, _ := document["components"].(map[string]any)
	schemes, err := s.authorizers(at)
	if components != nil {
		components["securitySchemes"] = schemes
	}
	document["security"] = []any{}
	return errors.Join(append(errs, err)...)
}

// routes returns the routes of the API by their keys.
func (s stack) routes() map[string]resource {
	all := map[string]resource{}
	for _, r := range s.Resources {
		if key, ok := r.Properties["RouteKey"].(string); ok && r.Type == "AWS::ApiGatewayV2::Route" {
			all[key] = r
		}
	}
	return all
}

// extend adds its route's integration and authorizer to an operation, and removes the route from the map.
func (s stack) extend(operation map[string]any, routes map[string]resource, key string, at place) error {
	route, ok := routes[key]
	if !ok {
		return fmt.Errorf("%s: the template has no such route", key)
	}
	delete(routes, key)
	integration := s.Resources[reference(route.Properties["Target"])]
	uri, err := s.function(integration.Properties["IntegrationUri"], at)
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	extension := map[string]any{
		"type": "AWS_PROXY", "httpMethod": "POST", "connectionType": "INTERNET", "uri": uri,
		"payloadFormatVersion": integration.Properties["PayloadFormatVersion"], "timeoutInMillis": integration.Properties["TimeoutInMillis"],
	}
	if at.role != "" {
		extension["credentials"] = at.role
	}
	operation["x-amazon-apigateway-integration"] = extension
	authorizer := s.Resources[reference(route.Properties["AuthorizerId"])]
	operation["security"] = []any{map[string]any{fmt.Sprint(authorizer.Properties["Name"]): []any{}}}
	return nil
}

// authorizers returns the security schemes of the API's authorizers.
func (s stack) authorizers(at place) (map[string]any, error) {
	all := map[string]any{}
	for id, r := range s.Resources {
		if r.Type != "AWS::ApiGatewayV2::Authorizer" {
			continue
		}
		uri, err := s.function(r.Properties["AuthorizerUri"], at)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", id, err)
		}
		var sources []string
		given, _ := r.Properties["IdentitySource"].([]any)
		for _, source := range given {
			sources = append(sources, fmt.Sprint(source))
		}
		extension := map[string]any{
			"type": "request", "authorizerUri": uri, "authorizerPayloadFormatVersion": r.Properties["AuthorizerPayloadFormatVersion"],
			"enableSimpleResponses": r.Properties["EnableSimpleResponses"], "identitySource": strings.Join(sources, ", "),
			"authorizerResultTtlInSeconds": r.Properties["AuthorizerResultTtlInSeconds"],
		}
		if at.role != "" {
			extension["authorizerCredentials"] = at.role
		}
		all[fmt.Sprint(r.Properties["Name"])] = map[string]any{
			"type": "apiKey", "in": "header", "name": "Authorization", "x-amazon-apigateway-authorizer": extension,
		}
	}
	return all, nil
}

// function returns the URI by which API Gateway invokes the function or alias that a value of the template refers to.
func (s stack) function(value any, at place) (string, error) {
	id, alias := reference(value), ""
	if r := s.Resources[id]; r.Type == "AWS::Lambda::Alias" {
		alias = fmt.Sprint(":", r.Properties["Name"])
		id = reference(r.Properties["FunctionName"])
	}
	name, ok := s.Resources[id].Properties["FunctionName"].(string)
	if !ok {
		return "", fmt.Errorf("%v does not refer to a function", value)
	}
	arn := fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s%s", at.region, at.account, name, alias)
	return fmt.Sprintf("arn:aws:apigateway:%s:lambda:path/2015-03-31/functions/%s/invocations", at.region, arn), nil
}

// reference returns the logical ID that an intrinsic function refers to: that of a Ref or Fn::GetAtt, also within Fn::Join,
// or that of ${ID.Arn} in Fn::Sub.
func reference(value any) string {
	switch v := value.(type) {
	case map[string]any:
		if id, ok := v["Ref"].(string); ok && !strings.HasPrefix(id, "AWS::") {
			return id
		}
		if pair, ok := v["Fn::GetAtt"].([]any); ok {
			return fmt.Sprint(pair[0])
		}
		if text, ok := v["Fn::Sub"].(string); ok {
			before, _, _ := strings.Cut(text, ".Arn}")
			return before[strings.LastIndex(before, "${")+len("${"):]
		}
		return reference(v["Fn::Join"])
	case []any:
		for _, part := range v {
			if id := reference(part); id != "" {
				return id
			}
		}
	}
	return ""
}
