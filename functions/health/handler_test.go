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
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/web"
)

func fine(context.Context) error { return nil }

func broken(context.Context) error { return errors.New("secret cause") }

func silent(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func send(t *testing.T, h *handler) events.APIGatewayV2HTTPResponse {
	t.Helper()
	data, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(data, &event); err != nil {
		t.Fatal(err)
	}
	response, err := web.Adapt(h, slog.New(slog.DiscardHandler))(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func TestHandle(t *testing.T) {
	tests := []struct {
		name   string
		s3     check
		status int
		body   string
		takes  time.Duration
	}{
		{"all answer", fine, 200, `{"status":"ok","version":"v1","stage":"dev","checks":{"dynamodb":"ok","s3":"ok"}}`, 0},
		{"one is broken", broken, 503, `{"status":"down","version":"v1","stage":"dev","checks":{"dynamodb":"ok","s3":"down"}}`, 0},
		{"one is silent", silent, 503, `{"status":"down","version":"v1","stage":"dev","checks":{"dynamodb":"ok","s3":"down"}}`, checkTimeout},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				h := &handler{
					stage: "dev", version: "v1", now: time.Now, log: slog.New(slog.NewJSONHandler(&log, nil)),
					checks: map[string]check{"dynamodb": fine, "s3": test.s3},
				}
				start := time.Now()
				got := send(t, h)
				if got.StatusCode != test.status || got.Body != test.body || got.Headers["Cache-Control"] != "no-store" {
					t.Errorf("got %+v", got)
				}
				if took := time.Since(start); took != test.takes {
					t.Errorf("took %s", took)
				}
				if logged := strings.Contains(log.String(), `"dependency":"s3"`); logged != (test.status == 503) {
					t.Errorf("logged %q", log.String())
				}
			})
		})
	}
}

func TestFindingsAreKeptForAMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		h := &handler{now: time.Now, log: slog.New(slog.DiscardHandler), checks: map[string]check{
			"dynamodb": func(context.Context) error {
				if asked++; asked == 1 {
					return errors.New("down")
				}
				return nil
			},
		}}
		for _, want := range []struct {
			after  time.Duration
			status int
			asked  int
		}{{0, 503, 1}, {fresh - 1, 503, 1}, {1, 200, 2}} {
			time.Sleep(want.after)
			if got := send(t, h); got.StatusCode != want.status || asked != want.asked {
				t.Errorf("after %s: %d, asked %d times", want.after, got.StatusCode, asked)
			}
		}
	})
}
