package template

import (
	"slices"
	"strings"
	"testing"
)

// apart lists the types of the second stack's resources, which CloudFront accepts from us-east-1 only.
func apart() []string {
	return []string{
		"AWS::CertificateManager::Certificate", "AWS::WAFv2::WebACL", "AWS::Logs::DeliverySource", "AWS::Logs::DeliveryDestination", "AWS::Logs::Delivery",
	}
}

// TestRegions: outside us-east-1 the first stack has no resources that CloudFront accepts from
// us-east-1 only, and the second stack has no others.
func TestRegions(t *testing.T) {
	for _, name := range elsewhere() {
		stage, region, _ := strings.Cut(name, "-")
		raw := template(t, name)
		first, second, home := parse(t, stage, region, raw), parse(t, stage, "us-east-1", template(t, stage+"-us-east-1")), load(t, stage)
		for id, r := range first.Resources {
			if slices.Contains(apart(), r.Type) {
				t.Errorf("%s: %s, a %s, cannot be created in %s", name, id, r.Type, region)
			}
		}
		for id, r := range second.Resources {
			if !slices.Contains(apart(), r.Type) {
				t.Errorf("%s: %s, a %s, belongs in the first stack", name, id, r.Type)
			}
		}
		// Together they equal the stack in us-east-1, except for the alarms on CloudFront's own metrics
		// (docs/decisions/edge.md), and the probe and its alarm, whose metrics are in us-east-1 too.
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
