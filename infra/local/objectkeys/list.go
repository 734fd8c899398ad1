package objectkeys

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// listing is a kind of request that lists keys: objects, their versions, or uploads in parts.
type listing struct {
	name                  string // the parameter that selects it
	most                  string // the parameter with the page size
	after, second         string // the parameters with the position: a key, and an ID among those of one key
	nextAfter, nextSecond string // the elements with the next position
	begin                 string // the parameter with the first position, instead of after
	always                bool   // the bucket may have encoded keys even if their folder is missing
	elements              []string
}

var (
	objects = listing{
		name: "list-type", most: "max-keys", after: "continuation-token", nextAfter: "NextContinuationToken", begin: "start-after",
		elements: []string{"Contents"},
	}
	oldObjects = listing{name: "", most: "max-keys", after: "marker", nextAfter: "NextMarker", elements: []string{"Contents"}}
	versions   = listing{
		name: "versions", most: "max-keys", after: "key-marker", second: "version-id-marker", nextAfter: "NextKeyMarker", nextSecond: "NextVersionIdMarker",
		elements: []string{"Version", "DeleteMarker"},
	}
	parts = listing{
		name: "uploads", most: "max-uploads", after: "key-marker", second: "upload-id-marker", nextAfter: "NextKeyMarker", nextSecond: "NextUploadIdMarker",
		elements: []string{"Upload"}, always: true,
	}
)

// listOf returns the kind of listing that a request for a bucket asks for.
func listOf(query url.Values) (listing, bool) {
	for _, l := range []listing{objects, versions, parts} {
		if query.Has(l.name) {
			return l, true
		}
	}
	for name := range query {
		switch name {
		case "prefix", "delimiter", "marker", "max-keys", "encoding-type", "x-id":
		default:
			if !strings.HasPrefix(name, "X-Amz-") {
				return listing{}, false // a subresource, such as cors
			}
		}
	}
	return oldObjects, true
}

// listed is one entry of a listing: an object, or a common prefix of several.
type listed struct {
	Key, Prefix         string
	VersionID, UploadID string
	raw                 []byte // the element
}

func (l listed) name() string   { return l.Key + l.Prefix }
func (l listed) second() string { return l.VersionID + l.UploadID }

// maxPage is the maximum number of entries of a page.
const maxPage = 1000

// list answers a request from two listings of versitygw, of plain and of encoded keys, in the order of the keys. The
// first answer of versitygw to the request itself checks the request, and supplies the other elements.
func (p *Proxy) list(w http.ResponseWriter, r *http.Request, bucket string, l listing) {
	recorder := httptest.NewRecorder()
	p.forward.ServeHTTP(recorder, r)
	frame := recorder.Body.Bytes()
	if recorder.Code == http.StatusOK {
		found, err := p.page(r, bucket, l)
		if err != nil {
			unavailable(w)
			return
		}
		frame = found.into(frame)
	}
	maps.Copy(w.Header(), recorder.Header())
	w.Header().Set("Content-Length", strconv.Itoa(len(frame)))
	w.WriteHeader(recorder.Code)
	_, _ = w.Write(frame)
}

// page is a page of a listing.
type page struct {
	listing
	entries   []listed
	more      bool
	delimited bool
}

// page collects the entries of a page from both listings.
func (p *Proxy) page(r *http.Request, bucket string, l listing) (page, error) {
	query := r.URL.Query()
	most := maxPage
	if n, err := strconv.Atoi(query.Get(l.most)); err == nil {
		most = min(n, maxPage)
	}
	result := page{listing: l, delimited: query.Get("delimiter") != ""}
	if most == 0 {
		return result, nil
	}
	c := cursor{p: p, r: r, bucket: bucket, listing: l, prefix: query.Get("prefix"), delimiter: query.Get("delimiter"), most: min(most+1, maxPage)}
	c.after, c.second = cmp.Or(query.Get(l.after), query.Get(l.begin)), query.Get(l.second)
	var last string
	for entry, err := range merge(c.plain(), c.encoded()) {
		if err != nil {
			return result, err
		}
		if entry.Prefix != "" && entry.Prefix == last {
			continue
		}
		if len(result.entries) == most {
			result.more = true
			break
		}
		result.entries, last = append(result.entries, entry), entry.Prefix
	}
	return result, nil
}

// cursor reads the two listings from a position.
type cursor struct {
	listing
	p                 *Proxy
	r                 *http.Request
	bucket            string
	prefix, delimiter string
	after, second     string
	most              int // entries of one request
}

type entries = iter.Seq2[listed, error]

// plain returns the entries with plain keys.
func (c cursor) plain() entries {
	return func(yield func(listed, error) bool) {
		query := url.Values{"prefix": {c.prefix}, "delimiter": {c.delimiter}}
		c.position(query, c.after, c.p.find(c.bucket, c.after) == c.after)
		for {
			found, next, err := c.fetch(query)
			if err != nil {
				yield(listed{}, err)
				return
			}
			for _, entry := range found {
				if strings.HasPrefix(entry.name(), area) {
					if entry.Prefix == "" && next != nil { // skip all of them
						next = url.Values{}
						c.position(next, afterArea, false)
					}
					continue
				}
				if strings.HasPrefix(entry.name(), c.prefix) && c.follows(entry) && !yield(entry, nil) {
					return
				}
			}
			if next == nil {
				return
			}
			for _, name := range []string{c.listing.after, c.listing.second, c.begin} {
				query.Del(name)
			}
			maps.Copy(query, next)
		}
	}
}

// encoded returns the entries with encoded keys, with the keys of clients.
func (c cursor) encoded() entries {
	return func(yield func(listed, error) bool) {
		query := url.Values{"prefix": {encode(c.prefix)}}
		if c.after != "" {
			c.position(query, encode(c.after), c.p.find(c.bucket, c.after) != c.after)
		}
		for {
			found, next, err := c.fetch(query)
			if err != nil {
				yield(listed{}, err)
				return
			}
			for _, entry := range found {
				stored := entry.Key
				entry.Key = Decode(stored)
				if !strings.HasPrefix(entry.Key, c.prefix) {
					continue
				}
				if _, rest, ok := strings.Cut(entry.Key[len(c.prefix):], c.delimiter); ok && c.delimiter != "" {
					entry = listed{Prefix: strings.TrimSuffix(entry.Key, rest)}
					entry.raw = []byte("<CommonPrefixes><Prefix>" + escapeXML(entry.Prefix) + "</Prefix></CommonPrefixes>")
				} else {
					entry.raw = bytes.Replace(entry.raw, []byte("<Key>"+stored+"<"), []byte("<Key>"+escapeXML(entry.Key)+"<"), 1)
				}
				if c.follows(entry) && !yield(entry, nil) {
					return
				}
			}
			if next == nil {
				return
			}
			maps.Copy(query, next)
		}
	}
}

// position sets the position in a query. The ID among those of one key is known only where the key is.
func (c cursor) position(query url.Values, key string, here bool) {
	if key == "" {
		return
	}
	query.Set(cmp.Or(c.begin, c.listing.after), key)
	if here && c.second != "" {
		query.Set(c.listing.second, c.second)
	}
}

// follows reports whether an entry is after the position. Versitygw begins with the entry at the position.
func (c cursor) follows(entry listed) bool {
	return entry.name() > c.after || entry.Key == c.after && c.second != "" && entry.second() != c.second
}

// fetch requests a page, and returns the position of the next one.
func (c cursor) fetch(query url.Values) (found []listed, next url.Values, err error) {
	query.Set(c.name, map[bool]string{true: "2"}[c.name == objects.name])
	query.Set(c.listing.most, strconv.Itoa(c.most))
	if c.name == "" {
		query.Del("")
	}
	address := *c.p.upstream
	address.Path, address.RawQuery = "/"+c.bucket, query.Encode()
	request, err := http.NewRequestWithContext(c.r.Context(), http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, nil, err
	}
	if s, secret, ok := c.p.valid(c.r); ok {
		request.Host = c.r.Host
		s.sign(request, secret)
	}
	response, err := c.p.transport.RoundTrip(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = errors.New(response.Status)
	}
	if err != nil {
		return nil, nil, err
	}
	return c.read(text)
}

// read parses a page. The order of its entries is that of the names.
func (c cursor) read(text []byte) (found []listed, next url.Values, err error) {
	next = url.Values{}
	var truncated bool
	decoder := xml.NewDecoder(bytes.NewReader(text))
	for depth := 0; ; {
		begin := decoder.InputOffset()
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if depth++; depth == 1 {
			continue
		}
		var e struct {
			Key, Prefix string
			VersionID   string `xml:"VersionId"`
			UploadID    string `xml:"UploadId"`
			Text        string `xml:",chardata"`
		}
		if err := decoder.DecodeElement(&e, &start); err != nil {
			return nil, nil, err
		}
		switch name := start.Name.Local; {
		case name == "CommonPrefixes" || slices.Contains(c.elements, name):
			found = append(found, listed{e.Key, e.Prefix, e.VersionID, e.UploadID, text[begin:decoder.InputOffset()]})
		case name == "IsTruncated":
			truncated = e.Text == "true"
		case name == c.nextAfter && e.Text != "":
			next.Set(c.listing.after, e.Text)
		case name == c.nextSecond && e.Text != "":
			next.Set(c.listing.second, e.Text)
		}
	}
	slices.SortStableFunc(found, func(a, b listed) int { return strings.Compare(a.name(), b.name()) })
	if !truncated || len(found) == 0 {
		return found, nil, nil
	}
	if len(next) == 0 { // the old listing of objects has no position without a delimiter
		next.Set(c.listing.after, found[len(found)-1].name())
	}
	return found, next, nil
}

// merge merges two sorted listings.
func merge(one, other entries) entries {
	return func(yield func(listed, error) bool) {
		nextA, stopA := iter.Pull2(one)
		defer stopA()
		nextB, stopB := iter.Pull2(other)
		defer stopB()
		a, errA, okA := nextA()
		b, errB, okB := nextB()
		for okA || okB {
			if okA && (!okB || errA != nil || errB == nil && a.name() <= b.name()) {
				if !yield(a, errA) {
					return
				}
				a, errA, okA = nextA()
				continue
			}
			if !yield(b, errB) {
				return
			}
			b, errB, okB = nextB()
		}
	}
}

var (
	listedElements = regexp.MustCompile(`(?s)<(Contents|Version|DeleteMarker|Upload|CommonPrefixes)>.*?</(Contents|Version|DeleteMarker|Upload|CommonPrefixes)>`)
	pageElements   = regexp.MustCompile(`<(IsTruncated|KeyCount|NextContinuationToken|NextMarker|NextKeyMarker|NextVersionIdMarker|NextUploadIdMarker)>[^<]*</[A-Za-z]+>`)
)

// into replaces the entries and the position in an answer of versitygw.
func (p page) into(frame []byte) []byte {
	frame = pageElements.ReplaceAll(listedElements.ReplaceAll(frame, nil), nil)
	end := bytes.LastIndex(frame, []byte("</"))
	if end < 0 {
		return frame
	}
	var text bytes.Buffer
	text.Write(frame[:end])
	text.WriteString("<IsTruncated>" + strconv.FormatBool(p.more) + "</IsTruncated>")
	if p.name == objects.name {
		text.WriteString("<KeyCount>" + strconv.Itoa(len(p.entries)) + "</KeyCount>")
	}
	if p.more && (p.nextAfter != oldObjects.nextAfter || p.delimited) {
		last := p.entries[len(p.entries)-1]
		text.WriteString("<" + p.nextAfter + ">" + escapeXML(last.name()) + "</" + p.nextAfter + ">")
		if second := last.second(); second != "" {
			text.WriteString("<" + p.nextSecond + ">" + escapeXML(second) + "</" + p.nextSecond + ">")
		}
	}
	for _, entry := range p.entries {
		text.Write(entry.raw)
	}
	text.Write(frame[end:])
	return text.Bytes()
}
