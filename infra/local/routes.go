package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/httpapi"
	"github.com/minim-dev/minim/infra/local/lambda"
	"github.com/minim-dev/minim/infra/local/template"
)

// gateway makes the handler of one HTTP API from its stage, routes, integrations
// and authorizers.
func (s *site) gateway(id string, api *template.API, accessLog io.Writer) (http.Handler, error) {
	c := httpapi.Config{
		APIID: api.ID(), AccountID: account, Region: region, Domain: api.Domain(), Invoke: s.invokeForAPI, AccessLog: accessLog,
	}
	throttles := map[string]template.RouteSettings{}
	for _, stage := range template.Of[template.APIStage](s.stack) {
		if stage.ApiId != api.ID() {
			continue
		}
		c.Stage, c.StageVariables, c.AccessLogFormat = stage.StageName, stage.StageVariables, stage.AccessLogSettings.Format
		c.Throttle = throttle(stage.DefaultRouteSettings)
		throttles = stage.RouteSettings
	}
	var errs []error
	names := map[string]string{} // of authorizers by id
	for aid, a := range template.Of[template.Authorizer](s.stack) {
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
	for rid, r := range template.Of[template.Route](s.stack) {
		if r.ApiId != api.ID() {
			continue
		}
		route, err := s.route(rid+".Properties", r, names)
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
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	handler, err := httpapi.New(c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", id, err)
	}
	return handler, nil
}

func (s *site) route(at string, r *template.Route, authorizers map[string]string) (httpapi.Route, error) {
	out := httpapi.Route{Key: r.RouteKey}
	if r.AuthorizationType != "" && r.AuthorizationType != "NONE" {
		name, ok := authorizers[r.AuthorizerId]
		if !ok {
			return out, fmt.Errorf("%s.AuthorizerId: %q is not an authorizer of the API", at, r.AuthorizerId)
		}
		out.Authorizer = name
	}
	for _, i := range template.Of[template.Integration](s.stack) {
		if i.ID() != path.Base(r.Target) {
			continue
		}
		name, ok := functionName(i.IntegrationUri)
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
	name, ok := functionName(strings.TrimSuffix(arn, "/invocations"))
	if !ok {
		return out, fmt.Errorf("%s.AuthorizerUri: %q is not that of a function", at, a.AuthorizerUri)
	}
	out.Function = name
	return out, nil
}

func throttle(s template.RouteSettings) httpapi.Throttle {
	return httpapi.Throttle{Rate: s.ThrottlingRateLimit, Burst: s.ThrottlingBurstLimit}
}

// invokeForAPI tells the API when the function is short of concurrency, or the event too large for it.
func (s *site) invokeForAPI(ctx context.Context, function string, payload []byte) (answer []byte, functionError string, err error) {
	answer, functionError, err = s.invoke(ctx, function, payload)
	var refused *lambda.Error
	if errors.As(err, &refused) {
		switch refused.Status {
		case http.StatusTooManyRequests:
			err = fmt.Errorf("%w: %w", httpapi.ErrThrottled, err)
		case http.StatusRequestEntityTooLarge:
			err = fmt.Errorf("%w: %w", httpapi.ErrTooLarge, err)
		}
	}
	return answer, functionError, err
}
