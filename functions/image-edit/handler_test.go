package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/web"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

// world is a table with one image of mine, and what image-resize is asked.
type world struct {
	img      image.Image
	getErr   error
	editErr  error
	startErr error
	started  []any
}

func (w *world) Get(_ context.Context, id string) (image.Image, error) {
	if id != w.img.ID {
		return image.Image{}, fault.New(fault.NotFound, "There is no such image.")
	}
	return w.img, w.getErr
}

func (w *world) Edit(_ context.Context, i image.Image) error {
	if w.editErr == nil {
		w.img = i
	}
	return w.editErr
}

func (w *world) Start(_ context.Context, event any) error {
	w.started = append(w.started, event)
	return w.startErr
}

func newWorld(status image.Status) *world {
	return &world{img: image.Image{
		ID: "abcdefghijklmnopqrstuvwx27", Owner: "me", Status: status, Created: now, Modified: now, Upload: image.Upload{Alt: "A cat"},
	}}
}

func (w *world) send(t *testing.T, change func(*events.APIGatewayV2HTTPRequest)) (events.APIGatewayV2HTTPResponse, string) {
	t.Helper()
	data, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(data, &event); err != nil {
		t.Fatal(err)
	}
	change(&event)
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	h := &handler{images: w, resize: w, site: "https://mini.example", now: func() time.Time { return now.Add(time.Minute) }, log: logger}
	response, err := web.Adapt(h, logger)(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response, log.String()
}

func TestHandle(t *testing.T) {
	body := func(text string) func(*events.APIGatewayV2HTTPRequest) {
		return func(e *events.APIGatewayV2HTTPRequest) { e.Body = text }
	}
	as := func(owner, scopes string) func(*events.APIGatewayV2HTTPRequest) {
		return func(e *events.APIGatewayV2HTTPRequest) {
			e.RequestContext.Authorizer.Lambda = map[string]any{"owner": owner, "scopes": scopes}
		}
	}
	seen := func(tag string) func(*events.APIGatewayV2HTTPRequest) {
		return func(e *events.APIGatewayV2HTTPRequest) { e.Headers["if-match"] = tag }
	}
	tag, err := web.Digest(newWorld(image.Ready).img.View("https://mini.example", now))
	if err != nil {
		t.Fatal(err)
	}
	same := func(*events.APIGatewayV2HTTPRequest) {}
	down := errors.New("secret cause")
	tests := []struct {
		name     string
		world    *world
		change   func(*events.APIGatewayV2HTTPRequest)
		status   int
		contains string
		renewals int
	}{
		{"both", newWorld(image.Ready), same, 200, `"alt":"A cat on a roof","focus":{"x":0.25,"y":0.8},"renewing":true`, 1},
		{"alt", newWorld(image.Ready), body(`{"alt":""}`), 200, `"alt":"","focus":{"x":0.5,"y":0.5},"variants"`, 0},
		{"alt of what is pending", newWorld(image.Pending), body(`{"alt":"Soon"}`), 200, `"status":"pending"`, 0},
		{"the focus that it has", newWorld(image.Ready), body(`{"focus":{"x":0.5,"y":0.499}}`), 200, `"alt":"A cat"`, 0},
		{"the corner", newWorld(image.Ready), body(`{"focus":{"x":0,"y":1}}`), 200, `"focus":{"x":0,"y":1}`, 1},
		{"as it was seen", newWorld(image.Ready), seen(tag), 200, "", 1},
		{"not as it was seen", newWorld(image.Ready), seen(`"old"`), 412, "since you read it", 0},
		{"an admin's wish", newWorld(image.Ready), as("you", "admin"), 200, "", 1},
		{"focus of what is pending", newWorld(image.Pending), same, 409, "not ready", 0},
		{"nothing", newWorld(image.Ready), body(`{}`), 400, "nothing to change", 0},
		{"long alt", newWorld(image.Ready), body(`{"alt":"` + strings.Repeat("x", 501) + `"}`), 400, `"field":"alt"`, 0},
		{"focus outside", newWorld(image.Ready), body(`{"focus":{"x":1.01,"y":0}}`), 400, `"field":"focus"`, 0},
		{"focus of words", newWorld(image.Ready), body(`{"focus":{"x":"left","y":0}}`), 400, `"field":"focus.x"`, 0},
		{"unknown field", newWorld(image.Ready), body(`{"owner":"you"}`), 400, `"field":"owner"`, 0},
		{"another owner's", newWorld(image.Ready), as("you", "images:write"), 404, "no such image", 0},
		{"no id at all", newWorld(image.Ready), func(e *events.APIGatewayV2HTTPRequest) { e.PathParameters["id"] = "content#ab" }, 404, "", 0},
		{"without scope", newWorld(image.Ready), as("me", "images:read"), 403, "images:write", 0},
		{"changed meanwhile", &world{img: newWorld(image.Ready).img, editErr: fault.New(fault.Conflict, "Changed.")}, same, 409, "", 0},
		{"table down", &world{img: newWorld(image.Ready).img, getErr: down}, same, 500, "", 0},
		{"resize cannot be started", &world{img: newWorld(image.Ready).img, startErr: down}, same, 200, `"renewing":true`, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, log := test.world.send(t, test.change)
			if got.StatusCode != test.status || !strings.Contains(got.Body, test.contains) || strings.Contains(got.Body, "secret") {
				t.Errorf("got %d %s", got.StatusCode, got.Body)
			}
			var want []any
			if test.renewals > 0 {
				want = []any{image.Renewal{Renew: test.world.img.ID}}
			}
			if diff := cmp.Diff(want, test.world.started); diff != "" {
				t.Error(diff)
			}
			if (got.Headers["ETag"] != "") != (test.status == 200) {
				t.Errorf("tag %q", got.Headers["ETag"])
			}
			if test.world.startErr != nil && !strings.Contains(log, "secret cause") {
				t.Errorf("the log does not tell: %s", log)
			}
		})
	}
}
