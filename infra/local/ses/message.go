package ses

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-message/textproto"
)

// Email is the input of SendEmail.
type Email struct {
	FromEmailAddress string
	Destination      Destination
	ReplyToAddresses []string
	Content          Content
}

// Destination is the recipients of a message.
type Destination struct{ ToAddresses, CcAddresses, BccAddresses []string }

// Content has exactly one of its fields.
type Content struct {
	Simple   *Simple
	Raw      *struct{ Data []byte }
	Template *struct{}
}

// Simple is a message that SES converts to MIME.
type Simple struct {
	Subject     Text
	Body        struct{ Text, Html *Text }
	Headers     []struct{ Name, Value string }
	Attachments []Attachment
}

// Text is a text. The charset is always UTF-8 here.
type Text struct{ Data string }

// Attachment is a file in a message.
type Attachment struct {
	FileName, ContentType, ContentDisposition, ContentDescription, ContentID string
	RawContent                                                               []byte
}

// maxRecipients is SES's limit per call.
const maxRecipients = 50

// sent is a message in the form in which it would be sent.
type sent struct {
	id   string
	at   time.Time
	from string
	to   []string // recipients in the envelope
	text []byte
}

// compose creates the message. Its error is for the caller.
func compose(e Email, at time.Time) (m sent, err error) {
	m = sent{id: newID(at), at: at}
	switch {
	case e.Content.Template != nil:
		return m, wrong("Content.Template is not supported by the local cloud, which has no templates: send Content.Simple or Content.Raw")
	case e.Content.Simple != nil && e.Content.Raw != nil:
		return m, wrong("Content takes either Simple or Raw, not both.")
	case e.Content.Simple != nil:
		return m, m.simple(e)
	case e.Content.Raw != nil:
		return m, m.raw(e)
	}
	return m, wrong("Content must have Simple, Raw or Template.")
}

// simple composes a message from its parts.
func (m *sent) simple(e Email) error {
	s := e.Content.Simple
	var h mail.Header
	from, err := addresses("FromEmailAddress", e.FromEmailAddress)
	if err != nil {
		return err
	}
	m.from = from[0].Address
	h.SetAddressList("From", from)
	for _, f := range []struct {
		header, field string
		given         []string
	}{
		{"To", "Destination.ToAddresses", e.Destination.ToAddresses}, {"Cc", "Destination.CcAddresses", e.Destination.CcAddresses},
		{"", "Destination.BccAddresses", e.Destination.BccAddresses}, {"Reply-To", "ReplyToAddresses", e.ReplyToAddresses},
	} {
		list, err := addresses(f.field, f.given...)
		if err != nil {
			return err
		}
		if f.header != "" && len(list) > 0 {
			h.SetAddressList(f.header, list)
		}
		if f.header != "Reply-To" {
			m.recipients(list)
		}
	}
	if err := m.checkRecipients(); err != nil {
		return err
	}
	if s.Body.Text == nil && s.Body.Html == nil {
		return wrong("Content.Simple.Body must have Text or Html.")
	}
	h.SetSubject(s.Subject.Data)
	for _, extra := range s.Headers {
		if strings.ContainsAny(extra.Name, " :\r\n") || strings.ContainsAny(extra.Value, "\r\n") || extra.Name == "" {
			return wrong("Content.Simple.Headers: %q is not a header.", extra.Name)
		}
		h.SetText(extra.Name, extra.Value)
	}
	m.stamp(&h.Header.Header)
	var out bytes.Buffer
	if err := s.write(&out, h); err != nil {
		return err
	}
	m.text = out.Bytes()
	return nil
}

// write writes the body. A single part is not wrapped in a multipart.
func (s *Simple) write(out io.Writer, h mail.Header) error {
	if len(s.Attachments) > 0 {
		return s.mixed(out, h)
	}
	if s.Body.Text != nil && s.Body.Html != nil {
		w, err := mail.CreateInlineWriter(out, h)
		if err != nil {
			return err
		}
		return s.alternatives(w)
	}
	kind, text := s.only()
	h.SetContentType(kind, map[string]string{"charset": "utf-8"})
	w, err := mail.CreateSingleInlineWriter(out, h)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return errors.Join(err, w.Close())
}

func (s *Simple) only() (kind, text string) {
	if s.Body.Html != nil {
		return "text/html", s.Body.Html.Data
	}
	return "text/plain", s.Body.Text.Data
}

func (s *Simple) alternatives(w *mail.InlineWriter) error {
	var errs []error
	for _, part := range []struct{ kind, text string }{{"text/plain", s.Body.Text.Data}, {"text/html", s.Body.Html.Data}} {
		var h mail.InlineHeader
		h.SetContentType(part.kind, map[string]string{"charset": "utf-8"})
		p, err := w.CreatePart(h)
		if err != nil {
			return err
		}
		_, err = io.WriteString(p, part.text)
		errs = append(errs, err, p.Close())
	}
	return errors.Join(append(errs, w.Close())...)
}

func (s *Simple) mixed(out io.Writer, h mail.Header) error {
	w, err := mail.CreateWriter(out, h)
	if err != nil {
		return err
	}
	if s.Body.Text != nil && s.Body.Html != nil {
		inline, err := w.CreateInline()
		if err != nil {
			return err
		}
		if err := s.alternatives(inline); err != nil {
			return err
		}
	} else {
		kind, text := s.only()
		var h mail.InlineHeader
		h.SetContentType(kind, map[string]string{"charset": "utf-8"})
		p, err := w.CreateSingleInline(h)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(p, text); err != nil {
			return err
		}
		if err := p.Close(); err != nil {
			return err
		}
	}
	for _, a := range s.Attachments {
		if err := a.write(w); err != nil {
			return err
		}
	}
	return w.Close()
}

func (a Attachment) write(w *mail.Writer) error {
	var h mail.AttachmentHeader
	if a.ContentType == "" {
		a.ContentType = "application/octet-stream"
	}
	h.Set("Content-Type", a.ContentType)
	if a.FileName == "" {
		return wrong("Content.Simple.Attachments: each needs a FileName.")
	}
	h.SetFilename(a.FileName)
	if a.ContentID != "" {
		h.Set("Content-Id", "<"+strings.Trim(a.ContentID, "<>")+">")
	}
	p, err := w.CreateAttachment(h)
	if err != nil {
		return err
	}
	_, err = p.Write(a.RawContent)
	return errors.Join(err, p.Close())
}

// raw accepts a complete message. It reads the envelope, and removes hidden recipients from
// the headers.
func (m *sent) raw(e Email) error {
	in := bufio.NewReader(bytes.NewReader(e.Content.Raw.Data))
	head, err := textproto.ReadHeader(in)
	if err != nil {
		return wrong("Content.Raw.Data is not a message: %v", err)
	}
	h := mail.Header{Header: message.Header{Header: head}}
	from := e.FromEmailAddress
	if from == "" {
		from = h.Get("From")
	}
	sender, err := addresses("FromEmailAddress, or the header From of Content.Raw.Data", from)
	if err != nil {
		return err
	}
	m.from = sender[0].Address
	given := e.Destination
	if len(given.ToAddresses)+len(given.CcAddresses)+len(given.BccAddresses) > 0 {
		for _, each := range [][]string{given.ToAddresses, given.CcAddresses, given.BccAddresses} {
			list, err := addresses("Destination", each...)
			if err != nil {
				return err
			}
			m.recipients(list)
		}
	} else {
		for _, name := range []string{"To", "Cc", "Bcc"} {
			list, err := h.AddressList(name)
			if err != nil {
				return wrong("the header %s of Content.Raw.Data is not a list of addresses: %v", name, err)
			}
			m.recipients(list)
		}
	}
	if err := m.checkRecipients(); err != nil {
		return err
	}
	h.Del("Bcc")
	if !h.Has("From") {
		h.SetAddressList("From", sender)
	}
	m.stamp(&h.Header.Header)
	var out bytes.Buffer
	if err := textproto.WriteHeader(&out, h.Header.Header); err != nil {
		return wrong("Content.Raw.Data has a header that cannot be: %v", err)
	}
	if _, err := io.Copy(&out, in); err != nil {
		return err
	}
	m.text = out.Bytes()
	return nil
}

// stamp adds the headers that SES adds, and a header with the recipients of the envelope.
func (m *sent) stamp(h *textproto.Header) {
	h.Set("Message-Id", "<"+m.id+"@email.amazonses.com>")
	if !h.Has("Date") {
		h.Set("Date", m.at.UTC().Format(time.RFC1123Z))
	}
	if !h.Has("Mime-Version") {
		h.Set("Mime-Version", "1.0")
	}
	h.Set("X-Envelope-To", strings.Join(m.to, ", "))
}

func (m *sent) recipients(list []*mail.Address) {
	for _, a := range list {
		m.to = append(m.to, a.Address)
	}
}

func (m *sent) checkRecipients() error {
	switch {
	case len(m.to) == 0:
		return wrong("At least one recipient is required: Destination has no address.")
	case len(m.to) > maxRecipients:
		return wrong("Recipient count exceeds %d.", maxRecipients)
	}
	return nil
}

func addresses(field string, given ...string) (all []*mail.Address, err error) {
	for _, text := range given {
		a, err := mail.ParseAddress(text)
		if err != nil {
			return nil, wrong("%s: %q is not an address.", field, text)
		}
		all = append(all, a)
	}
	return all, nil
}
