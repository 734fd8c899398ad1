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

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/web"
)

var now = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)

// world is a table with one image of mine, and what image-sweep is asked.
type world struct {
	changes  int // how often the image still changes before we write
	deleted  bool
	err      error
	startErr error
	swept    []any
}

func (w *world) Get(_ context.Context, id string) (image.Image, error) {
	if w.deleted || id != "abcdefghijklmnopqrstuvwx27" {
		return image.Image{}, fault.New(fault.NotFound, "There is no such image.")
	}
	return image.Image{ID: id, Owner: "me", Status: image.Ready, Version: 9 - w.changes}, w.err
}

func (w *world) Delete(_ context.Context, i image.Image, at time.Time) error {
	if w.changes > 0 {
		w.changes--
		return fault.New(fault.Conflict, "The image has just been changed.")
	}
	w.deleted = i.Version == 9 && at.Equal(now)
	return nil
}

func (w *world) Start(_ context.Context, event any) error {
	w.swept = append(w.swept, event)
	return w.startErr
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
	if change != nil {
		change(&event)
	}
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	h := &handler{images: w, sweep: w, now: func() time.Time { return now }, log: logger}
	response, err := web.Adapt(h, logger)(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response, log.String()
}

func TestHandle(t *testing.T) {
	as := func(owner, scopes string) func(*events.APIGatewayV2HTTPRequest) {
		return func(e *events.APIGatewayV2HTTPRequest) {
			e.RequestContext.Authorizer.Lambda = map[string]any{"owner": owner, "scopes": scopes}
		}
	}
	tests := []struct {
		name   string
		world  world
		change func(*events.APIGatewayV2HTTPRequest)
		status int
	}{
		{"mine", world{}, nil, 204},
		{"mine, changed twice meanwhile", world{changes: 2}, nil, 204},
		{"mine, changed all the time", world{changes: 9}, nil, 409},
		{"an admin's wish", world{}, as("you", "admin"), 204},
		{"another owner's", world{}, as("you", "images:write"), 404},
		{"deleted before", world{deleted: true}, nil, 404},
		{"no id at all", world{}, func(e *events.APIGatewayV2HTTPRequest) { e.PathParameters["id"] = "content#ab#cd" }, 404},
		{"without scope", world{}, as("me", "images:read"), 403},
		{"table down", world{err: errors.New("secret cause")}, nil, 500},
		{"sweep cannot be started", world{startErr: errors.New("secret cause")}, nil, 204},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := test.world.deleted
			got, log := test.world.send(t, test.change)
			if got.StatusCode != test.status || strings.Contains(got.Body, "secret") {
				t.Errorf("got %d %s", got.StatusCode, got.Body)
			}
			if done := test.status == 204; !before && test.world.deleted != done || (len(test.world.swept) == 1) != done || done && got.Body != "" {
				t.Errorf("deleted %t, swept %v, answered %q", test.world.deleted, test.world.swept, got.Body)
			}
			if test.world.startErr != nil && !strings.Contains(log, "secret cause") {
				t.Errorf("the log does not tell: %s", log)
			}
		})
	}
}
