package web_test

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/web"
)

func TestLimit(t *testing.T) {
	for text, want := range map[string]int{"": 20, "1": 1, "100": 100, "0": 0, "-1": 0, "101": 0, "ten": 0, "1e1": 0, "99999999999999999999": 0} {
		r := web.Request{APIGatewayV2HTTPRequest: events.APIGatewayV2HTTPRequest{QueryStringParameters: map[string]string{"limit": text}}}
		got, err := r.Limit()
		if got != want || (want == 0) != fault.Is(err, fault.Invalid) {
			t.Errorf("limit %q: %d, %v", text, got, err)
		}
	}
}
