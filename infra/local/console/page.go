package console

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
)

// view is one page.
type view struct {
	status  int    // default 200
	name    string // of its template
	section string // in the navigation
	title   string
	data    any
	program any // the JSON answer for programs; nil if there is only HTML
}

// layout is the data that all pages have.
type layout struct {
	Title, Section string
	Sections       []section
	Note           *note
	Search         string
	Data           any
}

type section struct{ Name, Path string }

func sections() []section {
	return []section{
		{"Overview", ""}, {"Functions", "functions"}, {"Invocations", "invocations"}, {"Queues", "queues"}, {"Schedules", "schedules"},
		{"Sources", "sources"}, {"Routes", "routes"}, {"Tables", "tables"}, {"Buckets", "buckets"}, {"User pools", "pools"}, {"Outbox", "outbox"},
	}
}

// parse parses the templates: each page with the layout and its parts.
func (c *Console) parse() error {
	base, err := template.New("layout.html").Funcs(c.formats()).ParseFS(files, "templates/layout.html", "templates/parts.html")
	if err != nil {
		return err
	}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return err
	}
	for _, name := range names {
		page, err := base.Clone()
		if err != nil {
			return err
		}
		if page, err = page.ParseFS(files, name); err != nil {
			return err
		}
		c.pages[strings.TrimSuffix(path.Base(name), ".html")] = page
	}
	return nil
}

// show answers with a page, or with JSON if the request asks for it and there is some. A
// page that the script already has is not sent again.
func (c *Console) show(w http.ResponseWriter, r *http.Request, v view) {
	if v.status == 0 {
		v.status = http.StatusOK
	}
	if v.program != nil && !wantsPage(r) {
		reply(w, v.status, v.program)
		return
	}
	var body bytes.Buffer
	err := c.pages[v.name].ExecuteTemplate(&body, "layout", layout{
		Title: v.title, Section: v.section, Sections: sections(), Note: c.notes.find(r.FormValue("note")), Search: r.FormValue("q"), Data: v.data,
	})
	if err != nil {
		http.Error(w, "The page could not be rendered: "+err.Error(), http.StatusInternalServerError)
		return
	}
	hash := fnv.New64a()
	_, _ = hash.Write(body.Bytes())
	tag := fmt.Sprintf(`"%x"`, hash.Sum64())
	w.Header().Set("ETag", tag)
	w.Header().Set("Vary", "Accept")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if v.status == http.StatusOK && r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.WriteHeader(v.status)
	_, _ = body.WriteTo(w)
}

func wantsPage(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "text/html") }

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Vary", "Accept")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// problem is an error whose text is shown to the user.
type problem struct {
	status int
	text   string
}

// Error implements error.
func (p problem) Error() string { return p.text }

func missing(format string, args ...any) error {
	return problem{http.StatusNotFound, fmt.Sprintf(format, args...)}
}

func invalid(format string, args ...any) error {
	return problem{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// away returns an error for a part of the local cloud that does not answer.
func away(part string, err error) error {
	return problem{http.StatusBadGateway, fmt.Sprintf("%s failed: %v", part, err)}
}

// fail answers with an error page.
func (c *Console) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problem{http.StatusInternalServerError, err.Error()}
	errors.As(err, &p)
	title := map[int]string{
		http.StatusNotFound: "Not found", http.StatusBadRequest: "Invalid request", http.StatusBadGateway: "Service unavailable",
	}[p.status]
	if title == "" {
		title = http.StatusText(p.status)
	}
	c.show(w, r, view{status: p.status, name: "problem", title: title, data: p.text, program: map[string]string{"message": p.text}})
}

// note is a message about an action, for the page that follows it.
type note struct {
	Text       string
	Bad        bool
	Link, Name string // a link to more information
}

// done ends an action: it redirects to a page that shows the note.
func (c *Console) done(w http.ResponseWriter, r *http.Request, to string, n note) {
	if !wantsPage(r) {
		reply(w, http.StatusOK, map[string]string{"message": n.Text})
		return
	}
	mark := "?"
	if strings.Contains(to, "?") {
		mark = "&"
	}
	http.Redirect(w, r, Root+to+mark+"note="+c.notes.keep(n), http.StatusSeeOther)
}

// notes stores the last few notes.
type notes struct {
	mu   sync.Mutex
	ids  []string
	byID map[string]note
}

const keptNotes = 100

func newNotes() *notes { return &notes{byID: map[string]note{}} }

func (n *notes) keep(one note) (id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	id = rand.Text()[:12]
	n.ids, n.byID[id] = append(n.ids, id), one
	if len(n.ids) > keptNotes {
		delete(n.byID, n.ids[0])
		n.ids = n.ids[1:]
	}
	return id
}

func (n *notes) find(id string) *note {
	n.mu.Lock()
	defer n.mu.Unlock()
	if one, ok := n.byID[id]; ok {
		return &one
	}
	return nil
}

// query returns the query of a URL. It omits empty values.
func query(pairs ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			values.Set(pairs[i], pairs[i+1])
		}
	}
	return values.Encode()
}
