package render

import (
	"bytes"
	goimage "image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"

	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/sample"
)

// grainy draws noise, which takes many bytes.
func grainy(width, height int) *goimage.NRGBA {
	noise := rand.New(rand.NewPCG(1, 2))
	out := goimage.NewNRGBA(goimage.Rect(0, 0, width, height))
	for i := range out.Pix {
		out.Pix[i] = byte(noise.UintN(256)) | 0xFF*byte(i%4/3)
	}
	return out
}

func encodedAt(t *testing.T, img goimage.Image, quality int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// with puts segments and chunks with secrets into a file.
func with(file []byte, at int, parts ...[]byte) []byte {
	return append(append(append(bytes.Clone(file[:at]), bytes.Join(parts, nil)...), file[at:]...), sample.Secret...)
}

// A variant of the image's own size is the file itself where encoding it again
// would not make it smaller, without what else is in the file.
func TestOriginalIsKept(t *testing.T) {
	profile := sample.Profile(700)
	segments := [][]byte{sample.XMPSegment(), sample.ExifSegment(1), sample.Segment(0xFE, sample.Secret),
		sample.Segment(0xE0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"+sample.Secret),
		sample.Segment(0xE2, "ICC_PROFILE\x00\x01\x01"+string(profile))}
	chunks := [][]byte{sample.Chunk("tEXt", "Comment\x00"+sample.Secret), sample.ProfileChunk(profile)}
	coarse, fine := encodedAt(t, grainy(640, 400), 30), encodedAt(t, grainy(640, 400), 99)
	flat := sample.PNG(sample.Quarters(320, 200))
	clear := sample.Quarters(320, 200)
	clear.SetNRGBA(3, 3, color.NRGBA{1, 2, 3, 4})
	const afterHeader = 8 + 25
	tests := []struct {
		name string
		file []byte
		kept bool
	}{
		{"coarse JPEG", with(coarse, 2, segments...), true},
		{"fine JPEG", with(fine, 2, segments...), false},
		{"turned JPEG", with(coarse, 2, sample.ExifSegment(3), segments[4]), false},
		{"other width", with(encodedAt(t, grainy(641, 400), 30), 2, segments...), false},
		{"flat PNG", with(flat, afterHeader, chunks...), true},
		{"noisy PNG", with(sample.PNG(grainy(320, 200)), afterHeader, chunks...), false},
		{"PNG with alpha", with(sample.PNG(clear), afterHeader, chunks...), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := pixels(t, test.file)
			for _, codec := range []image.Codec{image.Fast, image.Imaging} {
				kept := false
				for _, file := range renderBy(t, codec, test.file).Files {
					kept = kept || same(open(t, file), want)
					if bytes.Contains(file.Body, []byte(sample.Secret)) || bytes.Contains(file.Body, []byte("Exif")) {
						t.Errorf("%s: metadata is left", file.Name)
					}
					if info, err := image.LimitsFor(1769).Inspect(file.Body); err != nil || !bytes.Equal(info.Profile, profile) {
						t.Errorf("%s: the profile is lost: %v", file.Name, err)
					}
				}
				if kept != test.kept {
					t.Errorf("%s: the original is kept: %v", codec, kept)
				}
			}
		})
	}
}

func pixels(t *testing.T, file []byte) goimage.Image {
	t.Helper()
	decode := png.Decode
	if image.Sniff(file) == image.JPEG {
		decode = jpeg.Decode
	}
	img, err := decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func same(a, b goimage.Image) bool {
	if a.Bounds() != b.Bounds() {
		return false
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if a.At(x, y) != b.At(x, y) {
				return false
			}
		}
	}
	return true
}
