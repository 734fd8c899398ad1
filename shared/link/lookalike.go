package link

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"github.com/minim-dev/minim/shared/link/weburl"
)

// Shown is a destination as people should see it before they go there.
type Shown struct {
	// Before, Host and After are the whole of it. Characters that cannot be seen, or
	// change the order of others, are percent-encoded.
	Before, Host, After string
	// ASCII is the host's technical form if its name may deceive, else empty.
	ASCII string
	// Imitates is what the host looks like in ASCII; empty if it mixes alphabets.
	Imitates string
}

// Show takes a destination apart.
func Show(url string) Shown {
	scheme, rest, _ := strings.Cut(url, "//")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	s := Shown{Before: visible(scheme + "//"), Host: visible(rest[:end]), After: visible(rest[end:])}
	name, _, _ := strings.Cut(rest[:end], ":")
	ascii := normalHost(name)
	if shown, err := idna.ToUnicode(ascii); err == nil {
		var deceives bool
		if s.Imitates, deceives = deceptive(shown); deceives {
			s.ASCII = ascii
		}
	}
	return s
}

// visible percent-encodes what can't be seen. Bidirectional marks and characters of
// width zero aren't printable to Go either.
func visible(text string) string {
	var b strings.Builder
	for _, r := range text {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		for _, c := range utf8.AppendRune(nil, r) {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// twins are letters, of Cyrillic, Greek, Armenian and Latin, that can't be distinguished from
// the ASCII letters at the same place of originals in many fonts. It is the part of
// Unicode's confusables.txt that matters for names of hosts; whole packages of it
// cost start-up time.
const (
	twins     = "асԁеһіјӏорԛѕԝхуүѵ" + "αοιυνρκχ" + "օոսհցզյ" + "ıɩɑɡᴏᴄᴠᴡᴢ"
	originals = "acdehijlopqswxyyv" + "aoiuvpkx" + "onuhgqj" + "iiagocvwz"
)

// deceptive reports whether a host's name, in Unicode, can be taken for another one:
// a label mixes alphabets or, below a top-level domain in another alphabet, has only
// letters that look like ASCII. If so, it returns that ASCII name, or "" if the name
// doesn't look like one.
func deceptive(host string) (imitates string, deceives bool) {
	labels := strings.Split(host, ".")
	top := alphabets(labels[len(labels)-1])
	for _, label := range labels {
		used := alphabets(label)
		if weburl.ASCII(label) {
			continue
		}
		mixed := len(used) > 1 && !slices.ContainsFunc(together[:], func(allowed string) bool {
			return !slices.ContainsFunc(used, func(a string) bool { return !strings.Contains(allowed, a) })
		})
		alike := weburl.ASCII(skeleton(label)) && (len(used) != 1 || used[0] == "Latin" || !slices.Equal(used, top))
		deceives = deceives || mixed || alike
	}
	if imitates = skeleton(host); !deceives || !weburl.ASCII(imitates) {
		imitates = ""
	}
	return imitates, deceives
}

// together are alphabets that one language writes in, as browsers accept them.
var together = [...]string{"Latin Han Hiragana Katakana", "Latin Han Bopomofo", "Latin Han Hangul"}

// alphabets lists the scripts of a label's letters.
func alphabets(label string) (used []string) {
	for _, r := range label {
		if !unicode.IsLetter(r) {
			continue
		}
		name := "another"
		for _, known := range []string{"Latin", "Cyrillic", "Greek", "Armenian", "Han", "Hiragana", "Katakana", "Hangul", "Bopomofo", "Hebrew", "Arabic", "Common"} {
			if unicode.Is(unicode.Scripts[known], r) {
				name = known
			}
		}
		if name != "Common" && !slices.Contains(used, name) {
			used = append(used, name)
		}
	}
	return used
}

// skeleton replaces letters by the ASCII ones that they look like.
func skeleton(name string) string {
	letters := []rune(twins)
	return strings.Map(func(r rune) rune {
		if i := slices.Index(letters, r); i >= 0 {
			return rune(originals[i])
		}
		return r
	}, name)
}
