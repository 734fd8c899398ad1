package sources

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/minim-dev/minim/infra/local/objectkeys"
)

// Notification sends events of a bucket to a function or a queue.
type Notification struct {
	Bucket         string
	ID             string // configurationId
	Event          string // s3:ObjectCreated:*, s3:ObjectRemoved:Delete, …
	Prefix, Suffix string
	Function       string // one of
	QueueARN       string // these two
}

// BucketOptions are the dependencies of a Notifier. All are required.
type BucketOptions struct {
	Client *s3.Client
	Region string
	// InvokeAsync stores an invocation in a queue that survives a restart.
	InvokeAsync func(function string, payload []byte) error
	// Send sends a message to a queue.
	Send   func(ctx context.Context, queueARN string, body []byte) error
	Logger *slog.Logger
}

// Notifier converts webhook calls of the S3 server to the events of AWS. It delivers each
// event at least once: the server sends events only once, so CatchUp finds the objects
// that were added while nothing listened.
type Notifier struct {
	o    BucketOptions
	mark *mark

	mu            sync.Mutex
	notifications []Notification // nil until Begin
}

// NewNotifier returns a Notifier that does not deliver events before Begin. It is the
// handler of the webhook, which must listen before the S3 server starts. Its progress is
// stored in a file.
func NewNotifier(markFile string) (*Notifier, error) {
	m, err := openMark(markFile)
	if err != nil {
		return nil, err
	}
	return &Notifier{mark: m}, nil
}

// Begin starts the delivery: first the test event that S3 sends to queues, then the events
// that were missed.
func (n *Notifier) Begin(ctx context.Context, o BucketOptions, notifications []Notification) error {
	n.mu.Lock()
	n.o, n.notifications = o, append([]Notification{}, notifications...)
	n.mu.Unlock()
	for _, c := range notifications {
		if c.QueueARN == "" {
			continue
		}
		body, err := json.Marshal(map[string]string{
			"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": stamp(time.Now()), "Bucket": c.Bucket,
			"RequestId": randomID(8), "HostId": randomID(32),
		})
		if err != nil {
			return err
		}
		if err := o.Send(ctx, c.QueueARN, body); err != nil {
			return fmt.Errorf("send the test event of the bucket %s: %w", c.Bucket, err)
		}
	}
	return n.CatchUp(ctx)
}

// happening is one change of an object.
type happening struct {
	bucket, key, name string // the name of the event, without "s3:"
	etag, version     string
	size              int64
	source            string // IP address
}

// ServeHTTP accepts events of the S3 server. It answers after they are delivered.
func (n *Notifier) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var event struct {
		Records []struct {
			EventName         string
			RequestParameters struct{ SourceIPAddress string }
			S3                struct {
				Bucket struct{ Name string }
				Object struct {
					Key, ETag, VersionID string
					Size                 int64
				}
			}
		}
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&event); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	ctx := context.WithoutCancel(r.Context()) // the server disconnects after three seconds; the delivery continues
	for _, record := range event.Records {
		h := happening{
			bucket: record.S3.Bucket.Name, key: objectkeys.Decode(record.S3.Object.Key), name: strings.TrimPrefix(record.EventName, "s3:"),
			etag: strings.Trim(record.S3.Object.ETag, `"`), version: record.S3.Object.VersionID, size: record.S3.Object.Size,
			source: record.RequestParameters.SourceIPAddress,
		}
		if h.name == "ObjectRemoved:DeleteObjects" {
			h.name = "ObjectRemoved:Delete"
		}
		if err := n.happened(ctx, h); err != nil {
			n.o.Logger.Warn("cannot deliver an event of a bucket before the next start", "bucket", h.bucket, "key", h.key, "error", err)
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
	}
}

// happened delivers an event to all matching notifications.
func (n *Notifier) happened(ctx context.Context, h happening) error {
	n.mu.Lock()
	notifications := n.notifications
	n.mu.Unlock()
	if notifications == nil {
		return nil // not started yet: CatchUp delivers it
	}
	if h.key == "" { // the server omits the key of form uploads
		return n.CatchUp(ctx)
	}
	created, wanted := strings.HasPrefix(h.name, "ObjectCreated:"), false
	for _, c := range notifications {
		if !c.wants(h) {
			continue
		}
		wanted = true
		if created && (h.etag == "" || h.size == 0) {
			h = n.completed(ctx, h)
		}
		if err := n.deliver(ctx, c, h); err != nil {
			return err
		}
	}
	if created && wanted {
		return n.mark.reached(h, time.Now())
	}
	return nil
}

// completed requests the fields that are missing in the server's event.
func (n *Notifier) completed(ctx context.Context, h happening) happening {
	out, err := n.o.Client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &h.bucket, Key: &h.key})
	if err == nil {
		h.size, h.etag = aws.ToInt64(out.ContentLength), strings.Trim(aws.ToString(out.ETag), `"`)
	}
	return h
}

func (c Notification) wants(h happening) bool {
	pattern := strings.TrimPrefix(c.Event, "s3:")
	family, wildcard := strings.CutSuffix(pattern, "*")
	return c.Bucket == h.bucket && (pattern == h.name || wildcard && strings.HasPrefix(h.name, family)) &&
		strings.HasPrefix(h.key, c.Prefix) && strings.HasSuffix(h.key, c.Suffix)
}

func (n *Notifier) deliver(ctx context.Context, c Notification, h happening) error {
	payload, err := plainJSON(n.event(c, h, time.Now()))
	if err != nil {
		return err
	}
	if c.QueueARN != "" {
		return n.o.Send(ctx, c.QueueARN, payload)
	}
	return n.o.InvokeAsync(c.Function, payload)
}

// CatchUp delivers the objects that were added while nothing listened: those that are
// newer than the mark and not recorded as delivered.
func (n *Notifier) CatchUp(ctx context.Context) error {
	n.mu.Lock()
	notifications := n.notifications
	n.mu.Unlock()
	after, buckets := n.mark.since(), map[string]bool{}
	for _, c := range notifications {
		if buckets[c.Bucket] || !strings.HasPrefix(c.Event, "s3:ObjectCreated:") {
			continue
		}
		buckets[c.Bucket] = true
		pages := s3.NewListObjectsV2Paginator(n.o.Client, &s3.ListObjectsV2Input{Bucket: &c.Bucket})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return fmt.Errorf("find missed events of the bucket %s: %w", c.Bucket, err)
			}
			for _, object := range page.Contents {
				h := happening{
					bucket: c.Bucket, key: *object.Key, name: "ObjectCreated:Put", source: "127.0.0.1",
					etag: strings.Trim(aws.ToString(object.ETag), `"`), size: aws.ToInt64(object.Size),
				}
				if object.LastModified.Before(after) || n.mark.knows(h) {
					continue
				}
				if err := n.happened(ctx, h); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
