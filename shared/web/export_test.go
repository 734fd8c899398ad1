package web

import (
	"net/http"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

func TestLinked(t *testing.T) {
	asked := Request{events.APIGatewayV2HTTPRequest{RawPath: "/api/links", RawQueryString: "tag=a&tag=b%26c&cursor=old&limit=2"}}
	if got, want := Empty(http.StatusOK).Linked(asked, "new").Headers["Link"], `</api/links?cursor=new&limit=2&tag=a&tag=b%26c>; rel="next"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := Empty(http.StatusOK).Linked(asked, ""); got.Headers["Link"] != "" {
		t.Errorf("the last page has %v", got.Headers)
	}
}

func TestExportLimit(t *testing.T) {
	for _, test := range []struct {
		accept, limit string
		want          int
	}{
		{"", "", 20}, {"application/json", "100", 100}, {"text/csv", "", 1000}, {"text/csv", "7", 7}, {"text/csv;q=0.5,application/json", "", 20},
		{"", "101", 0}, {"text/csv", "1001", 0}, {"text/csv", "0", 0}, {"text/csv", "all", 0},
	} {
		r := Request{events.APIGatewayV2HTTPRequest{Headers: map[string]string{"accept": test.accept}, QueryStringParameters: map[string]string{"limit": test.limit}}}
		if got, err := r.ExportLimit(); got != test.want || (err != nil) != (test.want == 0) {
			t.Errorf("%q, limit %q: %d, %v", test.accept, test.limit, got, err)
		}
	}
}
