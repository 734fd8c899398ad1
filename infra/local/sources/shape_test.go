package sources

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares a text with testdata/NAME, byte by byte.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// The events of two messages: a minimal one of a standard queue, and one of a FIFO queue with all
// attributes.
func TestQueueEvent(t *testing.T) {
	p := &poller{Queue: Queue{ARN: "arn:aws:sqs:us-east-2:123456789012:my-queue"}, o: QueueOptions{Region: "us-east-2"}}
	records := []json.RawMessage{}
	for _, m := range []types.Message{
		{
			MessageId: aws.String("059f36b4-87a3-44ab-83d2-661975830a7d"), ReceiptHandle: aws.String("AQEB"), Body: aws.String("Test <message>.\n"),
			MD5OfBody: aws.String("e4e68fb7bd0e697a0ae8f1bb342846b3"),
			Attributes: map[string]string{"ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183",
				"SenderId": "AIDAIENQZJOLO23YVJ4VO", "ApproximateFirstReceiveTimestamp": "1545082649185"},
		},
		{
			MessageId: aws.String("11d6ee51-4cc7-4302-9e22-7cd8afdaadf5"), ReceiptHandle: aws.String("AQEC"), Body: aws.String(`{"a":1}`),
			MD5OfBody: aws.String("e4e68fb7bd0e697a0ae8f1bb342846b3"), MD5OfMessageAttributes: aws.String("c48838208d2b4e14e3ca0093a8443f09"),
			Attributes: map[string]string{"ApproximateReceiveCount": "2", "SentTimestamp": "1573251510774", "SequenceNumber": "18849496460467696128",
				"MessageGroupId": "1", "SenderId": "AIDA", "MessageDeduplicationId": "1", "ApproximateFirstReceiveTimestamp": "1573251510774"},
			MessageAttributes: map[string]types.MessageAttributeValue{
				"text": {DataType: aws.String("String"), StringValue: aws.String("x")}, "bytes": {DataType: aws.String("Binary"), BinaryValue: []byte{0, 255}},
			},
		},
	} {
		record, err := p.record(m)
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, record)
	}
	got, err := plainJSON(map[string]any{"Records": records})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "queue-event.json", got)
}

// The notifications of a created and a removed object, with placeholders for S3's IDs.
func TestBucketEvent(t *testing.T) {
	n := &Notifier{o: BucketOptions{Region: "us-east-2"}}
	at := time.Date(2026, 11, 21, 12, 0, 0, 123e6, time.UTC)
	c := Notification{Bucket: "b", ID: "828aa6fc"}
	for name, h := range map[string]happening{
		"bucket-created.json": {bucket: "b", key: "in/red flower+ü&%.jpg", name: "ObjectCreated:Put", etag: "b21b84d653bb07b05b1e6b33684dc11b",
			size: 1305107, source: "205.255.255.255"},
		"bucket-empty.json":   {bucket: "b", key: "empty", name: "ObjectCreated:Post", etag: "d41d8cd98f00b204e9800998ecf8427e", version: "v1", source: "127.0.0.1"},
		"bucket-removed.json": {bucket: "b", key: "in/a", name: "ObjectRemoved:Delete", source: "127.0.0.1"},
	} {
		got, err := plainJSON(n.event(c, h, at))
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, regexp.MustCompile(`"(x-amz-[a-z0-9-]+)":"[0-9A-F]+"`).ReplaceAll(got, []byte(`"$1":"ID"`)))
	}
}
