package console

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// letter is a mail in the outbox.
type letter struct {
	File              string
	Subject, From, To string
	Date              time.Time
	Text              []byte
	HTML              []byte
	Parts             []part // attachments
	Error             string // why the file cannot be read
}

type part struct {
	Name, Type string
	Content    []byte
}

const (
	maxMail  = 40 << 20 // the limit of SES
	maxDepth = 8        // of nested parts
)

// mails returns the files of the outbox, newest first. The folder may not exist.
func (c *Console) mails() (names []string) {
	entries, err := os.ReadDir(c.o.Outbox)
	if err != nil {
		return nil
	}
	changed := map[string]time.Time{}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && filepath.Ext(e.Name()) == ".eml" {
			names, changed[e.Name()] = append(names, e.Name()), info.ModTime()
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if d := changed[b].Compare(changed[a]); d != 0 {
			return d
		}
		return strings.Compare(b, a)
	})
	return names
}

func (c *Console) outbox(w http.ResponseWriter, r *http.Request) {
	names := c.mails()
	page := struct {
		Letters []letter
		Hidden  int
	}{Hidden: max(0, len(names)-perPage)}
	for _, name := range names[:len(names)-page.Hidden] {
		page.Letters = append(page.Letters, c.letter(name))
	}
	c.show(w, r, view{name: "outbox", section: "outbox", title: "Outbox", data: page})
}

// letter reads a file of the outbox. If that fails, the letter contains the error.
func (c *Console) letter(name string) letter {
	l := letter{File: name}
	file, err := os.Open(filepath.Join(c.o.Outbox, name))
	if err != nil {
		l.Error = err.Error()
		return l
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil {
		l.Date = info.ModTime()
	}
	m, err := mail.ReadMessage(io.LimitReader(file, maxMail))
	if err != nil {
		l.Error = err.Error()
		return l
	}
	decoder := mime.WordDecoder{}
	head := func(name string) string {
		text, err := decoder.DecodeHeader(m.Header.Get(name))
		if err != nil {
			return m.Header.Get(name)
		}
		return text
	}
	l.Subject, l.From, l.To = head("Subject"), head("From"), head("To")
	if date, err := m.Header.Date(); err == nil {
		l.Date = date
	}
	if err := l.read(textproto.MIMEHeader(m.Header), m.Body, 0); err != nil {
		l.Error = err.Error()
	}
	return l
}

// read parses a part of a mail.
func (l *letter) read(h textproto.MIMEHeader, body io.Reader, depth int) error {
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") && depth < maxDepth {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			p, err := parts.NextRawPart()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if err := l.read(p.Header, p, depth+1); err != nil {
				return err
			}
		}
	}
	switch strings.ToLower(h.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	content, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	disposition, extra, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	switch {
	case kind == "text/plain" && l.Text == nil && disposition != "attachment":
		l.Text = content
	case kind == "text/html" && l.HTML == nil && disposition != "attachment":
		l.HTML = content
	default:
		name := extra["filename"]
		if name == "" {
			name = "part " + strconv.Itoa(len(l.Parts)+1)
		}
		l.Parts = append(l.Parts, part{name, kind, content})
	}
	return nil
}

func (c *Console) find(w http.ResponseWriter, r *http.Request) (letter, bool) {
	name := r.PathValue("name")
	if !slices.Contains(c.mails(), name) {
		c.fail(w, r, missing("There is no mail %q.", name))
		return letter{}, false
	}
	return c.letter(name), true
}

func (c *Console) mail(w http.ResponseWriter, r *http.Request) {
	if l, ok := c.find(w, r); ok {
		title := l.Subject
		if title == "" {
			title = "Mail without a subject"
		}
		c.show(w, r, view{name: "mail", section: "outbox", title: title, data: l})
	}
}

// mailHTML serves the HTML of a mail, for a sandboxed frame.
func (c *Console) mailHTML(w http.ResponseWriter, r *http.Request) {
	l, ok := c.find(w, r)
	if !ok {
		return
	}
	if l.HTML == nil {
		c.fail(w, r, missing("This mail has no HTML."))
		return
	}
	w.Header().Set("Content-Security-Policy", sandboxed)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(l.HTML)
}

func (c *Console) mailPart(w http.ResponseWriter, r *http.Request) {
	l, ok := c.find(w, r)
	if !ok {
		return
	}
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil || number < 0 || number >= len(l.Parts) {
		c.fail(w, r, missing("This mail has no such part."))
		return
	}
	w.Header().Set("Content-Security-Policy", sandboxed)
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": l.Parts[number].Name}))
	_, _ = w.Write(l.Parts[number].Content)
}
