package main

import (
	"net/http"
	"strings"

	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/page"
	"github.com/minim-dev/minim/shared/web"
)

// frame is what the pages for a visitor have in common.
func (h *handler) frame(r web.Request) page.Frame {
	return page.Frame{Language: page.Choose(r.Languages()), Site: h.site.Host()}
}

// redirect answers with a Location and, for programs that do not follow it, a body.
func redirect(r web.Request, status int, location, cacheControl string) web.Response {
	return show(r, status, page.Redirect(location)).
		With("Location", link.Location(location)).
		With("Cache-Control", cacheControl)
}

// refuse answers why there is no redirect, to programs that prefer JSON by a problem
// document. Below /api/ only programs ask.
func refuse(r web.Request, status int, p page.Page) web.Response {
	if wantsProblem(r) {
		return secure(web.ProblemResponse(r, status, strings.TrimSpace(p.Text))).With("Content-Language", string(p.Language))
	}
	return show(r, status, p)
}

func wantsProblem(r web.Request) bool {
	offers := []string{plain, html, "application/problem+json", "application/json"}
	if strings.HasPrefix(r.RawPath, "/api/") {
		offers = append(offers[2:], offers[:2]...)
	}
	return strings.HasSuffix(r.Prefers(offers...), "json")
}

const (
	plain = "text/plain"
	html  = "text/html"
)

// show sends a page to a browser, and its text to programs that do not ask for HTML.
func show(r web.Request, status int, p page.Page) web.Response {
	if r.Prefers(plain, html) == html {
		return secured(p, web.HTML(status, p.HTML))
	}
	return secured(p, web.Text(status, p.Text))
}

// card answers a program that makes a card of the link. Many don't ask for HTML.
func (h *handler) card(r web.Request, l link.Link, target string) web.Response {
	p := h.frame(r).Card(l.Title, h.site.ShortURL(l.Code), target)
	return secured(p, web.HTML(http.StatusOK, p.HTML))
}

func secured(p page.Page, response web.Response) web.Response {
	if p.Language != "" {
		response = response.With("Content-Language", string(p.Language))
	}
	return secure(response).With("Content-Security-Policy", p.Policy).With("Cache-Control", "no-store")
}

func secure(response web.Response) web.Response {
	return response.
		With("X-Robots-Tag", "noindex, nofollow").
		With("Referrer-Policy", "strict-origin-when-cross-origin").
		With("X-Content-Type-Options", "nosniff").
		With("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
}

// preview shows where a link leads. Whoever looks at it is not counted.
func (h *handler) preview(r web.Request, l link.Link) web.Response {
	var shown link.Shown // nothing, if the link has a password
	if l.Password == "" {
		shown = link.Show(l.URL)
	}
	return show(r, http.StatusOK, h.frame(r).Preview(page.Link{
		Code: l.Code, Title: l.Title, Created: l.CreatedAt,
		Before: shown.Before, Host: shown.Host, After: shown.After, ASCII: shown.ASCII, Imitates: shown.Imitates,
	}))
}
