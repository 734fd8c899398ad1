package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/report"
	"github.com/minim-dev/minim/shared/web"
)

type fakeReports struct{ err error }

func (s fakeReports) Get(_ context.Context, id string) (report.Summary, error) {
	if len(id) > 2048 || strings.Contains(id, "#") { // DynamoDB refuses the one, the other is no report
		return report.Summary{}, errors.New("asked for " + id)
	}
	for _, owner := range []string{"me", "ann", report.Stage} {
		if id == report.ID(report.Daily, "2026-11-20", owner) {
			return report.Summary{ID: id, Owner: owner, Period: report.Daily, Date: "2026-11-20"}, s.err
		}
	}
	return report.Summary{}, fault.New(fault.NotFound, "There is no such report.")
}

// bucket has a file for every key.
type bucket struct{ err, shareErr error }

func (b bucket) Get(_ context.Context, key string, _ int64) ([]byte, error) {
	switch {
	case strings.HasSuffix(key, ".html"):
		return []byte("<!doctype html>" + key), b.err
	case strings.HasSuffix(key, ".csv"):
		return []byte("section,name\r\n" + key), b.err
	}
	data, err := report.JSON(report.NewBuilder("me", "2026-11-20").Report(report.Context{}))
	return data, errors.Join(err, b.err)
}

func (b bucket) Share(_ context.Context, key string, good time.Duration) (string, error) {
	if good > time.Hour {
		return "", errors.New("too long")
	}
	return "https://files.example/" + key + "?signed", b.shareErr
}

// TestReplacedWhileRead checks that a report that is made again between the read of
// its record and that of its file is read from the newer run's files.
func TestReplacedWhileRead(t *testing.T) {
	id := report.ID(report.Daily, "2026-11-20", "me")
	old, latest := report.Summary{ID: id, Files: "1-old"}, report.Summary{ID: id, Files: "2-new"}
	h := &handler{reportFunc(func() report.Summary { return latest }), only(latest.Key(report.FormatCSV))}
	got, file, err := h.read(t.Context(), old, report.FormatCSV)
	if err != nil || got != latest || string(file) != latest.Key(report.FormatCSV) {
		t.Errorf("read %s of %+v: %v", file, got, err)
	}
	if _, _, err := h.read(t.Context(), old, report.FormatHTML); !fault.Is(err, fault.NotFound) {
		t.Errorf("neither has the file: %v", err)
	}
}

type reportFunc func() report.Summary

func (f reportFunc) Get(context.Context, string) (report.Summary, error) { return f(), nil }

// only is a bucket with one file.
type only string

func (o only) Get(_ context.Context, key string, _ int64) ([]byte, error) {
	if key != string(o) {
		return nil, fault.New(fault.NotFound, "There is no such file.")
	}
	return []byte(key), nil
}

func (o only) Share(context.Context, string, time.Duration) (string, error) { return "", nil }

const page = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

func TestHandle(t *testing.T) {
	golden, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	const id = "daily-2026-11-20-2744ccd10c7533bd"
	down := errors.New("dial tcp 10.0.0.7")
	tests := []struct {
		name, scopes, id, accept, format string
		reports                          fakeReports
		files                            bucket
		status                           int
		contentType                      string
		body                             string // a part of it
	}{
		{name: "JSON", status: 200, contentType: "application/json", body: `"urls":{"csv":"https://files.example/reports/` + id + `/report.csv?signed","html":"`},
		{name: "a browser", accept: page, status: 200, contentType: "text/html; charset=utf-8", body: "<!doctype html>reports/" + id},
		{name: "a spreadsheet", accept: "text/csv", status: 200, contentType: "text/csv; charset=utf-8; header=present", body: "section,name"},
		{name: "something unheard of", accept: "application/pdf", status: 200, contentType: "application/json", body: `"period":"daily"`},
		{name: "the query before the header", accept: page, format: "json", status: 200, contentType: "application/json", body: `"hours":[{`},
		{name: "HTML by the query", format: "html", status: 200, contentType: "text/html; charset=utf-8", body: "<!doctype html>"},
		{name: "CSV by the query", format: "csv", status: 200, contentType: "text/csv; charset=utf-8; header=present", body: "report.csv"},
		{name: "no such format", format: "pdf", status: 400, body: `"field":"format"`},
		{name: "unknown", id: "daily-2026-11-20-none", status: 404},
		{name: "an id that no table takes", id: strings.Repeat("x", 3000), status: 404},
		{name: "the claim on a report's mail", id: "mail#" + id, status: 404},
		{name: "somebody else's", id: report.ID(report.Daily, "2026-11-20", "ann"), status: 404},
		{name: "the stage's", id: report.ID(report.Daily, "2026-11-20", report.Stage), status: 404},
		{name: "an admin, the stage's", scopes: "admin", id: report.ID(report.Daily, "2026-11-20", report.Stage), status: 200, contentType: "application/json"},
		{name: "without the scope", scopes: "links:read", status: 403, body: "reports:read"},
		{name: "the table is down", reports: fakeReports{down}, status: 500},
		{name: "the bucket is down", files: bucket{err: down}, status: 500},
		{name: "the file is not there", files: bucket{err: fault.New(fault.NotFound, "There is no such file.")}, status: 500},
		{name: "no address can be signed", files: bucket{shareErr: down}, status: 500},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var event events.APIGatewayV2HTTPRequest
			if err := json.Unmarshal(golden, &event); err != nil {
				t.Fatal(err)
			}
			event.QueryStringParameters = map[string]string{"format": test.format}
			if test.accept != "" {
				event.Headers["accept"] = test.accept
			}
			if test.scopes != "" {
				event.RequestContext.Authorizer.Lambda["scopes"] = test.scopes
			}
			if test.id != "" {
				event.PathParameters["id"] = test.id
			}
			got, err := web.Adapt(&handler{test.reports, test.files}, slog.New(slog.DiscardHandler))(t.Context(), event)
			if err != nil {
				t.Fatal(err)
			}
			body := got.Body
			if got.IsBase64Encoded {
				decoded, err := base64.StdEncoding.DecodeString(body)
				if err != nil {
					t.Fatal(err)
				}
				body = string(decoded)
			}
			if got.StatusCode != test.status || !strings.Contains(body, test.body) || strings.Contains(body, "10.0.0.7") {
				t.Fatalf("status %d, want %d with %s: %s", got.StatusCode, test.status, test.body, body)
			}
			if test.status != 200 {
				return
			}
			if got.Headers["Content-Type"] != test.contentType || got.Headers["Vary"] != "Accept" {
				t.Errorf("headers %v, want Content-Type %s", got.Headers, test.contentType)
			}
			policy := got.Headers["Content-Security-Policy"]
			if strings.HasPrefix(test.contentType, "text/html") != strings.Contains(policy, "default-src 'none'") {
				t.Errorf("policy %q for %s", policy, test.contentType)
			}
		})
	}
}
