package delivery

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/infra/local/sns"
)

const (
	standard = "arn:aws:sqs:us-east-1:000000000000:work"
	fifo     = "arn:aws:sqs:us-east-1:000000000000:work.fifo"
)

// queues returns a Delivery with a fake SQS that records its messages.
func queues(t *testing.T) (d *Delivery, sent *[]map[string]any) {
	t.Helper()
	sent = &[]map[string]any{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var message map[string]any
		if err != nil || json.Unmarshal(body, &message) != nil || !strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".SendMessage") {
			t.Errorf("%s %s %v", r.Header, body, err)
		}
		*sent = append(*sent, message)
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = io.WriteString(w, `{"MessageId":"1"}`)
	}))
	t.Cleanup(server.Close)
	client := sqs.New(sqs.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, DisableMessageChecksumValidation: true,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
	return &Delivery{Queues: client, QueueURLs: map[string]string{standard: server.URL + "/work", fifo: server.URL + "/work.fifo"}}, sent
}

func text(value string) map[string]any {
	return map[string]any{"DataType": "String", "StringValue": value}
}

func TestMessages(t *testing.T) {
	letter := sns.Letter{Body: "b", Group: "g", Deduplication: "d", Attributes: map[string]sns.Attribute{
		"kind": {Type: "String", Value: "x"}, "raw": {Type: "Binary", Value: "AQI="},
	}}
	attributes := map[string]any{"kind": text("x"), "raw": map[string]any{"DataType": "Binary", "BinaryValue": "AQI="}}
	for name, c := range map[string]struct {
		send func(*Delivery) error
		want map[string]any
	}{
		"record": {func(d *Delivery) error { return d.Send(t.Context(), standard, []byte(`{"a":1}`)) }, map[string]any{"MessageBody": `{"a":1}`}},
		"dead letter": {func(d *Delivery) error {
			return d.SendDead(t.Context(), standard, []byte("event"), map[string]string{"ErrorCode": "200", "RequestID": "r"})
		}, map[string]any{"MessageBody": "event", "MessageAttributes": map[string]any{
			"ErrorCode": map[string]any{"DataType": "Number", "StringValue": "200"}, "RequestID": text("r"),
		}}},
		"letter": {func(d *Delivery) error { return d.Letter(t.Context(), standard, letter) },
			map[string]any{"MessageBody": "b", "MessageAttributes": attributes}},
		"letter of a FIFO topic": {func(d *Delivery) error { return d.Letter(t.Context(), fifo, letter) },
			map[string]any{"MessageBody": "b", "MessageAttributes": attributes, "MessageGroupId": "g", "MessageDeduplicationId": "d"}},
	} {
		t.Run(name, func(t *testing.T) {
			d, sent := queues(t)
			if err := c.send(d); err != nil {
				t.Fatal(err)
			}
			if len(*sent) != 1 {
				t.Fatalf("sent %v", *sent)
			}
			delete((*sent)[0], "QueueUrl")
			if diff := cmp.Diff(c.want, (*sent)[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUndeliverable(t *testing.T) {
	d, sent := queues(t)
	bad := sns.Letter{Attributes: map[string]sns.Attribute{"raw": {Type: "Binary", Value: "?"}}}
	for want, err := range map[string]error{
		"the stack has no queue, topic or function " + standard + "2": d.Send(t.Context(), standard+"2", nil),
		"the stack has no queue, topic or function arn:x":             d.SendDead(t.Context(), "arn:x", nil, nil),
		"the attribute raw is not base64":                             d.Letter(t.Context(), standard, bad),
		standard + " is not the ARN of a function":                    d.Function(t.Context(), standard, nil),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if len(*sent) != 0 {
		t.Errorf("sent %v", *sent)
	}
}
