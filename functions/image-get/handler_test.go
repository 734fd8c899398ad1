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

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/web"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

const id = "abcdefghijklmnopqrstuvwx27"

type store struct {
	img image.Image
	err error
}

func (s store) Get(_ context.Context, id string) (image.Image, error) {
	if s.err == nil && id != s.img.ID {
		return image.Image{}, fault.New(fault.NotFound, "There is no such image.")
	}
	return s.img, s.err
}

func img(status image.Status) image.Image {
	i := image.Image{
		ID: id, Owner: "me", Status: status, Created: now, Modified: now,
		Upload: image.Upload{Filename: "cat.jpg", ContentType: "image/jpeg", Bytes: 1024, Alt: "A cat"},
	}
	switch status {
	case image.Ready:
		i.Content = image.Content{
			Type: image.JPEG, Width: 400, Height: 300, Color: "#112233", Placeholder: "L0", ThumbHash: "3/cJ",
			Variants: []image.Variant{{Name: "w320", Key: "i/ab/cd/w320.jpg", Type: image.JPEG, Width: 320, Height: 240, Bytes: 99}},
		}
	case image.Failed:
		i.Refusal = &image.Refusal{Code: image.TooWide, Message: "Too wide.", Limit: 20000, Actual: 20001}
	}
	return i
}

func send(t *testing.T, images store, at time.Time, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	h := &handler{images: images, site: "https://mini.example", now: func() time.Time { return at }}
	response, err := web.Adapt(h, slog.New(slog.NewTextHandler(io.Discard, nil)))(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func TestHandle(t *testing.T) {
	tests := []struct {
		name     string
		owner    string
		scopes   string
		id       string
		images   store
		after    time.Duration
		status   int
		contains string
	}{
		{name: "pending", images: store{img: img(image.Pending)}, status: 200, contains: `"status":"pending","filename":"cat.jpg","contentType":"image/jpeg","bytes":1024,"alt":"A cat","focus":{"x":0.5,"y":0.5},"variants":[]`},
		{name: "processing", images: store{img: img(image.Processing)}, status: 200, contains: `"status":"processing"`},
		{name: "failed", images: store{img: img(image.Failed)}, status: 200, contains: `"error":{"code":"side","message":"Too wide.","limit":20000,"actual":20001}`},
		{name: "never arrived", images: store{img: img(image.Pending)}, after: 61 * time.Minute, status: 200, contains: `"status":"failed","error":{"code":"expired"`},
		{name: "ready stays", images: store{img: img(image.Ready)}, after: 1000 * time.Hour, status: 200, contains: `"status":"ready"`},
		{name: "an admin's look", owner: "you", scopes: "admin", images: store{img: img(image.Ready)}, status: 200},
		{name: "another owner's", owner: "you", images: store{img: img(image.Ready)}, status: 404, contains: "There is no such image."},
		{name: "unknown", images: store{}, status: 404, contains: "There is no such image."},
		{name: "no id at all", id: "content#ab#cd", scopes: "admin", images: store{err: errors.New("secret: it was looked up")}, status: 404},
		{name: "without scope", scopes: "images:write", images: store{img: img(image.Ready)}, status: 403, contains: "images:read"},
		{name: "table down", images: store{err: errors.New("secret cause")}, status: 500},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			or := func(s, otherwise string) string {
				if s == "" {
					return otherwise
				}
				return s
			}
			event := events.APIGatewayV2HTTPRequest{PathParameters: map[string]string{"id": or(test.id, id)}}
			event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
				Lambda: map[string]any{"owner": or(test.owner, "me"), "scopes": or(test.scopes, "images:read")},
			}
			got := send(t, test.images, now.Add(test.after), event)
			if got.StatusCode != test.status || !strings.Contains(got.Body, test.contains) || strings.Contains(got.Body, "secret") {
				t.Errorf("got %d %s", got.StatusCode, got.Body)
			}
		})
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
	got := send(t, store{img: img(image.Ready)}, now, event)
	want := `{"id":"abcdefghijklmnopqrstuvwx27","status":"ready","filename":"cat.jpg","contentType":"image/jpeg","bytes":1024,` +
		`"width":400,"height":300,"color":"#112233","placeholder":"L0","thumbHash":"3/cJ","alt":"A cat","focus":{"x":0.5,"y":0.5},` +
		`"srcset":"https://mini.example/i/ab/cd/w320.jpg 320w","sizes":"(max-width: 320px) 100vw, 320px",` +
		`"variants":[{"name":"w320","width":320,"height":240,"contentType":"image/jpeg","bytes":99,"url":"https://mini.example/i/ab/cd/w320.jpg"}],` +
		`"createdAt":"2026-11-21T03:00:00.000Z"}`
	if got.StatusCode != 200 || got.Body != want {
		t.Errorf("got  %d %s\nwant %s", got.StatusCode, got.Body, want)
	}
}

// Who has seen the image as it is gets 304, until it changes.
func TestPolling(t *testing.T) {
	event := events.APIGatewayV2HTTPRequest{PathParameters: map[string]string{"id": id}, Headers: map[string]string{}}
	event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		Lambda: map[string]any{"owner": "me", "scopes": "images:read"},
	}
	for _, status := range []image.Status{image.Pending, image.Processing, image.Ready} {
		for _, want := range []int{200, 304} {
			got := send(t, store{img: img(status)}, now, event)
			if got.StatusCode != want || got.Headers["ETag"] == "" || (got.Body == "") != (want == 304) {
				t.Errorf("%s: %d with tag %s, want %d", status, got.StatusCode, got.Headers["ETag"], want)
			}
			event.Headers["if-none-match"] = got.Headers["ETag"]
		}
	}
}
