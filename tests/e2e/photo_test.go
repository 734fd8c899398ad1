package e2e

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/minim-dev/minim/shared/image/sample"
)

// photo returns a JPEG that is displayed as width by height and stored in the
// given EXIF orientation (1 to 8), with a camera's name and a place. It is as
// noisy as a photo, so that decoding takes as long.
func photo(width, height, orientation int) []byte {
	img := sample.Quarters(width, height)
	noise := rand.New(rand.NewPCG(1, 2))
	for i, value := range img.Pix {
		if n := byte(noise.UintN(16)); value > 128 {
			img.Pix[i] = value - n
		} else {
			img.Pix[i] = value + n
		}
	}
	return sample.JPEG(sample.Stored(img, orientation), sample.XMPSegment(), sample.ExifSegment(orientation))
}

// describe returns the properties of an image that scripts check: "640x480 upright clean".
func describe(data []byte) (string, error) {
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	bounds := img.Bounds()
	words := []string{fmt.Sprintf("%dx%d", bounds.Dx(), bounds.Dy())}
	if sample.Upright(img) {
		words = append(words, "upright")
	}
	if clean(data) {
		words = append(words, "clean")
	}
	return strings.Join(words, " "), nil
}

// clean reports whether an image contains no EXIF, XMP, IPTC, place or comment.
func clean(data []byte) bool {
	for _, mark := range []string{sample.Secret, "Exif\x00", "http://ns.adobe.com/xap", "Photoshop 3.0", "eXIf", "iTXt", "tEXt", "\xFF\xFE\x00"} {
		if bytes.Contains(data, []byte(mark)) {
			return false
		}
	}
	return true
}

func TestDescribe(t *testing.T) {
	for orientation, want := range map[int]string{1: "60x40 upright", 6: "40x60"} {
		if got, err := describe(photo(60, 40, orientation)); err != nil || got != want {
			t.Errorf("orientation %d: %q, %v; want %q", orientation, got, err, want)
		}
	}
	if got, err := describe(sample.JPEG(sample.Quarters(60, 40))); err != nil || got != "60x40 upright clean" {
		t.Errorf("without metadata: %q, %v", got, err)
	}
}

// broken returns the JPEG with an invalid code instead of its pixels: all ones. Its
// structure stays intact.
func broken(img []byte) []byte {
	spoilt := bytes.Clone(img)
	begin := bytes.Index(spoilt, []byte{0xff, 0xda}) + 14 // after the head of the scan
	for at := begin; at+1 < len(spoilt)-2; at += 2 {
		spoilt[at], spoilt[at+1] = 0xff, 0
	}
	return spoilt
}
