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

// checkWhatCloudFrontTakes: names that CloudFront keeps for itself.
func checkWhatCloudFrontTakes(t reporter, s stack) {
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
