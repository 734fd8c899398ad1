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
)

// Notification sends events of a bucket to a function or to a queue.
type Notification struct {
	Bucket         string
	ID             string // configurationId
	Event          string // s3:ObjectCreated:*, s3:ObjectRemoved:Delete, …
	Prefix, Suffix string
	Function       string // one of
	QueueARN       string // these two
}

// BucketOptions are what a Notifier needs from outside. All are required.
type BucketOptions struct {
	Client *s3.Client
	Region string
	// InvokeAsync queues an invocation so that a restart does not lose it.
	InvokeAsync func(function string, payload []byte) error
	// Send puts a message into a queue.
	Send   func(ctx context.Context, queueARN string, body []byte) error
	Logger *slog.Logger
}

// Notifier turns the webhook of the S3 server into the events of AWS, at least
// once: the server sends each only once, so what was put while
// nobody listened is found by CatchUp.
type Notifier struct {
	o    BucketOptions
	mark *mark

	mu            sync.Mutex
	notifications []Notification // nil until Begin
}

// NewNotifier returns one that leaves events for later until Begin. As a handler
// it is the webhook, which has to listen before the S3 server starts. The file
// keeps how far the events have come.
func NewNotifier(markFile string) (*Notifier, error) {
	m, err := openMark(markFile)
	if err != nil {
		return nil, err
	}
	return &Notifier{mark: m}, nil
}

// Begin starts the delivery: with the test event that S3 sends to queues, and
// with what happened before.
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

// happening is one thing that happened to an object.
type happening struct {
	bucket, key, name string // the name without "s3:"
	etag, version     string
	size              int64
	source            string // IP address
}

// ServeHTTP takes an event of the S3 server. It answers after the event is safe.
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
	ctx := context.WithoutCancel(r.Context()) // the server gives up after three seconds, we do not
	for _, record := range event.Records {
		h := happening{
			bucket: record.S3.Bucket.Name, key: record.S3.Object.Key, name: strings.TrimPrefix(record.EventName, "s3:"),
			etag: strings.Trim(record.S3.Object.ETag, `"`), version: record.S3.Object.VersionID, size: record.S3.Object.Size,
			source: record.RequestParameters.SourceIPAddress,
		}
		if h.name == "ObjectRemoved:DeleteObjects" {
			h.name = "ObjectRemoved:Delete"
		}
		if err := n.happened(ctx, h); err != nil {
			n.o.Logger.Warn("an event of a bucket waits for the next start", "bucket", h.bucket, "key", h.key, "error", err)
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
	}
}

// happened delivers to every notification that wants to know.
func (n *Notifier) happened(ctx context.Context, h happening) error {
	n.mu.Lock()
	notifications := n.notifications
	n.mu.Unlock()
	if notifications == nil {
		return nil // before the start; it is caught up
	}
	if h.key == "" { // the server does not tell the key of a form upload
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

// completed asks for what the event does not tell.
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

// CatchUp delivers the objects that appeared while nobody listened: those that are
// newer than the mark and not known to have been delivered.
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
				return fmt.Errorf("look for events of the bucket %s: %w", c.Bucket, err)
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
