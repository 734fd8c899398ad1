package plan

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/httpapi"
	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/template"
)

// apis are the HTTP APIs of the stack.
func (p *planner) apis() (all []httpapi.Config, err error) {
	var errs []error
	for id, v := range template.Of[template.API](p.stack) {
		c, err := p.api(v)
		if err == nil {
			if err = c.Check(); err != nil {
				err = fmt.Errorf("%s: %w", id, err)
			}
		}
		errs = append(errs, err)
		all = append(all, c)
	}
	return all, errors.Join(errs...)
}

// api is one HTTP API with its stage, routes, integrations and authorizers.
func (p *planner) api(api *template.API) (httpapi.Config, error) {
	c := httpapi.Config{APIID: api.ID(), AccountID: p.o.Account, Region: p.o.Region, Domain: api.Domain()}
	throttles := map[string]template.RouteSettings{}
	for _, stage := range template.Of[template.APIStage](p.stack) {
		if stage.ApiId != api.ID() {
			continue
		}
		c.Stage, c.StageVariables, c.AccessLogFormat = stage.StageName, stage.StageVariables, stage.AccessLogSettings.Format
		c.Throttle = throttle(stage.DefaultRouteSettings)
		throttles = stage.RouteSettings
	}
	var errs []error
	names := map[string]string{} // of authorizers by id
	for aid, a := range template.Of[template.Authorizer](p.stack) {
		if a.ApiId != api.ID() {
			continue
		}
		authorizer, err := authorizer(aid+".Properties", a)
		if err != nil {
			errs = append(errs, err)
		}
		names[a.ID()] = authorizer.Name
		c.Authorizers = append(c.Authorizers, authorizer)
	}
	for rid, r := range template.Of[template.Route](p.stack) {
		if r.ApiId != api.ID() {
			continue
		}
		route, err := p.route(rid+".Properties", r, names)
		if err != nil {
			errs = append(errs, err)
		}
		route.Throttle = throttle(throttles[r.RouteKey])
		c.Routes = append(c.Routes, route)
	}
	if cors := api.CorsConfiguration; cors != nil {
		c.CORS = &httpapi.CORS{
			AllowOrigins: cors.AllowOrigins, AllowMethods: cors.AllowMethods, AllowHeaders: cors.AllowHeaders,
			ExposeHeaders: cors.ExposeHeaders, MaxAge: time.Duration(cors.MaxAge) * time.Second, AllowCredentials: cors.AllowCredentials,
		}
	}
	return c, errors.Join(errs...)
}

func (p *planner) route(at string, r *template.Route, authorizers map[string]string) (httpapi.Route, error) {
	out := httpapi.Route{Key: r.RouteKey}
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
		name, ok := lambda.FunctionName(i.IntegrationUri)
		if !ok || i.IntegrationType != "AWS_PROXY" || i.PayloadFormatVersion != "2.0" {
			return out, fmt.Errorf("%s.Target: the local cloud supports integrations of type AWS_PROXY with a function, payload format 2.0", at)
		}
		out.Function, out.Timeout = name, time.Duration(i.TimeoutInMillis)*time.Millisecond
		return out, nil
	}
	return out, fmt.Errorf("%s.Target: %q is not an integration of the API", at, r.Target)
}

func authorizer(at string, a *template.Authorizer) (httpapi.Authorizer, error) {
	ttl := 300 // what API Gateway defaults to
	if a.AuthorizerResultTtlInSeconds != nil {
		ttl = *a.AuthorizerResultTtlInSeconds
	}
	out := httpapi.Authorizer{
		Name: a.Name, IdentitySources: a.IdentitySource, SimpleResponses: a.EnableSimpleResponses, TTL: time.Duration(ttl) * time.Second,
	}
	if a.AuthorizerType != "REQUEST" || a.AuthorizerPayloadFormatVersion != "2.0" {
		return out, fmt.Errorf("%s.AuthorizerType: the local cloud supports REQUEST, payload format 2.0", at)
	}
	_, arn, _ := strings.Cut(a.AuthorizerUri, "/functions/")
	name, ok := lambda.FunctionName(strings.TrimSuffix(arn, "/invocations"))
	if !ok {
		return out, fmt.Errorf("%s.AuthorizerUri: %q is not that of a function", at, a.AuthorizerUri)
	}
	out.Function = name
	return out, nil
}

func throttle(s template.RouteSettings) httpapi.Throttle {
	return httpapi.Throttle{Rate: s.ThrottlingRateLimit, Burst: s.ThrottlingBurstLimit}
}
