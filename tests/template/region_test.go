package template

import (
	"slices"
	"strings"
	"testing"
)

// apart are the types of the second stack: what CloudFront takes from us-east-1 alone.
func apart() []string {
	return []string{
		"AWS::CertificateManager::Certificate", "AWS::WAFv2::WebACL", "AWS::Logs::DeliverySource", "AWS::Logs::DeliveryDestination", "AWS::Logs::Delivery",
	}
}

// TestRegions: in another region than us-east-1 the first stack has nothing that CloudFront takes from
// us-east-1 alone, and the second one has nothing else.
func TestRegions(t *testing.T) {
	for _, name := range elsewhere() {
		stage, region, _ := strings.Cut(name, "-")
		raw := template(t, name)
		first, second, home := parse(t, stage, region, raw), parse(t, stage, "us-east-1", template(t, stage+"-us-east-1")), load(t, stage)
		for id, r := range first.Resources {
			if slices.Contains(apart(), r.Type) {
				t.Errorf("%s: %s, a %s, cannot be made in %s", name, id, r.Type, region)
			}
		}
		for id, r := range second.Resources {
			if !slices.Contains(apart(), r.Type) {
				t.Errorf("%s: %s, a %s, belongs into the first stack", name, id, r.Type)
			}
		}
		// Together they are what one stack is in us-east-1, except for the alarms on CloudFront's own metrics
		// (docs/decisions/edge.md), and the probe and its alarm, whose metrics are in us-east-1 as well.
		both := load(t, name)
		for id, r := range home.Resources {
			edge := r.Type == "AWS::Route53::HealthCheck" ||
				r.Type == "AWS::CloudWatch::Alarm" && (strings.Contains(text(r.Properties), `"AWS/CloudFront"`) || strings.Contains(text(r.Properties), `"AWS/Route53"`))
			if _, ok := both.Resources[id]; ok == edge {
				t.Errorf("%s: %s is in the stack: %t", name, id, ok)
			}
		}
		for id, r := range second.Resources {
			if r.Condition == "" && strings.Contains(text(r.Properties), "Distribution") {
				t.Errorf("%s: %s refers to a distribution that the first deployment does not have yet", name, id)
			}
		}
	}
}
