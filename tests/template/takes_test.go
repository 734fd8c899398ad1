package template

import (
	"fmt"
	"strings"
)

// What AWS refuses when a stack is deployed, and no schema tells before.

// checkWhatTheAPITakes: the access log's group must not need a place of its own in
// the account's policy for them, which other APIs may have filled, and two paths are
// API Gateway's own.
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

// checkWhatCloudFrontTakes: names that CloudFront keeps for itself, the length of
// its comment, and its timeout.
func checkWhatCloudFrontTakes(t reporter, s stack) {
	const version = "01234567-89ab-cdef-0123-456789abcdef"
	comment, _ := s.Resources["Distribution"].get("DistributionConfig.Comment").(string)
	if n := len(strings.Replace(comment, "first", version, 1)); n > 128 {
		t.Errorf("the comment has %d characters with a version of the key; CloudFront takes 128", n)
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

// checkAnswersBeforeRetry: after 30 seconds CloudFront asks once more, if the method is GET or
// HEAD, and a visit would count twice.
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
			t.Errorf("%s may take %v seconds, and is asked for again", text(r.get("RouteKey")), all)
		}
	}
}
