package console

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/infra/local/lambda"
)

func TestCall(t *testing.T) {
	const get = `{"version":"2.0","rawPath":"/go","requestContext":{"http":{"method":"GET"}}}`
	for _, c := range []struct {
		event, answer, failure string
		want                   call
	}{
		{event: get, answer: `{"statusCode":302,"body":"moved"}`, want: call{"GET /go", 302, []byte("moved")}},
		{event: get, answer: `{"statusCode":200,"body":"AA==","isBase64Encoded":true}`, want: call{"GET /go", 200, nil}},
		{event: get, answer: `{"errorMessage":"no"}`, failure: "Unhandled", want: call{Event: "GET /go"}},
		{event: `{"type":"REQUEST","routeArn":"arn","rawPath":"/go","requestContext":{"http":{"method":"GET"}}}`, want: call{Event: "authorize GET /go"}},
		{event: `{"Records":[{"eventSource":"aws:sqs"},{"eventSource":"aws:sqs"}]}`, want: call{Event: "2 messages"}},
		{event: `{"Records":[{"eventSource":"aws:dynamodb"}]}`, want: call{Event: "1 change"}},
		{event: `{"Records":[{"EventSource":"aws:sns","Sns":{}}]}`, want: call{Event: "1 notification"}},
		{event: `{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"object":{"key":"a/b"}}}]}`, want: call{Event: "Put a/b"}},
		{event: `{"Records":[{}]}`, want: call{Event: "1 record"}},
		{event: `{"awslogs":{"data":"x"}}`, want: call{Event: "log lines"}},
		{event: `{"scheduledAt":"now"}`, answer: `{"statusCode":1}`, want: call{Event: `{"scheduledAt":"now"}`}},
		{event: `[`, want: call{Event: "["}},
	} {
		got := entry{Invocation: lambda.Invocation{Event: []byte(c.event), Answer: []byte(c.answer), Error: c.failure}}.Call()
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.event, diff)
		}
	}
}
