package plan

import (
	"errors"
	"fmt"

	"github.com/minim-dev/minim/infra/local/cloudfront"
	"github.com/minim-dev/minim/infra/local/template"
)

// distributions plans the stack's distributions. Their origins are APIs and buckets of the stack.
func (p *planner) distributions(plan *Plan) (all []cloudfront.Config, err error) {
	known := map[string]bool{} // domain names of origins
	for domain := range plan.Origins {
		known[domain] = true
	}
	for _, api := range plan.APIs {
		known[api.Domain] = true
	}
	for _, url := range template.Of[template.FunctionURL](p.stack) {
		known[url.Host()] = true
	}
	var errs []error
	for id, d := range template.Of[template.Distribution](p.stack) {
		c, err := p.distribution(id, d, known)
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

func (p *planner) distribution(id string, d *template.Distribution, known map[string]bool) (cloudfront.Config, error) {
	config := d.DistributionConfig
	c := cloudfront.Config{ID: d.ID(), Origins: map[string]cloudfront.Origin{}, Groups: map[string]cloudfront.Group{}, DefaultRootObject: config.DefaultRootObject}
	var errs []error
	for i, o := range config.Origins {
		if !known[o.DomainName] {
			errs = append(errs, fmt.Errorf("%s.Properties.DistributionConfig.Origins[%d].DomainName: %q is neither an API nor a bucket of the stack", id, i, o.DomainName))
		}
		headers := map[string]string{}
		for _, h := range o.OriginCustomHeaders {
			headers[h.HeaderName] = h.HeaderValue
		}
		c.Origins[o.ID] = cloudfront.Origin{Domain: o.DomainName, Path: o.OriginPath, Headers: headers}
	}
	for i, g := range config.OriginGroups.Items {
		members := g.Members.Items
		if len(members) != 2 {
			errs = append(errs, fmt.Errorf("%s.Properties.DistributionConfig.OriginGroups.Items[%d].Members: %d members; CloudFront requires two", id, i, len(members)))
			continue
		}
		c.Groups[g.ID] = cloudfront.Group{First: members[0].OriginId, Second: members[1].OriginId, Statuses: g.FailoverCriteria.StatusCodes.Items}
	}
	for i, b := range config.CacheBehaviors {
		behavior, err := p.behavior(fmt.Sprintf("%s.Properties.DistributionConfig.CacheBehaviors[%d]", id, i), b)
		if err != nil {
			errs = append(errs, err)
		}
		c.Behaviors = append(c.Behaviors, behavior)
	}
	var err error
	if c.Default, err = p.behavior(id+".Properties.DistributionConfig.DefaultCacheBehavior", config.DefaultCacheBehavior); err != nil {
		errs = append(errs, err)
	}
	return c, errors.Join(errs...)
}

func (p *planner) behavior(at string, b template.Behavior) (cloudfront.Behavior, error) {
	out := cloudfront.Behavior{PathPattern: b.PathPattern, Origin: b.TargetOriginId, AllowedMethods: b.AllowedMethods}
	cache, compresses, ok := p.cachePolicy(b.CachePolicyId)
	if !ok {
		return out, fmt.Errorf("%s.CachePolicyId: %q is not a cache policy that the local cloud supports", at, b.CachePolicyId)
	}
	out.Compress = b.Compress && compresses
	out.Forward = append(out.Forward, cache)
	if b.OriginRequestPolicyId != "" {
		policy, ok := p.requestPolicy(b.OriginRequestPolicyId)
		if !ok {
			return out, fmt.Errorf("%s.OriginRequestPolicyId: %q is not an origin request policy that the local cloud supports", at, b.OriginRequestPolicyId)
		}
		out.Forward = append(out.Forward, policy)
	}
	if b.ResponseHeadersPolicyId != "" {
		if out.ResponseHeaders, ok = p.responsePolicy(b.ResponseHeadersPolicyId); !ok {
			return out, fmt.Errorf("%s.ResponseHeadersPolicyId: %q is not a response headers policy that the local cloud supports", at, b.ResponseHeadersPolicyId)
		}
	}
	for i, a := range b.FunctionAssociations {
		for _, f := range template.Of[template.EdgeFunction](p.stack) {
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

// cachingDisabled is the ID of the managed policy CachingDisabled. It disables compression.
const cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"

func (p *planner) cachePolicy(id string) (policy cloudfront.RequestPolicy, compresses, ok bool) {
	for _, v := range template.Of[template.CachePolicy](p.stack) {
		if v.ID() == id {
			key := v.CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin
			return selected(key.HeadersConfig, key.CookiesConfig, key.QueryStringsConfig),
				key.EnableAcceptEncodingGzip && v.CachePolicyConfig.MaxTTL > 0, true
		}
	}
	policy, ok = cloudfront.ManagedRequestPolicy(id)
	return policy, id != cachingDisabled, ok
}

func (p *planner) requestPolicy(id string) (cloudfront.RequestPolicy, bool) {
	for _, v := range template.Of[template.OriginRequestPolicy](p.stack) {
		if v.ID() == id {
			c := v.OriginRequestPolicyConfig
			return selected(c.HeadersConfig, c.CookiesConfig, c.QueryStringsConfig), true
		}
	}
	return cloudfront.ManagedRequestPolicy(id)
}

func selected(h template.Headers, c template.Cookies, q template.QueryStrings) cloudfront.RequestPolicy {
	return cloudfront.RequestPolicy{
		Headers:      cloudfront.Selection{Behavior: h.HeaderBehavior, Names: h.Headers},
		Cookies:      cloudfront.Selection{Behavior: c.CookieBehavior, Names: c.Cookies},
		QueryStrings: cloudfront.Selection{Behavior: q.QueryStringBehavior, Names: q.QueryStrings},
	}
}

func (p *planner) responsePolicy(id string) (cloudfront.ResponsePolicy, bool) {
	for _, v := range template.Of[template.ResponseHeadersPolicy](p.stack) {
		if v.ID() != id {
			continue
		}
		c := v.ResponseHeadersPolicyConfig
		out := cloudfront.ResponsePolicy{Set: securityHeaders(v)}
		for _, h := range c.CustomHeadersConfig.Items {
			out.Set = append(out.Set, cloudfront.SetHeader{Name: h.Header, Value: h.Value, Override: h.Override})
		}
		for _, h := range c.RemoveHeadersConfig.Items {
			out.Remove = append(out.Remove, h.Header)
		}
		return out, true
	}
	return cloudfront.ManagedResponsePolicy(id)
}

func securityHeaders(policy *template.ResponseHeadersPolicy) (set []cloudfront.SetHeader) {
	c := policy.ResponseHeadersPolicyConfig.SecurityHeadersConfig
	add := func(name, value string, override bool) {
		set = append(set, cloudfront.SetHeader{Name: name, Value: value, Override: override})
	}
	if v := c.StrictTransportSecurity; v != nil {
		add("Strict-Transport-Security", cloudfront.StrictTransportSecurity(v.AccessControlMaxAgeSec, v.IncludeSubdomains, v.Preload), v.Override)
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
