package e2e

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/disintegration/imaging"
)

// The upright picture has a red top left quarter, a green top right, a blue
// bottom left and a white bottom right one, all a little noisy.
var quarters = [4]color.NRGBA{{200, 30, 30, 255}, {30, 180, 30, 255}, {30, 30, 200, 255}, {235, 235, 235, 255}}

// photo makes a JPEG that is width by height as a person sees it, stored as a
// camera held in the given EXIF orientation (1 to 8) stores it, with a GPS
// position if asked for.
func photo(width, height, orientation int, gps bool) ([]byte, error) {
	upright := image.NewNRGBA(image.Rect(0, 0, width, height))
	noise := rand.New(rand.NewPCG(1, 2))
	for y := range height {
		for x := range width {
			c := quarters[2*(2*y/height)+2*x/width]
			n := uint8(noise.UintN(12))
			upright.SetNRGBA(x, y, color.NRGBA{c.R - n, c.G - n, c.B - n, 255})
		}
	}
	var stored image.Image = upright
	switch orientation {
	case 3:
		stored = imaging.Rotate180(upright)
	case 6: // shown turned by 90 degrees clockwise, so stored turned the other way
		stored = imaging.Rotate90(upright)
	case 8:
		stored = imaging.Rotate270(upright)
	}
	var encoded bytes.Buffer
	if err := jpeg.Encode(&encoded, stored, &jpeg.Options{Quality: 85}); err != nil {
		return nil, err
	}
	plain := encoded.Bytes()
	return append(append(append([]byte{}, plain[:2]...), exif(orientation, gps)...), plain[2:]...), nil
}

// exif is an APP1 segment with an orientation and, perhaps, a latitude reference (EXIF 2.3, TIFF 6.0).
func exif(orientation int, gps bool) []byte {
	order := binary.BigEndian
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08")
	entries := uint16(1)
	if gps {
		entries = 2
	}
	tiff = order.AppendUint16(tiff, entries)
	entry := func(tag, kind uint16, count, value uint32) {
		tiff = order.AppendUint16(tiff, tag)
		tiff = order.AppendUint16(tiff, kind)
		tiff = order.AppendUint32(tiff, count)
		tiff = order.AppendUint32(tiff, value)
	}
	entry(0x0112, 3, 1, uint32(orientation)<<16)
	if gps {
		entry(0x8825, 4, 1, uint32(8+2+2*12+4))
	}
	tiff = order.AppendUint32(tiff, 0)
	if gps {
		tiff = order.AppendUint16(tiff, 1)
		entry(1, 2, 2, uint32('N')<<24)
		tiff = order.AppendUint32(tiff, 0)
	}
	body := append([]byte("Exif\x00\x00"), tiff...)
	segment := []byte{0xFF, 0xE1}
	segment = order.AppendUint16(segment, uint16(len(body)+2))
	return append(segment, body...)
}

// describe tells of a picture what a script checks: "640x480 upright clean".
func describe(data []byte) (string, error) {
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	bounds := picture.Bounds()
	words := []string{fmt.Sprintf("%dx%d", bounds.Dx(), bounds.Dy())}
	if upright(picture) {
		words = append(words, "upright")
	}
	if clean(data) {
		words = append(words, "clean")
	}
	return strings.Join(words, " "), nil
}

func upright(picture image.Image) bool {
	b := picture.Bounds()
	for i, want := range quarters {
		x, y := b.Min.X+b.Dx()*(1+2*(i%2))/4, b.Min.Y+b.Dy()*(1+2*(i/2))/4
		got := color.NRGBAModel.Convert(picture.At(x, y)).(color.NRGBA)
		for _, pair := range [3][2]uint8{{got.R, want.R}, {got.G, want.G}, {got.B, want.B}} {
			if d := int(pair[0]) - int(pair[1]); d < -40 || d > 40 {
				return false
			}
		}
	}
	return true
}

// clean reports whether a picture holds no EXIF, XMP, IPTC, GPS or comment.
func clean(data []byte) bool {
	for _, mark := range []string{"Exif\x00", "http://ns.adobe.com/xap", "Photoshop 3.0", "eXIf", "iTXt", "tEXt", "\xFF\xFE\x00"} {
		if bytes.Contains(data, []byte(mark)) {
			return false
		}
	}
	return true
}

func TestDescribe(t *testing.T) {
	turned, err := photo(60, 40, 6, true)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := describe(turned); err != nil || got != "40x60" {
		t.Errorf("turned and with metadata: %q, %v", got, err)
	}
	var straight bytes.Buffer
	picture, err := imaging.Decode(bytes.NewReader(turned), imaging.AutoOrientation(true))
	if err := errors.Join(err, jpeg.Encode(&straight, picture, nil)); err != nil {
		t.Fatal(err)
	}
	if got, err := describe(straight.Bytes()); err != nil || got != "60x40 upright clean" {
		t.Errorf("straight: %q, %v", got, err)
	}
}
