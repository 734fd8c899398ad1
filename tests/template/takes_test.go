package template

import (
	"fmt"
	"strings"
)

// Rules of AWS that no schema contains, and that fail only the deployment.

// checkWhatTheAPITakes: the access log's group must not need an entry in the account's
// resource policy for logs, which other APIs may have filled. Two paths are reserved by
// API Gateway.
func checkWhatTheAPITakes(t reporter, s stack) {
	if name, _ := s.Resources["HttpApiLogGroup"].get("LogGroupName").(string); !strings.HasPrefix(name, "/aws/vendedlogs/") {
		t.Errorf("the access log is %s", name)
	}
	for _, id := range s.of("AWS::ApiGatewayV2::Route") {
		key, _ := s.Resources[id].get("RouteKey").(string)
		if _, path, _ := strings.Cut(key, " "); path == "/ping" || path == "/sping" {
			t.Errorf("API Gateway answers %s itself", key)
		}
	}
}

// checkWhatCloudFrontTakes: names that CloudFront reserves, the length of its comment,
// and its timeout.
func checkWhatCloudFrontTakes(t reporter, s stack) {
	const version = "01234567-89ab-cdef-0123-456789abcdef"
	comment, _ := s.Resources["Distribution"].get("DistributionConfig.Comment").(string)
	if n := len(strings.Replace(comment, "first", version, 1)); n > 128 {
		t.Errorf("the comment has %d characters with a version of the key; CloudFront accepts 128", n)
	}
	s.checkAnswersBeforeRetry(t)
	origins, _ := s.Resources["Distribution"].get("DistributionConfig.Origins").([]any)
	for _, origin := range origins {
		headers, _ := follow(origin, "OriginCustomHeaders").([]any)
		for _, header := range headers {
			name := strings.ToLower(fmt.Sprint(follow(header, "HeaderName")))
			if strings.HasPrefix(name, "x-edge-") || strings.HasPrefix(name, "x-amz-") {
				t.Errorf("CloudFront adds no header %s", name)
			}
		}
	}
}

// checkAnswersBeforeRetry: CloudFront retries GET and HEAD requests after 30 seconds, and a visit
// would count twice.
func (s stack) checkAnswersBeforeRetry(t reporter) {
	timeout := func(function string) float64 {
		seconds, _ := s.Resources[function].get("Timeout").(float64)
		return seconds
	}
	for _, id := range s.of("AWS::ApiGatewayV2::Route") {
		r := s.Resources[id]
		integration, _ := r.get("Target.Fn::Join.1.1.Ref").(string)
		function := s.target(s.Resources[integration].get("IntegrationUri"))
		if all := timeout(function) + timeout("AuthorizeLambdaFunction"); all >= 30 || all < 2 {
			t.Errorf("%s may take %v seconds, and CloudFront would retry the request", text(r.get("RouteKey")), all)
		}
	}
}
