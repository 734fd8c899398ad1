package weburl

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// forbidden are the characters that a host name can't contain, beside controls.
const forbidden = " #%/:<>?@[\\]^|\x7f"

// parseHost returns the form of a host in which browsers compare it and look it up.
func parseHost(text string) (host, mistake string) {
	if address, bracketed := strings.CutPrefix(text, "["); bracketed {
		return parseIPv6(address)
	}
	name := decode(text)
	if ASCII(name) {
		name = strings.ToLower(name)
	} else if name, mistake = toASCII(name); mistake != "" {
		return "", mistake
	}
	for _, c := range []byte(name) {
		if c < ' ' || strings.IndexByte(forbidden, c) >= 0 {
			return "", fmt.Sprintf("Its host must not contain %q.", c)
		}
	}
	if numeric(name) {
		return parseIPv4(name)
	}
	return name, ""
}

// decode replaces percent-encoded bytes, and leaves other percent signs alone.
func decode(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if end := min(i+3, len(text)); text[i] == '%' {
			if decoded, err := url.PathUnescape(text[i:end]); err == nil && len(decoded) == 1 {
				b.WriteString(decoded)
				i += 2
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// ASCII reports whether a text has only ASCII characters.
func ASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// toASCII is UTS 46, nontransitional, with the checks that the standard asks for.
func toASCII(name string) (ascii, mistake string) {
	profile := idna.New(idna.MapForLookup(), idna.BidiRule(), idna.Transitional(false), idna.StrictDomainName(false),
		idna.CheckHyphens(false), idna.CheckJoiners(true), idna.VerifyDNSLength(false))
	ascii, err := profile.ToASCII(strings.Map(current, name))
	if err != nil || ascii == "" {
		return "", "Its host is not a valid international domain name."
	}
	return ascii, ""
}

// current maps the characters that UTS 46 disallowed until Unicode 15.1. x/net/idna has the
// tables of Unicode 15 when it is compiled by a Go older than 1.27, which makes this obsolete.
func current(r rune) rune {
	switch {
	case r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x180e, 0x2061 <= r && r <= 0x2063,
		0x206a <= r && r <= 0x206f, r == 0x3164, r == 0xffa0, 0x1d173 <= r && r <= 0x1d17a:
		return -1 // ignored
	case 0x10a0 <= r && r <= 0x10c5: // Georgian capitals
		return r - 0x10a0 + 0x2d00
	case 0x1ccd6 <= r && r <= 0x1ccef: // outlined letters and digits
		return r - 0x1ccd6 + 'a'
	case 0x1ccf0 <= r && r <= 0x1ccf9:
		return r - 0x1ccf0 + '0'
	}
	switch r {
	case 0x04c0:
		return 0x04cf
	case 0x1e9e:
		return 0x00df
	case 0x2132:
		return 0x214e
	case 0x2183:
		return 0x2184
	case 0x2f868:
		return 0x36fc
	case 0x2f874:
		return 0x5f53
	case 0x2f91f:
		return 0x243ab
	case 0x2f95f:
		return 0x7aee
	case 0x2f9bf:
		return 0x45d7
	}
	return r
}

// numeric reports whether the last part of a name is a number, which makes it an IPv4 address.
func numeric(name string) bool {
	parts := strings.Split(strings.TrimSuffix(name, "."), ".")
	last := parts[len(parts)-1]
	if last != "" && strings.Trim(last, "0123456789") == "" {
		return true
	}
	_, ok := parseNumber(last)
	return ok
}

// parseIPv4 accepts one to four parts, in decimal, octal (0) or hexadecimal (0x).
func parseIPv4(name string) (host, mistake string) {
	parts := strings.Split(strings.TrimSuffix(name, "."), ".")
	if len(parts) > 4 {
		return "", "Its host is not a valid IPv4 address: it has more than four parts."
	}
	var address uint64
	for i, part := range parts {
		n, ok := parseNumber(part)
		size := 8 // of the part, in bits
		if i == len(parts)-1 {
			size = 8 * (5 - len(parts))
		}
		if !ok || n >= 1<<size {
			return "", fmt.Sprintf("Its host is not a valid IPv4 address: %q is not a number in its range.", part)
		}
		address = address<<size | n
	}
	return netip.AddrFrom4([4]byte{byte(address >> 24), byte(address >> 16), byte(address >> 8), byte(address)}).String(), ""
}

// parseNumber parses a part of an IPv4 address. A number that is too large is a number.
func parseNumber(text string) (n uint64, ok bool) {
	base, digits := 10, text
	if hex, is := strings.CutPrefix(text, "0x"); is {
		base, digits = 16, hex
	} else if len(text) > 1 && text[0] == '0' {
		base, digits = 8, text[1:]
	}
	if digits == "" {
		return 0, base == 16
	}
	if strings.Trim(digits, "0123456789abcdef"[:base]) != "" {
		return 0, false
	}
	n, _ = strconv.ParseUint(digits, base, 64) // the largest one if out of range
	return n, true
}

// parseIPv6 parses what follows the opening bracket.
func parseIPv6(text string) (host, mistake string) {
	text, closed := strings.CutSuffix(text, "]")
	address, err := netip.ParseAddr(text)
	if !closed || err != nil || !address.Is6() || address.Zone() != "" {
		return "", "Its host is not a valid IPv6 address."
	}
	if address.Is4In6() { // browsers write all of it in hexadecimal
		b := address.As16()
		return fmt.Sprintf("[::ffff:%x:%x]", uint(b[12])<<8|uint(b[13]), uint(b[14])<<8|uint(b[15])), ""
	}
	return "[" + address.String() + "]", ""
}
