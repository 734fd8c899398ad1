package plan

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/httpapi"
	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/openapi"
	"github.com/minim-dev/minim/infra/local/template"
	"github.com/minim-dev/minim/infra/local/userpools"
)

// apis plans the stages of the stack's HTTP APIs, and its function URLs.
func (p *planner) apis() (all []httpapi.Config, err error) {
	var errs []error
	add := func(id string, c httpapi.Config, err error) {
		if err == nil {
			if err = c.Check(); err != nil {
				err = fmt.Errorf("%s: %w", id, err)
			}
		}
		errs = append(errs, err)
		all = append(all, c)
	}
	for id, v := range template.Of[template.API](p.stack) {
		stages := p.stages(v)
		for i, stage := range stages {
			c, err := p.api(id, v, stage)
			if i > 0 && err != nil { // all stages have the same mistakes
				continue
			}
			add(id, c, err)
		}
	}
	for id, v := range template.Of[template.FunctionURL](p.stack) {
		c, err := p.functionURL(id, v)
		add(id, c, err)
	}
	return all, errors.Join(errs...)
}

// stages returns the stages of an API. An API without stages gets the default stage that quick create adds.
func (p *planner) stages(api *template.API) (all []*template.APIStage) {
	for _, stage := range template.Of[template.APIStage](p.stack) {
		if stage.ApiId == api.ID() {
			all = append(all, stage)
		}
	}
	if all == nil {
		all = []*template.APIStage{{ApiId: api.ID(), StageName: "$default"}}
	}
	slices.SortFunc(all, func(a, b *template.APIStage) int { return strings.Compare(a.StageName, b.StageName) })
	return all
}

// api plans one stage of an HTTP API with its routes, integrations and authorizers.
func (p *planner) api(id string, api *template.API, stage *template.APIStage) (httpapi.Config, error) {
	c := httpapi.Config{
		APIID: api.ID(), AccountID: p.o.Account, Region: p.o.Region, Domain: api.Domain(), Stage: stage.StageName, StageVariables: stage.StageVariables,
		AccessLogFormat: stage.AccessLogSettings.Format, Throttle: throttle(stage.DefaultRouteSettings),
	}
	if kind := cmp.Or(api.ProtocolType, "HTTP"); kind != "HTTP" {
		return c, fmt.Errorf("%s.Properties.ProtocolType: %q is not supported by the local cloud, which has HTTP", id, kind)
	}
	var errs []error
	names := map[string]string{} // names of authorizers by ID
	for aid, a := range template.Of[template.Authorizer](p.stack) {
		if a.ApiId != api.ID() {
			continue
		}
		authorizer, err := p.authorizer(aid+".Properties", a)
		errs = append(errs, err)
		names[a.ID()] = authorizer.Name
		c.Authorizers = append(c.Authorizers, authorizer)
	}
	for rid, r := range template.Of[template.Route](p.stack) {
		if r.ApiId != api.ID() {
			continue
		}
		route, err := p.route(rid+".Properties", r, names)
		errs = append(errs, err)
		c.Routes = append(c.Routes, route)
	}
	if cors := api.CorsConfiguration; cors != nil {
		c.CORS = &httpapi.CORS{
			AllowOrigins: cors.AllowOrigins, AllowMethods: cors.AllowMethods, AllowHeaders: cors.AllowHeaders,
			ExposeHeaders: cors.ExposeHeaders, MaxAge: time.Duration(cors.MaxAge) * time.Second, AllowCredentials: cors.AllowCredentials,
		}
	}
	if api.Target != "" {
		name, ok := functionOf(api.Target)
		if !ok {
			errs = append(errs, fmt.Errorf("%s.Properties.Target: the local cloud supports a function", id))
		}
		c.Routes = append(c.Routes, httpapi.Route{Key: cmp.Or(api.RouteKey, "$default"), Function: name})
	}
	errs = append(errs, p.body(id+".Properties.Body", api, &c))
	for i := range c.Routes {
		c.Routes[i].Throttle = throttle(stage.RouteSettings[c.Routes[i].Key])
	}
	return c, errors.Join(errs...)
}

// body adds the routes and authorizers of an API's OpenAPI document.
func (p *planner) body(at string, api *template.API, c *httpapi.Config) error {
	if len(api.Body) == 0 {
		return nil
	}
	d, err := openapi.Parse(api.Body)
	if err != nil {
		return placed(at, err)
	}
	var errs []error
	for _, a := range d.Authorizers {
		v := &template.Authorizer{
			Name: a.Name, AuthorizerType: a.Type, AuthorizerUri: a.URI, AuthorizerPayloadFormatVersion: a.Payload, EnableSimpleResponses: a.Simple,
			IdentitySource: a.Sources, AuthorizerResultTtlInSeconds: a.TTLSeconds,
		}
		v.JwtConfiguration.Audience, v.JwtConfiguration.Issuer = a.Audience, a.Issuer
		out, err := p.authorizer(at, v)
		errs = append(errs, err)
		c.Authorizers = append(c.Authorizers, out)
	}
	for _, r := range d.Routes {
		name, ok := functionOf(r.URI)
		if !ok || r.Payload != "2.0" {
			errs = append(errs, fmt.Errorf("%s.paths (%s): the local cloud supports integrations with a function, payload format 2.0", at, r.Key))
		}
		c.Routes = append(c.Routes, httpapi.Route{
			Key: r.Key, Function: name, Authorizer: r.Authorizer, Scopes: r.Scopes, Timeout: time.Duration(r.TimeoutMillis) * time.Millisecond,
		})
	}
	if cors := d.CORS; cors != nil && c.CORS == nil {
		c.CORS = &httpapi.CORS{
			AllowOrigins: cors.AllowOrigins, AllowMethods: cors.AllowMethods, AllowHeaders: cors.AllowHeaders, ExposeHeaders: cors.ExposeHeaders,
			MaxAge: time.Duration(cors.MaxAge) * time.Second, AllowCredentials: cors.AllowCredentials,
		}
	}
	return errors.Join(errs...)
}

// functionURL plans the URL of one function.
func (p *planner) functionURL(id string, v *template.FunctionURL) (httpapi.Config, error) {
	c := httpapi.Config{
		APIID: v.ID(), AccountID: p.o.Account, Region: p.o.Region, Domain: v.Domain(),
		FunctionURL: true, Signed: v.AuthType == "AWS_IAM",
	}
	name, ok := functionOf(v.TargetFunctionArn)
	if !ok {
		name = v.TargetFunctionArn
	}
	f := p.named(name)
	if f == nil {
		return c, fmt.Errorf("%s.Properties.TargetFunctionArn: %q is not a function of the stack", id, v.TargetFunctionArn)
	}
	if v.AuthType != "NONE" && v.AuthType != "AWS_IAM" {
		return c, fmt.Errorf("%s.Properties.AuthType: %q is neither NONE nor AWS_IAM", id, v.AuthType)
	}
	c.Routes = []httpapi.Route{{Key: "$default", Function: name}}
	if cors := v.Cors; cors != nil {
		c.CORS = &httpapi.CORS{
			AllowOrigins: cors.AllowOrigins, AllowMethods: cors.AllowMethods, AllowHeaders: cors.AllowHeaders,
			ExposeHeaders: cors.ExposeHeaders, MaxAge: time.Duration(cors.MaxAge) * time.Second, AllowCredentials: cors.AllowCredentials,
		}
	}
	return c, nil
}

func (p *planner) route(at string, r *template.Route, authorizers map[string]string) (httpapi.Route, error) {
	out := httpapi.Route{Key: r.RouteKey, Scopes: r.AuthorizationScopes}
	if r.AuthorizationType == "AWS_IAM" {
		return out, fmt.Errorf("%s.AuthorizationType: AWS_IAM is not supported by the local cloud", at)
	}
	if r.AuthorizationType != "" && r.AuthorizationType != "NONE" {
		name, ok := authorizers[r.AuthorizerId]
		if !ok {
			return out, fmt.Errorf("%s.AuthorizerId: %q is not an authorizer of the API", at, r.AuthorizerId)
		}
		out.Authorizer = name
	}
	for _, i := range template.Of[template.Integration](p.stack) {
		if i.ID() != path.Base(r.Target) {
			continue
		}
		name, ok := functionOf(i.IntegrationUri)
		if !ok || i.IntegrationType != "AWS_PROXY" || i.PayloadFormatVersion != "2.0" {
			return out, fmt.Errorf("%s.Target: the local cloud supports integrations of type AWS_PROXY with a function, payload format 2.0", at)
		}
		out.Function, out.Timeout = name, time.Duration(i.TimeoutInMillis)*time.Millisecond
		return out, nil
	}
	return out, fmt.Errorf("%s.Target: %q is not an integration of the API", at, r.Target)
}

func (p *planner) authorizer(at string, a *template.Authorizer) (httpapi.Authorizer, error) {
	if a.AuthorizerType == "JWT" {
		return httpapi.Authorizer{
			Name: a.Name, IdentitySources: a.IdentitySource, JWT: &httpapi.JWT{Issuer: userpools.Issuer(p.stack, a.JwtConfiguration.Issuer), Audience: a.JwtConfiguration.Audience},
		}, nil
	}
	ttl := 300 // API Gateway's default
	if a.AuthorizerResultTtlInSeconds != nil {
		ttl = *a.AuthorizerResultTtlInSeconds
	}
	if len(a.IdentitySource) == 0 {
		ttl = 0
	}
	out := httpapi.Authorizer{
		Name: a.Name, IdentitySources: a.IdentitySource, SimpleResponses: a.EnableSimpleResponses, TTL: time.Duration(ttl) * time.Second,
	}
	if a.AuthorizerType != "REQUEST" || a.AuthorizerPayloadFormatVersion != "2.0" {
		return out, fmt.Errorf("%s.AuthorizerType: the local cloud supports JWT, and REQUEST of payload format 2.0", at)
	}
	name, ok := functionOf(a.AuthorizerUri)
	if !ok {
		return out, fmt.Errorf("%s.AuthorizerUri: %q is not that of a function", at, a.AuthorizerUri)
	}
	out.Function = name
	return out, nil
}

// functionOf returns the function's name from its ARN or from the URI of an integration.
func functionOf(uri string) (string, bool) { return lambda.FunctionName(functionARN(uri)) }

// functionARN returns the ARN in the URI of an integration. The URI may also be just the ARN.
func functionARN(uri string) string {
	if _, arn, found := strings.Cut(uri, "/functions/"); found {
		return strings.TrimSuffix(arn, "/invocations")
	}
	return uri
}

// named returns the function with a name, or nil.
func (p *planner) named(name string) *template.Function {
	for _, f := range template.Of[template.Function](p.stack) {
		if f.FunctionName == name {
			return f
		}
	}
	return nil
}

// placed prefixes each mistake with its place in the template.
func placed(at string, err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var errs []error
		for _, each := range joined.Unwrap() {
			errs = append(errs, placed(at, each))
		}
		return errors.Join(errs...)
	}
	return fmt.Errorf("%s.%w", at, err)
}

func throttle(s template.RouteSettings) httpapi.Throttle {
	return httpapi.Throttle{Rate: s.ThrottlingRateLimit, Burst: s.ThrottlingBurstLimit}
}
