package link

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/minim-dev/minim/shared/link/weburl"
)

// Terms by which an index lists links. A word is listed by its first symbols, so that a
// list holds all links with a word that begins so; readers compare the rest.
const (
	termSymbols = 3
	maxTerms    = 60 // of words; those in the address come last
	maxHost     = 253
	wordTerm    = "w#"
	tagTerm     = "t#"
	hostTerm    = "h#"
	deletedTerm = "d"
)

// Words splits text into words: runs of letters and digits, in lower case. Each symbol
// of a script without spaces between words is a word.
func Words(text string) []string {
	var words []string
	begin := -1
	end := func(at int) {
		if begin >= 0 {
			words = append(words, strings.ToLower(text[begin:at]))
		}
		begin = -1
	}
	for at, r := range text {
		switch {
		case ideographic(r):
			end(at)
			words = append(words, string(r))
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if begin < 0 {
				begin = at
			}
		default:
			end(at)
		}
	}
	end(len(text))
	return words
}

func ideographic(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// words are all words of a link, those of its address last.
func (l Link) words() []string {
	address := l.URL
	if _, rest, ok := strings.Cut(address, "//"); ok {
		address = rest
	}
	if decoded, err := url.PathUnescape(address); err == nil {
		address = decoded
	}
	var words []string
	for _, text := range []string{l.Code, strings.Join(l.Aliases, " "), l.Title, strings.Join(l.Tags, " "), l.Note, address} {
		words = append(words, Words(text)...)
	}
	return words
}

// host is the destination's host in the form in which two spellings are equal.
func (l Link) host() string {
	u, mistake := weburl.Parse(l.URL)
	if mistake != "" {
		return ""
	}
	if host := hostName(u.Host); len(host) <= maxHost {
		return host
	}
	return "" // no name server knows it
}

// Terms are the lists of an index that the link belongs to: of the beginnings of its
// words, its tags and its host, and of deleted links.
func (l Link) Terms() []string {
	seen, terms := map[string]bool{}, []string{}
	add := func(term string) {
		if !seen[term] {
			seen[term] = true
			terms = append(terms, term)
		}
	}
	for _, word := range l.words() {
		if len(terms) < maxTerms {
			add(wordTerm + beginning(word))
		}
	}
	for _, tag := range l.Tags {
		add(tagTerm + tag)
	}
	if host := l.host(); host != "" {
		add(hostTerm + host)
	}
	if !l.DeletedAt.IsZero() {
		add(deletedTerm)
	}
	return terms
}

// beginning is the part of a word by which it is listed.
func beginning(word string) string {
	n := 0
	for at := range word {
		if n == termSymbols {
			return word[:at]
		}
		n++
	}
	return word
}

// listed reports whether one list holds all links with a word that begins like this.
func listed(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return utf8.RuneCountInString(word) >= termSymbols || ideographic(first)
}
