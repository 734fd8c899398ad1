package jpeg

import (
	"bytes"
	"testing"
)

// Whatever lies between the segments goes, and the image is the same.
func TestStrip(t *testing.T) {
	p := draw(60, 45, ratio{2, 2})
	for _, b := range builds() {
		plain := b.write(p, 80, 3)
		comment := segment(nil, 0xFE, []byte("secret"))
		file := bytes.ReplaceAll(plain, []byte{0xFF, markerDHT}, append(comment, 0xFF, 0xFF, markerDHT))
		file = append(file, "secret"...)
		got := Strip(file, []byte("profile"))
		if bytes.Contains(got, []byte("secret")) || bytes.Count(got, []byte("profile")) != 1 {
			t.Errorf("%s: a comment is left, or no profile there", b.name)
		}
		if !same(decodeAll(t, got, Scale{1, 1}), decodeAll(t, plain, Scale{1, 1})) {
			t.Errorf("%s: another image", b.name)
		}
		if Strip(plain[:len(plain)-2], nil) != nil {
			t.Errorf("%s: a file without an end is taken", b.name)
		}
		if again := Strip(Strip(file, nil), nil); !bytes.Equal(again, plain) {
			t.Errorf("%s: not the plain file", b.name)
		}
	}
}
