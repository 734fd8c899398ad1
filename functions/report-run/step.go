package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/report"
)

// step does one page of work: short enough to check the
// deadline in between. It returns the id of a report if it wrote
// one, and whether nothing is left to do.
func (h *handler) step(ctx context.Context, p *progress) (id string, last bool, err error) {
	if p.owners == nil {
		if err := h.listOwners(ctx, p); err != nil {
			return "", false, err
		}
	}
	owner := p.next()
	if owner == "" && p.Only != "" {
		return "", true, nil
	}
	if owner == "" {
		id, err = h.publish(ctx, p.Stage)
		return id, true, err
	}
	p.begin(owner)
	if !p.Past {
		return "", false, h.addPage(ctx, p)
	}
	if err := h.addPastPage(ctx, p); err != nil || p.Page != "" {
		return "", false, err
	}
	if id, err = h.publish(ctx, p.Owner); err != nil {
		return "", false, err
	}
	p.finish()
	return id, false, nil
}

// addPage adds the next page of the owner's links of the day.
func (h *handler) addPage(ctx context.Context, p *progress) error {
	days, next, err := h.stats.OwnerDay(ctx, p.Owner.Owner, p.Owner.Day(), p.Page)
	if err != nil {
		return err
	}
	for _, day := range days {
		p.Owner.AddLink(day)
	}
	p.Page, p.Past = next, next == ""
	return nil
}

// addPastPage adds the next page of the day before.
func (h *handler) addPastPage(ctx context.Context, p *progress) error {
	days, next, err := h.stats.OwnerDay(ctx, p.Owner.Owner, p.Owner.Previous(), p.Page)
	if err != nil {
		return err
	}
	for _, day := range days {
		p.Owner.AddBefore(day.Clicks)
	}
	p.Page = next
	return nil
}

// publish writes a report's files and then its record, which refers to them, so
// that a report that is listed can be read. Files that no record can refer to
// are deleted: those of earlier runs or, if a newer run has written its record
// in the meantime, those of this run.
func (h *handler) publish(ctx context.Context, b *report.Builder) (id string, err error) {
	links, err := h.topLinks(ctx, b)
	if err != nil {
		return "", err
	}
	finished := b.Report(report.Context{
		Now:  h.now(),
		Site: h.site,
		Link: func(id string) (code, url, title string) { l := links[id]; return l.Code, l.URL, l.Title },
	})
	summary := finished.Summary()
	summary.Files = report.NewFiles(summary.CreatedAt, h.newID())
	var page []byte
	for format, render := range map[string]func(report.Report) ([]byte, error){
		report.FormatHTML: h.page.Render, report.FormatCSV: report.CSV, report.FormatJSON: report.JSON,
	} {
		data, err := render(finished)
		if err != nil {
			return "", fmt.Errorf("write report %s as %s: %w", finished.ID, format, err)
		}
		if format == report.FormatHTML {
			page = data
		}
		file := blob.Object{Key: summary.Key(format), ContentType: report.MediaType(format), CacheControl: "private, no-cache", Body: data}
		if err := h.files.Put(ctx, file); err != nil {
			return "", err
		}
	}
	newest, err := h.reports.Put(ctx, summary)
	if err != nil {
		return "", err // the record may have been written, so the files are kept
	}
	h.tidy(ctx, summary, newest)
	return summary.ID, h.mailOnce(ctx, finished, page)
}

// tidy deletes the obsolete files of a report. What it cannot delete, the next run
// for the same report does.
func (h *handler) tidy(ctx context.Context, s report.Summary, newest bool) {
	keys, err := h.files.List(ctx, report.Folder(s.ID))
	for _, key := range keys {
		own := strings.HasPrefix(key, report.Folder(s.ID)+s.Files+"/")
		if obsolete := newest && s.Replaces(key) || !newest && own; obsolete {
			err = errors.Join(err, h.files.Delete(ctx, key))
		}
	}
	if err != nil {
		h.log.WarnContext(ctx, "obsolete report files remain", "report", s.ID, "error", err)
	}
}

// topLinks returns a report's links by ID, except for those whose code is free or
// belongs to another link by now.
func (h *handler) topLinks(ctx context.Context, b *report.Builder) (map[string]link.Link, error) {
	found := map[string]link.Link{}
	for _, top := range b.Top {
		l, err := h.links.Get(ctx, top.Code)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if l.ID == top.ID {
			found[top.ID] = l
		}
	}
	return found, nil
}
