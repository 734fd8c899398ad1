package template

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	cachingOptimized = "658327ea-f89d-4fab-a63d-7e88639e58f6" // Managed-CachingOptimized
	cachingDisabled  = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" // Managed-CachingDisabled
)

// checkOrigins: every origin is one of our buckets, read with signed requests, or our
// API, over TLS.
func checkOrigins(t reporter, s stack) {
	buckets := map[string]bool{}
	origins, _ := s.Resources["Distribution"].get("DistributionConfig.Origins").([]any)
	for _, origin := range origins {
		id, _ := follow(origin, "Id").(string)
		bucket, _ := follow(origin, "DomainName.Fn::GetAtt.0").(string)
		buckets[id] = s.Resources[bucket].Type == "AWS::S3::Bucket"
		switch {
		case buckets[id]:
			if text(follow(origin, "S3OriginConfig")) != `{"OriginAccessIdentity":""}` || follow(origin, "DomainName.Fn::GetAtt.1") != "RegionalDomainName" {
				t.Errorf("Distribution: origin %s is not a private bucket: %s", id, text(origin))
			}
		case !slices.Contains(references(follow(origin, "DomainName")), "HttpApi") || follow(origin, "CustomOriginConfig") == nil:
			t.Errorf("Distribution: origin %s is neither a bucket of ours nor the API: %s", id, text(origin))
		}
	}
	groups, _ := s.Resources["Distribution"].get("DistributionConfig.OriginGroups.Items").([]any)
	for _, group := range groups {
		id, _ := follow(group, "Id").(string)
		first, _ := follow(group, "Members.Items.0.OriginId").(string)
		// For missing files our page answers instead of the bucket, which would return XML.
		buckets[id] = buckets[first] && follow(group, "Members.Items.1.OriginId") == "api" && text(follow(group, "FailoverCriteria.StatusCodes.Items")) == "[403,404]"
		if !buckets[id] {
			t.Errorf("Distribution: origin group %s is not a bucket with our page: %s", id, text(group))
		}
	}
	for _, b := range s.behaviours() {
		path, origin := text(follow(b, "PathPattern")), text(follow(b, "TargetOriginId"))
		bucket, known := buckets[strings.Trim(origin, `"`)]
		if !known {
			t.Errorf("Distribution: %s goes to %s, which is not an origin", path, origin)
		}
		cache, most := cachingDisabled, 7 // an answer is for one caller
		if bucket {
			if len(groups) == 0 || !strings.HasSuffix(strings.Trim(origin, `"`), "-or-page") {
				t.Errorf("Distribution: %s shows the XML of %s for missing files", path, origin)
			}
			cache, most = cachingOptimized, 2 // files are uploaded through the API only
		}
		if follow(b, "CachePolicyId") != cache {
			t.Errorf("Distribution: the CachePolicyId of %s is %s, want %s", path, text(follow(b, "CachePolicyId")), cache)
		}
		methods := strs(follow(b, "AllowedMethods"))
		if len(methods) > most || !slices.Contains([]int{2, 3, 7}, len(methods)) || !slices.Contains(methods, "GET") || !slices.Contains(methods, "HEAD") {
			t.Errorf("Distribution: the AllowedMethods of %s are %v", path, methods)
		}
	}
}

// behaviours returns the distribution's behaviours in their order, the default one last.
func (s stack) behaviours() []any {
	d := s.Resources["Distribution"]
	list, _ := d.get("DistributionConfig.CacheBehaviors").([]any)
	return append(slices.Clone(list), d.get("DistributionConfig.DefaultCacheBehavior"))
}

// checkRoutesPassTheEdge: a route's path leads to the API by a behaviour that allows its method.
func checkRoutesPassTheEdge(t reporter, s stack) {
	for _, id := range s.of("AWS::ApiGatewayV2::Route") {
		key, _ := s.Resources[id].get("RouteKey").(string)
		method, path, _ := strings.Cut(key, " ")
		if key == "$default" { // it answers all requests that the edge passes on
			continue
		}
		for _, b := range s.behaviours() {
			pattern, several := follow(b, "PathPattern").(string)
			begin, wild := strings.CutSuffix(pattern, "*")
			if several && path != pattern && !(wild && strings.HasPrefix(path, begin)) {
				continue
			}
			if follow(b, "TargetOriginId") != "api" || !slices.Contains(strs(follow(b, "AllowedMethods")), method) {
				t.Errorf("%s does not pass the edge: %s", key, text(b))
			}
			// Only their own behaviour passes the key on to the API's routes, and never in clear text.
			if strings.HasPrefix(path, "/api/") && !several {
				t.Errorf("%s takes the default behaviour, which drops the Authorization header", key)
			}
			break
		}
	}
}

// checkRouter: deep links of the site reach its page, and requests of visitors are corrected.
func checkRouter(t reporter, s stack) {
	files := map[string]string{"SiteRouter": "router.js", "VisitorEdge": "visitor.js"}
	users := s.has(t, "users")
	if users {
		files["SessionEdge"] = "session.js"
	}
	for id, file := range files {
		source, err := os.ReadFile(filepath.Join(root, "infra", "edge", file))
		if err != nil {
			t.Error(err)
		}
		s.Resources[id].want(t, id, "FunctionCode", string(source))
		if len(source) > 10_000 {
			t.Errorf("%s has %d bytes; CloudFront's limit is 10 KB", file, len(source))
		}
	}
	for _, b := range s.behaviours() {
		function := map[any]string{"site-or-page": "SiteRouter"}[follow(b, "TargetOriginId")]
		if follow(b, "PathPattern") == nil {
			function = "VisitorEdge"
		}
		want := "null"
		if follow(b, "PathPattern") == "/api/*" && users {
			function = "SessionEdge"
		}
		if function != "" {
			want = `[{"EventType":"viewer-request","FunctionARN":{"Fn::GetAtt":["` + function + `","FunctionARN"]}}]`
		}
		if got := text(follow(b, "FunctionAssociations")); got != want {
			t.Errorf("Distribution: the FunctionAssociations of %s are %s, want %s", text(follow(b, "PathPattern")), got, want)
		}
	}
}

// checkHeaders: the headers of every answer. A function that returns a page may set its
// own policies, but none may allow plain HTTP or content sniffing.
func checkHeaders(t reporter, s stack) {
	for _, id := range s.of("AWS::CloudFront::ResponseHeadersPolicy") {
		const security = "ResponseHeadersPolicyConfig.SecurityHeadersConfig."
		r := s.Resources[id]
		if age, _ := r.get(security + "StrictTransportSecurity.AccessControlMaxAgeSec").(float64); age < 365*24*60*60 {
			t.Errorf("%s: TLS is required for only %v seconds", id, age)
		}
		for _, fixed := range []string{"StrictTransportSecurity.Override", "ContentTypeOptions.Override"} {
			r.want(t, id, security+fixed, true)
		}
		if policy := text(r.get(security + "ReferrerPolicy.ReferrerPolicy")); policy != `"no-referrer"` && policy != `"same-origin"` {
			t.Errorf("%s: other sites get the referrer: %s", id, policy)
		}
		policy := text(r.get(security + "ContentSecurityPolicy.ContentSecurityPolicy"))
		for _, part := range []string{"default-src 'none'", "base-uri 'none'", "form-action ", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: its policy lacks %q: %s", id, part, policy)
			}
		}
		r.want(t, id, security+"ContentSecurityPolicy.Override", false) // our page for missing files has its own
		r.want(t, id, security+"ReferrerPolicy.Override", id == "SiteHeaders")
	}
	visitor := s.Resources["VisitorHeaders"]
	visitor.want(t, "VisitorHeaders", "OriginRequestPolicyConfig.HeadersConfig.HeaderBehavior", "whitelist")
	visitor.want(t, "VisitorHeaders", "OriginRequestPolicyConfig.QueryStringsConfig.QueryStringBehavior", "all")
	visitor.want(t, "VisitorHeaders", "OriginRequestPolicyConfig.CookiesConfig.CookieBehavior", "none")
}
