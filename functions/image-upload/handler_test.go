package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

const id = "abcdefghijklmnopqrstuvwx27"

type store struct {
	created []image.Image
	records map[string]table.IdempotencyRecord
	hidden  bool // the first read finds no record, as if another request were about to write it
	err     error
}

// recording is a store that keeps a record with each image.
type recording struct {
	*store
	record table.IdempotencyRecord
}

func (s recording) Create(ctx context.Context, i image.Image) error {
	if _, used := s.records[s.record.Key]; used {
		return table.ErrRepeated
	}
	if s.record.Key != "" {
		s.records = map[string]table.IdempotencyRecord{s.record.Key: s.record}
		s.store.records = s.records
	}
	return s.store.Create(ctx, i)
}

func (s *store) Repeated(_ context.Context, r table.IdempotencyRecord, _ time.Time) (table.IdempotencyRecord, error) {
	first, used := s.records[r.Key]
	switch {
	case !used || s.hidden:
		s.hidden = false
		return table.IdempotencyRecord{}, fault.New(fault.NotFound, "")
	case first.Request != r.Request:
		return table.IdempotencyRecord{}, fault.New(fault.Mismatch, "This Idempotency-Key was used for another request.")
	}
	return first, nil
}

func (s *store) Create(_ context.Context, i image.Image) error {
	if s.err == nil {
		s.created = append(s.created, i)
	}
	return s.err
}

// linked is a store of images with links; the code "taken" is.
type linked struct{ recording }

func (s linked) Create(ctx context.Context, i image.Image, l link.Link) error {
	if l.Code == "taken" {
		return fault.New(fault.Conflict, `The code "taken" is taken.`)
	}
	if l.Code != i.Upload.Code || l.Owner != "me" || l.Status(now) != link.Pending {
		return errors.New("not a link for later")
	}
	return s.recording.Create(ctx, i)
}

type signer struct {
	wanted blob.Upload
	err    error
}

func (s *signer) Permit(_ context.Context, u blob.Upload, good time.Duration) (blob.Permission, error) {
	s.wanted = u
	return blob.Permission{Method: "PUT", URL: "https://bucket.example/" + u.Key + "?good=" + good.String(), Headers: map[string]string{"Content-Type": u.ContentType}}, s.err
}

func send(t *testing.T, images *store, uploads *signer, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	h := &handler{
		images:  func(r table.IdempotencyRecord) imageStore { return recording{images, r} },
		links:   func(r table.IdempotencyRecord) linkStore { return linked{recording{images, r}} },
		records: images, uploads: uploads, site: "https://mini.example", newID: func() string { return id }, newLinkID: link.NewID, now: func() time.Time { return now },
	}
	response, err := web.Adapt(h, slog.New(slog.NewTextHandler(io.Discard, nil)))(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func TestHandle(t *testing.T) {
	body := func(changes ...string) string {
		fields := map[string]string{
			"filename": `"cat.jpg"`, "contentType": `"image/jpeg"`, "bytes": "1024", "sha256": `"` + strings.Repeat("ab", 32) + `"`,
		}
		for i := 0; i < len(changes); i += 2 {
			fields[changes[i]] = changes[i+1]
		}
		var parts []string
		for name, value := range fields {
			parts = append(parts, `"`+name+`":`+value)
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	tests := []struct {
		name     string
		scopes   string
		body     string
		images   store
		uploads  signer
		status   int
		contains string
	}{
		{name: "good", body: body(), status: 201, contains: `"status":"pending"`},
		{name: "with a text", body: body("alt", `"A cat"`), status: 201},
		{name: "with a link", scopes: "images:write links:write", body: body("code", `"cat"`), status: 201},
		{name: "with a link, which the scope does not allow", body: body("code", `"cat"`), status: 403, contains: "links:write"},
		{name: "with a link that is taken", scopes: "admin", body: body("code", `"taken"`), status: 409, contains: "taken"},
		{name: "with a link that cannot be", scopes: "admin", body: body("code", `"api"`), status: 400, contains: `"field":"code"`},
		{name: "by an admin", scopes: "admin", body: body(), status: 201},
		{name: "exactly 25 MB", body: body("bytes", "26214400"), status: 201},
		{name: "without scope", scopes: "images:read links:write", body: body(), status: 403, contains: "images:write"},
		{name: "no body", status: 400, contains: "empty"},
		{name: "not JSON", body: "[", status: 400},
		{name: "unknown field", body: body("id", `"mine"`), status: 400, contains: `"field":"id"`},
		{name: "wrong kind", body: body("bytes", `"many"`), status: 400, contains: `"field":"bytes"`},
		{name: "over 25 MB", body: body("bytes", "26214401"), status: 413, contains: "25.0 MB"},
		{name: "no bytes", body: body("bytes", "0"), status: 400, contains: `"field":"bytes"`},
		{name: "SVG", body: body("contentType", `"image/svg+xml"`), status: 400, contains: `"field":"contentType"`},
		{name: "bad hash", body: body("sha256", `"123"`), status: 400, contains: `"field":"sha256"`},
		{name: "no name", body: body("filename", `""`), status: 400, contains: `"field":"filename"`},
		{name: "long text", body: body("alt", `"`+strings.Repeat("x", 501)+`"`), status: 400, contains: `"field":"alt"`},
		{name: "body over 64 KB", body: body("alt", `"`+strings.Repeat("x", web.MaxBody)+`"`), status: 413},
		{name: "table down", body: body(), images: store{err: errors.New("secret cause")}, status: 500},
		{name: "no signature", body: body(), uploads: signer{err: errors.New("secret cause")}, status: 500},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.scopes == "" {
				test.scopes = "images:write"
			}
			event := events.APIGatewayV2HTTPRequest{Body: test.body}
			event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
				Lambda: map[string]any{"owner": "me", "scopes": test.scopes},
			}
			got := send(t, &test.images, &test.uploads, event)
			if got.StatusCode != test.status || !strings.Contains(got.Body, test.contains) || strings.Contains(got.Body, "secret") {
				t.Errorf("got %d %s", got.StatusCode, got.Body)
			}
			if made := len(test.images.created) == 1; made != (test.status == 201) || made != (got.Headers["Location"] == "/api/images/"+id) {
				t.Errorf("created %v, location %q", test.images.created, got.Headers["Location"])
			}
		})
	}
}

// TestIdempotency: the same request with the same key gets the same image and another permission.
func TestIdempotency(t *testing.T) {
	data, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var images store
	post := func(change func(*events.APIGatewayV2HTTPRequest)) events.APIGatewayV2HTTPResponse {
		var event events.APIGatewayV2HTTPRequest
		if err := json.Unmarshal(data, &event); err != nil {
			t.Fatal(err)
		}
		event.Headers["idempotency-key"] = "k"
		change(&event)
		return send(t, &images, &signer{}, event)
	}
	same := func(*events.APIGatewayV2HTTPRequest) {}
	first := post(same)
	for _, again := range []events.APIGatewayV2HTTPResponse{
		post(same),
		post(func(*events.APIGatewayV2HTTPRequest) { images.hidden = true }),
	} {
		if again.StatusCode != 201 || again.Body != first.Body || again.Headers["Location"] != first.Headers["Location"] || len(images.created) != 1 {
			t.Errorf("again: %d %s, %d images", again.StatusCode, again.Body, len(images.created))
		}
	}
	if got := post(func(e *events.APIGatewayV2HTTPRequest) { e.Body = strings.Replace(e.Body, "1024", "1025", 1) }); got.StatusCode != 422 {
		t.Errorf("another file: %d %s", got.StatusCode, got.Body)
	}
	if got := post(func(e *events.APIGatewayV2HTTPRequest) { e.Headers["idempotency-key"] = strings.Repeat("x", 256) }); got.StatusCode != 400 || len(images.created) != 1 {
		t.Errorf("a long key: %d %s", got.StatusCode, got.Body)
	}
}

func TestEvent(t *testing.T) {
	data, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(data, &event); err != nil {
		t.Fatal(err)
	}
	var images store
	var uploads signer
	got := send(t, &images, &uploads, event)
	want := `{"id":"abcdefghijklmnopqrstuvwx27","status":"pending","upload":{"method":"PUT",` +
		`"url":"https://bucket.example/uploads/abcdefghijklmnopqrstuvwx27?good=15m0s",` +
		`"headers":{"Content-Type":"image/jpeg"},"expiresAt":"2026-11-21T03:15:00.000Z"}}`
	if got.StatusCode != 201 || got.Body != want {
		t.Errorf("got  %d %s\nwant %s", got.StatusCode, got.Body, want)
	}
	wanted := blob.Upload{Key: "uploads/" + id, ContentType: "image/jpeg", Bytes: 1024}
	for i := range wanted.SHA256 {
		wanted.SHA256[i] = 0xAB
	}
	if diff := cmp.Diff(wanted, uploads.wanted); diff != "" {
		t.Error(diff)
	}
	record := []image.Image{{
		ID: id, Owner: "me", Status: image.Pending, Created: now, Modified: now,
		Upload: image.Upload{Filename: "cat.jpg", ContentType: "image/jpeg", Bytes: 1024, SHA256: strings.Repeat("ab", 32), Alt: "A cat"},
	}}
	if diff := cmp.Diff(record, images.created); diff != "" {
		t.Error(diff)
	}
}
