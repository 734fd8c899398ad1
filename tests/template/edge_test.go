package template

import (
	"slices"
	"strings"
)

func checkBehaviours(t reporter, s stack) {
	d := s.Resources["Distribution"]
	d.want(t, "Distribution", "DistributionConfig.HttpVersion", "http2and3")
	behaviours, _ := d.get("DistributionConfig.CacheBehaviors").([]any)
	got := map[string]string{"default": text(d.get("DistributionConfig.DefaultCacheBehavior.TargetOriginId"))}
	for _, b := range behaviours {
		path, _ := follow(b, "PathPattern").(string)
		got[path] = text(follow(b, "TargetOriginId"))
	}
	want := map[string]string{"/api/*": `"api"`, "/i/*": `"images-or-page"`, "/app/*": `"site-or-page"`, "/app": `"site-or-page"`, "/": `"site-or-page"`,
		"/robots.txt": `"site-or-page"`, "/favicon.ico": `"site-or-page"`, "default": `"api"`}
	if text(got) != text(want) {
		t.Errorf("Distribution: paths go to %v, want %v", got, want)
	}
	for _, b := range append(behaviours, d.get("DistributionConfig.DefaultCacheBehavior")) {
		if policy := text(follow(b, "ViewerProtocolPolicy")); policy != `"https-only"` && policy != `"redirect-to-https"` {
			t.Errorf("Distribution: %s is served without TLS", text(follow(b, "PathPattern")))
		}
		if text(follow(b, "TargetOriginId")) == `"site-or-page"` && follow(b, "Compress") != true {
			t.Errorf("Distribution: %s is not compressed", text(follow(b, "PathPattern")))
		}
		if follow(b, "ResponseHeadersPolicyId.Ref") == nil {
			t.Errorf("Distribution: %s has no ResponseHeadersPolicyId", text(follow(b, "PathPattern")))
		}
		methods, _ := follow(b, "AllowedMethods").([]any)
		if !slices.Contains(methods, any("HEAD")) {
			t.Errorf("Distribution: the AllowedMethods of %s lack HEAD", text(follow(b, "PathPattern")))
		}
	}
}

// checkViewerTLS: TLS versions are restricted if the stage has its own certificate.
// With CloudFront's certificate they cannot be.
func checkViewerTLS(t reporter, s stack) {
	d := s.Resources["Distribution"]
	aliases, _ := d.get("DistributionConfig.Aliases").([]any)
	if len(aliases) == 0 {
		d.want(t, "Distribution, without a domain", "DistributionConfig.ViewerCertificate", map[string]any{"CloudFrontDefaultCertificate": true})
	} else {
		d.want(t, "Distribution, own domain", "DistributionConfig.ViewerCertificate.MinimumProtocolVersion", "TLSv1.2_2021")
		d.want(t, "Distribution, own domain", "DistributionConfig.ViewerCertificate.SslSupportMethod", "sni-only")
	}
	origins, _ := d.get("DistributionConfig.Origins").([]any)
	for _, origin := range origins {
		if custom := follow(origin, "CustomOriginConfig"); custom != nil &&
			text(custom) != `{"OriginProtocolPolicy":"https-only","OriginSSLProtocols":["TLSv1.2"]}` {
			t.Errorf("Distribution: the CustomOriginConfig of %s is %s", text(follow(origin, "Id")), text(custom))
		}
	}
}

// checkAPIBehindTheEdge: the edge does not send the viewer's Host, to which the API answers 403, and
// its comment contains the key's version, so that CloudFormation rereads the key.
func checkAPIBehindTheEdge(t reporter, s stack) {
	const allButHost = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
	d := s.Resources["Distribution"]
	d.want(t, "Distribution, /api/*", "DistributionConfig.CacheBehaviors.0.OriginRequestPolicyId", allButHost)
	d.want(t, "Distribution, default", "DistributionConfig.DefaultCacheBehavior.OriginRequestPolicyId", map[string]any{"Ref": "VisitorHeaders"})
	d.want(t, "Distribution, origin of the API", "DistributionConfig.Origins.0.OriginCustomHeaders", []any{map[string]any{
		"HeaderName": "x-origin-key", "HeaderValue": map[string]any{"Fn::Sub": "{{resolve:secretsmanager:${EdgeKey}:SecretString:current}}"},
	}})
	if comment, _ := d.get("DistributionConfig.Comment").(string); !strings.Contains(comment, "edge key ") {
		t.Errorf("the edge would keep its old key: its comment is %q", comment)
	}
	headers := strs(s.Resources["VisitorHeaders"].get("OriginRequestPolicyConfig.HeadersConfig.Headers"))
	if len(headers) > 10 {
		t.Errorf("%d headers; a policy accepts 10", len(headers))
	}
	for _, needed := range []string{"User-Agent", "Referer", "Accept", "Accept-Language", "DNT", "Sec-GPC", "Sec-Purpose", "CloudFront-Viewer-Country", "CloudFront-Viewer-City"} {
		if !slices.Contains(headers, needed) {
			t.Errorf("the redirect does not get %s", needed)
		}
	}
	for _, refused := range []string{"Host", "Authorization", "Cookie"} {
		if slices.Contains(headers, refused) {
			t.Errorf("%s cannot be forwarded here", refused)
		}
	}
}

func checkErrorsAreNotCached(t reporter, s stack) {
	ttl := map[string]string{}
	responses, _ := s.Resources["Distribution"].get("DistributionConfig.CustomErrorResponses").([]any)
	for _, r := range responses {
		ttl[text(follow(r, "ErrorCode"))] = text(follow(r, "ErrorCachingMinTTL"))
		if follow(r, "ResponsePagePath") != nil {
			t.Errorf("error %s is replaced by a page, even for the API", text(follow(r, "ErrorCode")))
		}
	}
	// CloudFront caches these errors regardless of the origin's headers: an unknown code
	// would stay unknown after it is created.
	for _, code := range []string{"404", "405", "414", "500", "501", "502", "503", "504"} {
		if ttl[code] != "0" {
			t.Errorf("error %s is cached", code)
		}
	}
}

func checkBucketsBehindTheEdge(t reporter, s stack) {
	origins, _ := s.Resources["Distribution"].get("DistributionConfig.Origins").([]any)
	for _, origin := range origins {
		if follow(origin, "S3OriginConfig") != nil && text(follow(origin, "OriginAccessControlId")) != `{"Fn::GetAtt":["BucketAccess","Id"]}` {
			t.Errorf("Distribution: the OriginAccessControlId of %s is %s: it is read without access control", text(follow(origin, "Id")), text(follow(origin, "OriginAccessControlId")))
		}
	}
}

func checkSiteHeaders(t reporter, s stack) {
	policy := text(s.Resources["SiteHeaders"].get("ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy"))
	for _, part := range []string{"default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "connect-src 'self' http"} {
		if !strings.Contains(policy, part) {
			t.Errorf("SiteHeaders: its ContentSecurityPolicy lacks %q: %s", part, policy)
		}
	}
	// The form of bucket addresses in the SDK (shared/blob).
	if host := "https://" + s.name("uploads-${AWS::AccountId}.s3.${AWS::Region}.${AWS::URLSuffix};"); s.aws() && !strings.Contains(policy, " "+host) {
		t.Errorf("the site may not upload files to %s: %s", host, policy)
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("SiteHeaders: its ContentSecurityPolicy is unsafe: %s", policy)
	}
	for _, id := range []string{"SiteHeaders", "PlainHeaders"} {
		for _, header := range []string{"StrictTransportSecurity", "ContentTypeOptions", "ReferrerPolicy", "ContentSecurityPolicy"} {
			if s.Resources[id].get("ResponseHeadersPolicyConfig.SecurityHeadersConfig."+header) == nil {
				t.Errorf("%s lacks %s", id, header)
			}
		}
		s.Resources[id].want(t, "the names below ours are others'", "ResponseHeadersPolicyConfig.SecurityHeadersConfig.StrictTransportSecurity.IncludeSubdomains", false)
	}
}

// checkRoutes: no route can be reached without the edge. All routes of the API except health
// and sign-in require a credential; following a link never does.
func checkRoutes(t reporter, s stack) {
	for _, id := range s.of("AWS::ApiGatewayV2::Route") {
		r := s.Resources[id]
		route, _ := r.get("RouteKey").(string)
		authorizer := "HttpApiAuthorizerKeys"
		public := []string{"GET /api/health", "GET /api/session/new", "GET /api/session/callback"}
		if slices.Contains(public, route) || !strings.Contains(route, " /api/") {
			authorizer = "HttpApiAuthorizerEdge"
		}
		r.want(t, route, "AuthorizerId.Ref", authorizer)
		r.want(t, route, "AuthorizationType", "CUSTOM")
		if target := references(r.get("Target")); len(target) != 1 || s.Resources[target[0]].Type != "AWS::ApiGatewayV2::Integration" {
			t.Errorf("%s leads to %v, which is not a function", route, target)
		}
	}
	// Without the route in the identity source, permission for one route would be permission for
	// all. The function recognizes public routes by their only source.
	for id, sources := range map[string][]string{
		"HttpApiAuthorizerKeys": {"$request.header.Authorization", "$request.header.x-origin-key", "$context.routeKey"},
		"HttpApiAuthorizerEdge": {"$request.header.x-origin-key"},
	} {
		a := s.Resources[id]
		a.want(t, id, "EnableSimpleResponses", true)
		a.want(t, id, "AuthorizerPayloadFormatVersion", "2.0")
		a.want(t, id, "IdentitySource", sources)
		if ttl, _ := a.get("AuthorizerResultTtlInSeconds").(float64); ttl < 1 {
			t.Errorf("%s is not cached", id)
		}
	}
}

func checkStage(t reporter, s stack) {
	stage := s.Resources["HttpApiStage"]
	for _, limit := range []string{"ThrottlingRateLimit", "ThrottlingBurstLimit"} {
		if n, _ := stage.get("DefaultRouteSettings." + limit).(float64); n < 1 {
			t.Errorf("HttpApiStage: DefaultRouteSettings has no %s", limit)
		}
	}
	if s.aws() { // a flood would multiply the work or cost of each of these
		for _, route := range []string{"POST /api/links", "POST /api/images", "POST /api/reports"} {
			if n, _ := stage.get("RouteSettings." + route + ".ThrottlingRateLimit").(float64); n < 1 {
				t.Errorf("%s has no limit of its own", route)
			}
		}
		limited, _ := stage.get("RouteSettings").(map[string]any)
		for _, id := range s.of("AWS::ApiGatewayV2::Route") {
			key, _ := s.Resources[id].get("RouteKey").(string)
			if limited[key] != nil && !strings.Contains(text(stage.DependsOn), text(id)) {
				t.Errorf("%s may be limited before it exists, which API Gateway refuses", key)
			}
		}
	}
	stage.want(t, "the API's log", "AccessLogSettings.DestinationArn", map[string]any{"Fn::GetAtt": []string{"HttpApiLogGroup", "Arn"}})
	// The site has the same address, so no other origin needs to call the API from a browser.
	s.Resources["HttpApi"].want(t, "HttpApi", "CorsConfiguration", nil)
	format, _ := stage.get("AccessLogSettings.Format").(string)
	if !strings.HasPrefix(format, "{") || strings.Contains(format, "sourceIp") || strings.Contains(format, "context.path") {
		t.Errorf("the access log is not JSON, or contains addresses or codes: %s", format)
	}
}
