// Package click turns a visit into a click and clicks into counters. It is
// pure: visitors are described by headers, and their addresses are never passed in.
package click

import (
	"cmp"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/minim-dev/minim/shared/fault"
)

// timeFormat is RFC 3339 with fixed milliseconds, as everywhere.
const timeFormat = "2006-01-02T15:04:05.000Z"

// Limits of a click's names, in bytes. Longer names are cut.
const (
	maxName = 80
	maxKey  = 128
)

// Click is one visitor following one link. It is sent as JSON from the redirect
// to the counter. A name is "" if it is unknown, or if the visitor asked not to
// be tracked.
type Click struct {
	ID       string    `json:"id"`   // see NewID
	Link     string    `json:"link"` // the ID of the link
	Code     string    `json:"code"` // by which it was followed
	Owner    string    `json:"owner"`
	At       time.Time `json:"at"`
	Country  string    `json:"country,omitempty"` // ISO 3166-1, two letters
	City     string    `json:"city,omitempty"`
	Referrer string    `json:"referrer,omitempty"` // a host, or Direct
	Browser  string    `json:"browser,omitempty"`
	System   string    `json:"system,omitempty"`
	Device   string    `json:"device,omitempty"`
	Language string    `json:"language,omitempty"` // the visitor's first, two or three letters
	// Destination is what a link with rules has led to: see DestinationName.
	Destination string `json:"destination,omitempty"`
	Scan        bool   `json:"scan,omitempty"`    // of a QR code
	Visitor     string `json:"visitor,omitempty"` // see VisitorID; it is counted, but not stored
	Bot         string `json:"bot,omitempty"`     // the bot's name; "" for a person
}

// NewID returns a new id of 32 hexadecimal digits. Ids order by time, to the
// millisecond; the rest of them is random, 80 bits, so that environments need
// not agree on anything.
func NewID(at time.Time) string {
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16)
	rand.Read(id[6:]) // never fails
	return hex.EncodeToString(id[:])
}

// MarshalJSON writes the time with fixed milliseconds.
func (c Click) MarshalJSON() ([]byte, error) {
	type plain Click
	return json.Marshal(struct {
		plain
		At string `json:"at"`
	}{plain(c), c.At.UTC().Format(timeFormat)})
}

// Decode reads a click that MarshalJSON wrote. Anything else is an Invalid fault:
// trying again would not help. A click without a link is of a version that counted by
// code; the ID of such a link is its code.
func Decode(message []byte) (Click, error) {
	var c Click
	if err := json.Unmarshal(message, &c); err != nil {
		return Click{}, fault.Wrap(fault.Invalid, "The message is not a click.", err)
	}
	c.Link = cmp.Or(c.Link, c.Code)
	for _, key := range []string{c.ID, c.Link, c.Code, c.Owner} {
		if key == "" || len(key) > maxKey {
			return Click{}, fault.New(fault.Invalid, "A click needs an id, a link, a code and an owner of at most 128 bytes.")
		}
	}
	if year := c.At.Year(); year < 2000 || year > 9999 {
		return Click{}, fault.New(fault.Invalid, "A click needs a time.")
	}
	c.At = c.At.UTC().Truncate(time.Millisecond)
	for _, name := range []*string{&c.Country, &c.City, &c.Referrer, &c.Browser, &c.System, &c.Device, &c.Language, &c.Destination, &c.Bot} {
		*name = clean(*name)
	}
	return c, nil
}

// clean returns printable UTF-8 of at most maxName bytes.
func clean(name string) string {
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name))
	if len(name) <= maxName {
		return name
	}
	end := maxName
	for !utf8.RuneStart(name[end]) {
		end--
	}
	return strings.TrimSpace(name[:end])
}
