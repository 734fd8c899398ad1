package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/report"
	"github.com/minim-dev/minim/shared/web"
)

const (
	maxFile = 4 << 20          // in bytes; a report is bounded far below, and Lambda answers at most 6 MB
	shared  = 10 * time.Minute // how long the addresses in an answer are valid

	// A report's page may only use its own style.
	pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

type getter interface {
	Get(ctx context.Context, id string) (report.Summary, error)
}

type fileStore interface {
	Get(ctx context.Context, key string, limit int64) ([]byte, error)
	Share(ctx context.Context, key string, good time.Duration) (string, error)
}

// handler answers with a report's stored file in the format that is requested
// in the query or, without that, in the Accept header.
type handler struct {
	reports getter
	files   fileStore
}

// document is a report as JSON, with addresses that need no API key: a plain
// link cannot send one.
type document struct {
	report.Report
	URLs map[string]string `json:"urls"`
}

// Handle answers with the report, if it is the caller's.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.ReportsRead, "format")
	if err != nil {
		return web.Response{}, err
	}
	format, err := formatOf(r)
	if err != nil {
		return web.Response{}, err
	}
	found, err := report.Owned(ctx, h.reports.Get, r.Path("id"), caller.Owns)
	if err != nil {
		return web.Response{}, err
	}
	found, file, err := h.read(ctx, found, format)
	if err != nil {
		return web.Response{}, fmt.Errorf("read the report's file: %v", err) // not a fault: a recorded report has its files
	}
	answer, err := h.answer(ctx, found, format, file)
	if err != nil {
		return web.Response{}, err
	}
	return answer.With("Vary", "Accept").With("Cache-Control", "private, no-cache"), nil
}

// read returns a file of the report, and the record that refers to it: a newer one
// than found, if a run has replaced the report in the meantime.
func (h *handler) read(ctx context.Context, found report.Summary, format string) (report.Summary, []byte, error) {
	for {
		file, err := h.files.Get(ctx, found.Key(format), maxFile)
		if err == nil {
			return found, file, nil
		}
		latest, again := h.reports.Get(ctx, found.ID)
		if again != nil || latest.Files == found.Files {
			return found, nil, err
		}
		found = latest
	}
}

func formatOf(r web.Request) (string, error) {
	format := r.Query("format")
	if format == "" {
		switch r.Prefers("application/json", "text/html", "text/csv") {
		case "text/html":
			return report.FormatHTML, nil
		case "text/csv":
			return report.FormatCSV, nil
		}
		return report.FormatJSON, nil
	}
	if report.MediaType(format) == "" {
		return "", fault.Fields(fault.Field{Name: "format", Message: "It must be json, html or csv."})
	}
	return format, nil
}

func (h *handler) answer(ctx context.Context, s report.Summary, format string, file []byte) (web.Response, error) {
	switch format {
	case report.FormatHTML:
		return web.HTML(http.StatusOK, string(file)).With("Content-Security-Policy", pagePolicy), nil
	case report.FormatCSV:
		name := `attachment; filename="` + s.Period + "-" + s.Date + `.csv"`
		return web.Bytes(http.StatusOK, report.MediaType(format), file).With("Content-Disposition", name), nil
	}
	var d document
	if err := json.Unmarshal(file, &d.Report); err != nil {
		return web.Response{}, fmt.Errorf("decode report: %w", err)
	}
	d.URLs = map[string]string{}
	for _, format := range []string{report.FormatHTML, report.FormatCSV} {
		address, err := h.files.Share(ctx, s.Key(format), shared)
		if err != nil {
			return web.Response{}, err
		}
		d.URLs[format] = address
	}
	return web.JSON(http.StatusOK, d), nil
}
