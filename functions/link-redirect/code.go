package main

import (
	"net/http"
	"strings"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/qr"
	"github.com/minim-dev/minim/shared/web"
)

// keepCode is how long a visitor's browser may keep a QR code without asking again.
const keepCode = "public, max-age=3600"

// code draws the QR code of a link. It depends only on its address, so a browser that has it
// gets 304. Logos are for owners only, by the API.
func (h *handler) code(r web.Request, l link.Link) web.Response {
	options, err := qr.Parse(func(name string) string {
		if name == "logo" {
			return ""
		}
		return r.Query(name)
	})
	var drawing qr.Drawing
	if err == nil {
		drawing, err = qr.Draw(h.site.ScanURL(l.Code), options)
	}
	if err != nil {
		return secure(mistake(r, fault.Of(err)))
	}
	return secure(web.Bytes(http.StatusOK, drawing.MediaType, drawing.Data).Tagged(r, drawing.Tag())).With("Cache-Control", keepCode)
}

// mistake answers what is wrong with the options.
func mistake(r web.Request, f *fault.Error) web.Response {
	if strings.HasSuffix(r.Prefers(plain, html, "application/problem+json", "application/json"), "json") {
		return web.ProblemResponse(r, http.StatusBadRequest, f.Message, f.Fields...)
	}
	text := f.Message + "\n"
	for _, field := range f.Fields {
		text += field.Name + ": " + field.Message + "\n"
	}
	return web.Text(http.StatusBadRequest, text).With("Cache-Control", "no-store")
}
