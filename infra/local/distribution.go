package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/minim-dev/minim/infra/local/edge"
	"github.com/minim-dev/minim/infra/local/template"
)

// front is what answers on the port: the distribution, or the API of a stack
// without one, and the local cloud's own pages.
func (s *site) front(accessLog, output io.Writer) (http.Handler, error) {
	var errs []error
	origins := map[string]http.Handler{} // by domain
	main := http.NotFoundHandler()
	for id, api := range template.Of[template.API](s.stack) {
		handler, err := s.gateway(id, api, accessLog)
		errs = append(errs, err)
		origins[api.Domain()] = handler
		main = handler
	}
	for _, b := range template.Of[template.Bucket](s.stack) {
		origin := s.bucketOrigin(b.BucketName)
		origins[b.BucketName+".s3."+region+".amazonaws.com"] = origin
		origins[b.BucketName+".s3.amazonaws.com"] = origin
	}
	for id, d := range template.Of[template.Distribution](s.stack) {
		handler, err := s.distribution(id, d, origins, output)
		errs = append(errs, err)
		main = handler
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	console := s.console()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/_local/") {
			console.ServeHTTP(w, r)
			return
		}
		main.ServeHTTP(w, r)
	}), nil
}

// bucketOrigin reads a bucket as a distribution does, with a signature. The
// address of S3 is known only when the first request comes.
func (s *site) bucketOrigin(name string) http.Handler {
	open := sync.OnceValue(func() http.Handler {
		return &edge.Bucket{Endpoint: s.parts.S3, Name: name, Sign: s.sign}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { open().ServeHTTP(w, r) })
}

func (s *site) sign(r *http.Request) error {
	const unsigned = "UNSIGNED-PAYLOAD"
	r.Header.Set("X-Amz-Content-Sha256", unsigned)
	who := aws.Credentials{AccessKeyID: accessKey, SecretAccessKey: s.secretKey}
	return v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }).
		SignHTTP(r.Context(), who, r, unsigned, "s3", region, time.Now())
}

func (s *site) distribution(id string, d *template.Distribution, origins map[string]http.Handler, output io.Writer) (http.Handler, error) {
	config := d.DistributionConfig
	c := edge.Config{ID: d.ID(), Origins: map[string]edge.Origin{}, DefaultRootObject: config.DefaultRootObject, Output: output}
	var errs []error
	for i, o := range config.Origins {
		handler, ok := origins[o.DomainName]
		if !ok {
			errs = append(errs, fmt.Errorf("%s.Properties.DistributionConfig.Origins[%d].DomainName: %q is neither an API nor a bucket of the stack", id, i, o.DomainName))
		}
		headers := map[string]string{}
		for _, h := range o.OriginCustomHeaders {
			headers[h.HeaderName] = h.HeaderValue
		}
		c.Origins[o.ID] = edge.Origin{Handler: handler, Domain: o.DomainName, Path: o.OriginPath, Headers: headers}
	}
	for i, b := range config.CacheBehaviors {
		behavior, err := s.behavior(fmt.Sprintf("%s.Properties.DistributionConfig.CacheBehaviors[%d]", id, i), b)
		if err != nil {
			errs = append(errs, err)
		}
		c.Behaviors = append(c.Behaviors, behavior)
	}
	var err error
	if c.Default, err = s.behavior(id+".Properties.DistributionConfig.DefaultCacheBehavior", config.DefaultCacheBehavior); err != nil {
		errs = append(errs, err)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	handler, err := edge.New(c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", id, err)
	}
	return handler, nil
}

func (s *site) behavior(at string, b template.Behavior) (edge.Behavior, error) {
	out := edge.Behavior{PathPattern: b.PathPattern, Origin: b.TargetOriginId, AllowedMethods: b.AllowedMethods}
	cache, compresses, ok := s.cachePolicy(b.CachePolicyId)
	if !ok {
		return out, fmt.Errorf("%s.CachePolicyId: %q is not a cache policy that the local cloud knows", at, b.CachePolicyId)
	}
	out.Compress = b.Compress && compresses
	out.Forward = append(out.Forward, cache)
	if b.OriginRequestPolicyId != "" {
		policy, ok := s.requestPolicy(b.OriginRequestPolicyId)
		if !ok {
			return out, fmt.Errorf("%s.OriginRequestPolicyId: %q is not an origin request policy that the local cloud knows", at, b.OriginRequestPolicyId)
		}
		out.Forward = append(out.Forward, policy)
	}
	if b.ResponseHeadersPolicyId != "" {
		if out.ResponseHeaders, ok = s.responsePolicy(b.ResponseHeadersPolicyId); !ok {
			return out, fmt.Errorf("%s.ResponseHeadersPolicyId: %q is not a response headers policy that the local cloud knows", at, b.ResponseHeadersPolicyId)
		}
	}
	for i, a := range b.FunctionAssociations {
		for _, f := range template.Of[template.EdgeFunction](s.stack) {
			if f.ARN() == a.FunctionARN && a.EventType == "viewer-request" && f.FunctionConfig.Runtime == "cloudfront-js-2.0" {
				out.ViewerRequest = f.FunctionCode
			}
		}
		if out.ViewerRequest == "" {
			return out, fmt.Errorf("%s.FunctionAssociations[%d]: the local cloud supports viewer-request with a cloudfront-js-2.0 function of the stack", at, i)
		}
	}
	return out, nil
}

// cachingDisabled is the managed policy of that name, with which nothing is compressed.
const cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"

func (s *site) cachePolicy(id string) (policy edge.RequestPolicy, compresses, ok bool) {
	for _, p := range template.Of[template.CachePolicy](s.stack) {
		if p.ID() == id {
			key := p.CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin
			return selected(key.HeadersConfig, key.CookiesConfig, key.QueryStringsConfig),
				key.EnableAcceptEncodingGzip && p.CachePolicyConfig.MaxTTL > 0, true
		}
	}
	policy, ok = edge.ManagedRequestPolicy(id)
	return policy, id != cachingDisabled, ok
}

func (s *site) requestPolicy(id string) (edge.RequestPolicy, bool) {
	for _, p := range template.Of[template.OriginRequestPolicy](s.stack) {
		if p.ID() == id {
			c := p.OriginRequestPolicyConfig
			return selected(c.HeadersConfig, c.CookiesConfig, c.QueryStringsConfig), true
		}
	}
	return edge.ManagedRequestPolicy(id)
}

func selected(h template.Headers, c template.Cookies, q template.QueryStrings) edge.RequestPolicy {
	return edge.RequestPolicy{
		Headers:      edge.Selection{Behavior: h.HeaderBehavior, Names: h.Headers},
		Cookies:      edge.Selection{Behavior: c.CookieBehavior, Names: c.Cookies},
		QueryStrings: edge.Selection{Behavior: q.QueryStringBehavior, Names: q.QueryStrings},
	}
}

func (s *site) responsePolicy(id string) (edge.ResponsePolicy, bool) {
	for _, p := range template.Of[template.ResponseHeadersPolicy](s.stack) {
		if p.ID() != id {
			continue
		}
		c := p.ResponseHeadersPolicyConfig
		out := edge.ResponsePolicy{Set: securityHeaders(p)}
		for _, h := range c.CustomHeadersConfig.Items {
			out.Set = append(out.Set, edge.SetHeader{Name: h.Header, Value: h.Value, Override: h.Override})
		}
		for _, h := range c.RemoveHeadersConfig.Items {
			out.Remove = append(out.Remove, h.Header)
		}
		return out, true
	}
	return edge.ManagedResponsePolicy(id)
}

func securityHeaders(p *template.ResponseHeadersPolicy) (set []edge.SetHeader) {
	c := p.ResponseHeadersPolicyConfig.SecurityHeadersConfig
	add := func(name, value string, override bool) {
		set = append(set, edge.SetHeader{Name: name, Value: value, Override: override})
	}
	if v := c.StrictTransportSecurity; v != nil {
		add("Strict-Transport-Security", edge.StrictTransportSecurity(v.AccessControlMaxAgeSec, v.IncludeSubdomains, v.Preload), v.Override)
	}
	if v := c.ContentTypeOptions; v != nil {
		add("X-Content-Type-Options", "nosniff", v.Override)
	}
	if v := c.FrameOptions; v != nil {
		add("X-Frame-Options", v.FrameOption, v.Override)
	}
	if v := c.ReferrerPolicy; v != nil {
		add("Referrer-Policy", v.ReferrerPolicy, v.Override)
	}
	if v := c.ContentSecurityPolicy; v != nil {
		add("Content-Security-Policy", v.ContentSecurityPolicy, v.Override)
	}
	return set
}
