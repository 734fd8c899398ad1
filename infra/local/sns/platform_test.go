package sns

import (
	"context"
	"testing"
)

// TestPublish publishes a message of the platform itself, such as a discarded batch of a stream.
func TestPublish(t *testing.T) {
	var got []Letter
	s, err := New(Options{
		Region: "us-east-1", Account: "000000000000", Topics: []Topic{{ARN: alerts, Name: "alerts"}},
		Subscriptions: []Subscription{{ARN: alerts + ":sub", TopicARN: alerts, Protocol: "sqs", Endpoint: "arn:queue", Raw: true}},
		Queue: func(_ context.Context, _ string, l Letter) error {
			got = append(got, l)
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Publish(t.Context(), alerts, `{"given":"up"}`); err != nil || len(got) != 1 || got[0].Body != `{"given":"up"}` {
		t.Errorf("%v, %+v", err, got)
	}
	if err := s.Publish(t.Context(), alerts+"-no", "text"); err == nil {
		t.Error("a topic that is not there takes a message")
	}
}
