package sources

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"
)

func TestWants(t *testing.T) {
	for _, c := range []struct {
		event, prefix, suffix, name, key string
		want                             bool
	}{
		{"s3:ObjectCreated:*", "", "", "ObjectCreated:Put", "a", true},
		{"s3:ObjectCreated:*", "", "", "ObjectRemoved:Delete", "a", false},
		{"s3:ObjectCreated:Put", "", "", "ObjectCreated:Put", "a", true},
		{"s3:ObjectCreated:Put", "", "", "ObjectCreated:Post", "a", false},
		{"s3:ObjectCreated:*", "in/", ".jpg", "ObjectCreated:Put", "in/x.jpg", true},
		{"s3:ObjectCreated:*", "in/", ".jpg", "ObjectCreated:Put", "in/x.png", false},
		{"s3:ObjectCreated:*", "in/", ".jpg", "ObjectCreated:Put", "out/x.jpg", false},
	} {
		n := Notification{Bucket: "b", Event: c.event, Prefix: c.prefix, Suffix: c.suffix}
		if got := n.wants(happening{bucket: "b", key: c.key, name: c.name}); got != c.want {
			t.Errorf("%+v: got %v", c, got)
		}
	}
}

// receiver is a fake function and queue. It records the events.
type receiver struct {
	mu       sync.Mutex
	function []string
	queue    []string
}

func (r *receiver) options(client *s3.Client) BucketOptions {
	return BucketOptions{
		Client: client, Region: "us-east-1", Logger: silent(),
		InvokeAsync: func(_ string, payload []byte) error {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.function = append(r.function, string(payload))
			return nil
		},
		Send: func(_ context.Context, _ string, body []byte) error {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.queue = append(r.queue, string(body))
			return nil
		},
	}
}

// queued returns the number of messages in the queue.
func (r *receiver) queued() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.queue)
}

// events returns the function's events by object key. Like S3, events may arrive in any
// order and more than once.
func (r *receiver) events(t *testing.T) map[string]string {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	found := map[string]string{}
	for _, payload := range r.function {
		var e bucketEvent
		if err := json.Unmarshal([]byte(payload), &e); err != nil {
			t.Fatal(err)
		}
		found[e.Records[0].S3.Object.Key] = payload
	}
	return found
}

// TestNotifier checks real uploads: through the webhook, and during a restart, when the
// webhook is missed.
func TestNotifier(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "mark")
	n, err := NewNotifier(mark)
	if err != nil {
		t.Fatal(err)
	}
	var listening atomic.Pointer[Notifier]
	listening.Store(n)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { listening.Load().ServeHTTP(w, r) }))
	defer server.Close()
	client, _, _ := clients(t, server.URL)
	bucket := "uploads"
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}); err != nil {
		t.Fatal(err)
	}
	put := func(key, body string) {
		t.Helper()
		if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(body)}); err != nil {
			t.Fatal(err)
		}
	}
	put("in/before", "1") // before the start: CatchUp finds it
	put("in//early", "1") // versitygw would store it under another key
	notifications := []Notification{
		{Bucket: bucket, ID: "f", Event: "s3:ObjectCreated:*", Prefix: "in/", Function: "resize"},
		{Bucket: bucket, ID: "q", Event: "s3:ObjectRemoved:*", QueueARN: "arn:aws:sqs:us-east-1:000000000000:q"},
	}
	r := &receiver{}
	if err := n.Begin(t.Context(), r.options(client), notifications); err != nil {
		t.Fatal(err)
	}
	put("in/ä b+c%2F.jpg", "12345")
	put("out/x", "1")
	put("in/before/below", "1") // a file cannot be a folder
	const odd = "in/%C3%A4+b%2Bc%252F.jpg"
	eventually(t, "the events of four objects", func() bool { return len(r.events(t)) >= 4 })
	if d := cmp.Diff([]string{odd, "in//early", "in/before", "in/before/below"}, slices.Sorted(maps.Keys(r.events(t)))); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	checkEvent(t, r.events(t)[odd])
	key := "in/before"
	if _, err := client.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: &bucket, Delete: &types.Delete{Objects: []types.ObjectIdentifier{{Key: &key}}}}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the test event and the removal", func() bool { return r.queued() == 2 })
	if !strings.Contains(r.queue[0], `"Event":"s3:TestEvent"`) || !strings.Contains(r.queue[1], `"eventName":"ObjectRemoved:Delete"`) {
		t.Errorf("the queue got %q", r.queue)
	}

	// After a restart, the mark is read again, and one upload was missed.
	missed := &Notifier{mark: n.mark}
	listening.Store(missed)
	put("in/missed", "x")
	again, err := NewNotifier(mark)
	if err != nil {
		t.Fatal(err)
	}
	r = &receiver{}
	if err := again.Begin(t.Context(), r.options(client), notifications); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"in/missed"}, slices.Sorted(maps.Keys(r.events(t)))); d != "" {
		t.Errorf("after the restart, -want +got:\n%s", d)
	}
}

func checkEvent(t *testing.T, payload string) {
	t.Helper()
	var e map[string][]map[string]any
	if err := json.NewDecoder(bytes.NewReader([]byte(payload))).Decode(&e); err != nil {
		t.Fatal(err)
	}
	record := e["Records"][0]
	for name, want := range map[string]any{"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "awsRegion": "us-east-1"} {
		if record[name] != want {
			t.Errorf("%s is %v", name, record[name])
		}
	}
	object := record["s3"].(map[string]any)["object"].(map[string]any)
	if object["size"] != 5.0 || object["eTag"] != "827ccb0eea8a706c4c34a16891f84e7b" || object["sequencer"] == "" || object["versionId"] != nil {
		t.Errorf("object: %v", object)
	}
	bucket := record["s3"].(map[string]any)["bucket"].(map[string]any)
	if bucket["name"] != "uploads" || bucket["arn"] != "arn:aws:s3:::uploads" {
		t.Errorf("bucket: %v", bucket)
	}
}

func TestMarkIsDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mark")
	m, err := openMark(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.reached(happening{bucket: "b", key: "k", etag: "e"}, m.state.Reached); err != nil {
		t.Fatal(err)
	}
	again, err := openMark(path)
	if err != nil || !again.knows(happening{bucket: "b", key: "k", etag: "e"}) || again.knows(happening{bucket: "b", key: "k", etag: "other"}) {
		t.Errorf("read again: %+v, %v", again, err)
	}
}
