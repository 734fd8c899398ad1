package web_test

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/web"
)

func TestTagged(t *testing.T) {
	full := web.JSON(200, "seen")
	for list, want := range map[string]int{
		"": 200, `"b"`: 200, `"a"`: 304, `W/"a"`: 304, `"b", "a"`: 304, "*": 304, "a": 200,
	} {
		asked := web.Request{APIGatewayV2HTTPRequest: events.APIGatewayV2HTTPRequest{Headers: map[string]string{"if-none-match": list}}}
		got := full.Tagged(asked, `"a"`)
		if got.Status != want || got.Headers["ETag"] != `"a"` || got.Headers["Cache-Control"] != "private, no-cache" {
			t.Errorf("If-None-Match %s: %+v", list, got)
		}
		if typed := got.Headers["Content-Type"] != ""; typed != (want == 200) {
			t.Errorf("If-None-Match %s: %+v", list, got.Headers)
		}
	}
}

func TestDigest(t *testing.T) {
	type view struct{ N int }
	one, err := web.Digest(view{1})
	again, _ := web.Digest(view{1})
	two, _ := web.Digest(view{2})
	if err != nil || one != again || one == two || one[0] != '"' {
		t.Errorf("%s, %s, %s, %v", one, again, two, err)
	}
	if _, err := web.Digest(func() {}); err == nil {
		t.Error("a function got a digest")
	}
}
