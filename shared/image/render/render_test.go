package render

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	goimage "image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/sample"
)

// rendered inspects and renders as the function does.
func rendered(t *testing.T, file []byte) Result {
	t.Helper()
	return renderBy(t, image.Fast, file)
}

func renderBy(t *testing.T, codec image.Codec, file []byte) Result {
	t.Helper()
	recipe := image.Current()
	recipe.Codec = codec
	info, err := image.LimitsFor(1769).Inspect(file)
	if err != nil {
		t.Fatal(err)
	}
	result, err := Render(t.Context(), file, info, recipe)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// open decodes a variant and checks that it is what its record says.
func open(t *testing.T, file File) goimage.Image {
	t.Helper()
	if got := image.Sniff(file.Body); got != file.Type {
		t.Fatalf("%s is %q, recorded as %q", file.Name, got, file.Type)
	}
	decode := jpeg.Decode
	if file.Type == image.PNG {
		decode = png.Decode
	}
	img, err := decode(bytes.NewReader(file.Body))
	if err != nil {
		t.Fatalf("%s: %v", file.Name, err)
	}
	if size := img.Bounds().Size(); size != goimage.Pt(file.Width, file.Height) {
		t.Fatalf("%s is %v, recorded as %dx%d", file.Name, size, file.Width, file.Height)
	}
	return img
}

func TestEveryOrientationComesOutUpright(t *testing.T) {
	const width, height = 330, 180
	const xmp = "<x:xmpmeta><tiff:Orientation>3</tiff:Orientation></x:xmpmeta>" // says otherwise, and comes first
	formats := map[string]func(stored *goimage.NRGBA, orientation int) []byte{
		"JPEG": func(p *goimage.NRGBA, o int) []byte {
			return sample.JPEG(p, sample.XMPSegment(), sample.ExifSegment(o))
		},
		"PNG": func(p *goimage.NRGBA, o int) []byte {
			return sample.PNG(p, sample.Chunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+xmp), sample.Chunk("eXIf", string(sample.Exif(binary.LittleEndian, o))))
		},
		"WebP": func(p *goimage.NRGBA, o int) []byte {
			return sample.WebP(p, sample.RIFF("XMP ", xmp), sample.RIFF("EXIF", string(sample.Exif(binary.BigEndian, o))))
		},
	}
	for format, encode := range formats {
		for n := range 16 {
			codec, orientation := []image.Codec{image.Fast, image.Imaging}[n/8], 1+n%8
			t.Run(fmt.Sprintf("%s %s %d", codec, format, orientation), func(t *testing.T) {
				result := renderBy(t, codec, encode(sample.Stored(sample.Quarters(width, height), orientation), orientation))
				if result.Width != width || result.Height != height {
					t.Errorf("size %dx%d", result.Width, result.Height)
				}
				if len(result.Files) != 2 {
					t.Fatalf("%d files", len(result.Files))
				}
				for _, file := range result.Files {
					if !sample.Upright(open(t, file)) {
						t.Errorf("%s is not upright", file.Name)
					}
					if file.Width > width || file.Height > height {
						t.Errorf("%s is larger than the image", file.Name)
					}
				}
			})
		}
	}
}

func TestMetadataIsDropped(t *testing.T) {
	quarters := sample.Quarters(400, 200)
	profile := sample.Profile(700)
	jpegFile := sample.JPEG(quarters, sample.XMPSegment(), sample.ExifSegment(1),
		sample.Segment(0xFE, sample.Secret), sample.Segment(0xED, "Photoshop 3.0\x00"+sample.Secret),
		sample.Segment(0xE2, "ICC_PROFILE\x00\x01\x01"+string(profile)))
	clear := sample.Quarters(400, 200)
	clear.SetNRGBA(0, 0, color.NRGBA{})
	pngFile := sample.PNG(clear, sample.Chunk("eXIf", string(sample.Exif(binary.LittleEndian, 1))),
		sample.Chunk("tEXt", "Comment\x00"+sample.Secret), sample.ProfileChunk(profile))
	webpFile := sample.WebP(quarters, sample.RIFF("ICCP", string(profile)), sample.RIFF("EXIF", string(sample.Exif(binary.LittleEndian, 1))),
		sample.RIFF("XMP ", "<x:xmpmeta>"+sample.Secret+"</x:xmpmeta>"))
	for name, file := range map[string][]byte{"JPEG": jpegFile, "PNG": pngFile, "WebP": webpFile} {
		t.Run(name, func(t *testing.T) {
			if name != "WebP" { // whose length its header tells
				file = append(file, sample.Secret...)
			}
			for _, variant := range append(rendered(t, file).Files, renderBy(t, image.Imaging, file).Files...) {
				open(t, variant)
				for _, trace := range []string{sample.Secret, "Exif", "xmpmeta", "eXIf", "EXIF", "tEXt", "iTXt", "Photoshop", "8BIM"} {
					if bytes.Contains(variant.Body, []byte(trace)) {
						t.Errorf("%s contains %s", variant.Name, trace)
					}
				}
				info, err := image.LimitsFor(1769).Inspect(variant.Body)
				if err != nil || !bytes.Equal(info.Profile, profile) {
					t.Errorf("%s: the profile is lost: %v", variant.Name, err)
				}
			}
		})
	}
}

// The numbers of an image in Display P3 stay as they are, and the profile that
// reports which colours they mean stays with them.
func TestDisplayP3KeepsItsColours(t *testing.T) {
	profile := sample.DisplayP3()
	quarters, clear := sample.Quarters(700, 300), sample.Quarters(700, 300)
	clear.SetNRGBA(0, 0, color.NRGBA{})
	inJPEG := sample.Segment(0xE2, "ICC_PROFILE\x00\x01\x01"+string(profile))
	for name, files := range map[string][2][]byte{
		"JPEG":           {sample.JPEG(quarters), sample.JPEG(quarters, inJPEG)},
		"PNG":            {sample.PNG(quarters), sample.PNG(quarters, sample.ProfileChunk(profile))},
		"PNG with alpha": {sample.PNG(clear), sample.PNG(clear, sample.ProfileChunk(profile))},
		"WebP":           {sample.WebP(quarters), sample.WebP(quarters, sample.RIFF("ICCP", string(profile)))},
	} {
		for _, codec := range []image.Codec{image.Fast, image.Imaging} {
			without, with := renderBy(t, codec, files[0]), renderBy(t, codec, files[1])
			for i, file := range with.Files {
				if !same(open(t, file), open(t, without.Files[i])) {
					t.Errorf("%s, %s, %s: other numbers", name, codec, file.Name)
				}
				if info, err := image.LimitsFor(1769).Inspect(file.Body); err != nil || !bytes.Equal(info.Profile, profile) {
					t.Errorf("%s, %s, %s: the profile is lost: %v", name, codec, file.Name, err)
				}
			}
		}
	}
}

func TestForms(t *testing.T) {
	quarters := sample.Quarters(400, 250)
	half := sample.Quarters(400, 250)
	for i := 3; i < len(half.Pix); i += 4 {
		half.Pix[i] = 0x80
	}
	as := func(out draw.Image) goimage.Image {
		draw.Draw(out, out.Bounds(), quarters, goimage.Point{}, draw.Src)
		return out
	}
	bounds := quarters.Rect
	withClear := append(color.Palette{color.NRGBA{}}, palette.WebSafe...)
	gifFrame := goimage.NewPaletted(goimage.Rect(0, 0, 400, 250), withClear)
	draw.Draw(gifFrame, goimage.Rect(200, 125, 400, 250), quarters, goimage.Pt(200, 125), draw.Src)
	tests := []struct {
		name    string
		file    []byte
		want    image.Type
		upright bool
	}{
		{"grey JPEG", sample.JPEG(as(goimage.NewGray(bounds))), image.JPEG, false},
		{"PNG of 8 bits", sample.PNG(quarters), image.JPEG, true},
		{"PNG of 16 bits", sample.PNG(as(goimage.NewRGBA64(bounds))), image.JPEG, true},
		{"PNG with a palette", sample.PNG(as(goimage.NewPaletted(bounds, palette.WebSafe))), image.JPEG, true},
		{"grey PNG", sample.PNG(as(goimage.NewGray(bounds))), image.JPEG, false},
		{"half transparent PNG", sample.PNG(half), image.PNG, false},
		{"half transparent PNG of 16 bits", sample.PNG(deep(half)), image.PNG, false},
		{"WebP", sample.WebP(quarters), image.JPEG, true},
		{"GIF", sample.GIF(as(goimage.NewPaletted(bounds, palette.WebSafe))), image.JPEG, true},
		{"GIF with clear pixels", sample.GIF(gifFrame), image.PNG, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			result := rendered(t, test.file)
			for _, file := range append(result.Files, renderBy(t, image.Imaging, test.file).Files...) {
				img := open(t, file)
				if file.Type != test.want {
					t.Errorf("%s is %s, want %s", file.Name, file.Type, test.want)
				}
				if test.upright && !sample.Upright(img) {
					t.Errorf("%s does not look like the image", file.Name)
				}
			}
			if len(result.Placeholder) != 28 || len(result.ThumbHash) < 24 || !strings.HasPrefix(result.Color, "#") || len(result.Color) != 7 {
				t.Errorf("placeholder %q, colour %q", result.Placeholder, result.Color)
			}
		})
	}
}

// Of an animation comes the first frame, where it lies on the canvas.
func TestAnimatedWebP(t *testing.T) {
	result := rendered(t, sample.AnimatedWebP(sample.Quarters(80, 60), goimage.NewNRGBA(goimage.Rect(0, 0, 80, 60))))
	if result.Width != 160 || result.Height != 120 {
		t.Fatalf("size %dx%d", result.Width, result.Height)
	}
	img := open(t, result.Files[0]).(*goimage.NRGBA)
	if got := img.NRGBAAt(39, 29); got.A != 0 {
		t.Errorf("outside the frame: %v", got)
	}
	if !sample.Upright(img.SubImage(goimage.Rect(80, 60, 160, 120))) {
		t.Error("the frame is not what was drawn")
	}
}

// However an image goes, its phases are all of its time, and none is negative.
func TestTook(t *testing.T) {
	quarters := sample.Quarters(1300, 700)
	clear := sample.Quarters(1300, 700)
	clear.SetNRGBA(0, 0, color.NRGBA{})
	for name, file := range map[string][]byte{"JPEG": sample.JPEG(quarters), "PNG": sample.PNG(quarters), "alpha": sample.PNG(clear)} {
		for _, codec := range []image.Codec{image.Fast, image.Imaging} {
			began := time.Now()
			took := renderBy(t, codec, file).Took
			all := took.Decode + took.Resize + took.Encode
			if took.Decode <= 0 || took.Resize < 0 || took.Encode < 0 || all > time.Since(began) {
				t.Errorf("%s by %s: %+v", name, codec, took)
			}
		}
	}
}

// Crops show what they are asked to keep in view, by both codecs.
func TestCropsAroundAFocus(t *testing.T) {
	file := sample.PNG(sample.Quarters(400, 200)) // a quarter is 200 wide, and a square 200
	for _, codec := range []image.Codec{image.Fast, image.Imaging} {
		seen := map[color.NRGBA]bool{}
		for _, x := range []int{-50, 50} {
			recipe := image.Current().CropsAt(image.Focus{X: x})
			recipe.Codec = codec
			info, err := image.LimitsFor(1769).Inspect(file)
			if err != nil {
				t.Fatal(err)
			}
			result, err := Render(t.Context(), file, info, recipe)
			if err != nil || len(result.Files) != 1 || result.Files[0].Name != "square" {
				t.Fatalf("%s: %+v, %v", codec, result, err)
			}
			img := open(t, result.Files[0])
			rough := func(x, y int) color.NRGBA {
				r, g, b, _ := img.At(x, y).RGBA()
				return color.NRGBA{byte(r >> 15), byte(g >> 15), byte(b >> 15), 1}
			}
			if rough(20, 20) != rough(180, 20) { // one quarter from edge to edge
				t.Errorf("%s at %d: %v to %v", codec, x, rough(20, 20), rough(180, 20))
			}
			seen[rough(20, 20)] = true
		}
		if len(seen) != 2 {
			t.Errorf("%s: both sides show %v", codec, seen)
		}
	}
}

func deep(img *goimage.NRGBA) goimage.Image {
	out := goimage.NewNRGBA64(img.Rect)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			out.Set(x, y, img.At(x, y))
		}
	}
	return out
}

func TestDominantColour(t *testing.T) {
	img := goimage.NewNRGBA(goimage.Rect(0, 0, 90, 90))
	draw.Draw(img, img.Rect, goimage.NewUniform(color.NRGBA{0x20, 0x60, 0xA0, 0xFF}), goimage.Point{}, draw.Src)
	draw.Draw(img, goimage.Rect(0, 0, 90, 30), goimage.NewUniform(color.White), goimage.Point{}, draw.Src)
	for codec, want := range map[image.Codec]string{image.Imaging: "#2060a0", image.Fast: "#205fa0"} { // YCbCr rounds
		if got := renderBy(t, codec, sample.PNG(img)).Color; got != want {
			t.Errorf("%s: got %s", codec, got)
		}
	}
}

func TestTheSameImageGivesTheSameBytes(t *testing.T) {
	file := sample.JPEG(sample.Quarters(400, 300), sample.ExifSegment(3))
	one, two := rendered(t, file), rendered(t, file)
	for i := range one.Files {
		if !bytes.Equal(one.Files[i].Body, two.Files[i].Body) {
			t.Errorf("%s differs", one.Files[i].Name)
		}
	}
}

// What the structure does not show is refused by the decoder, for good.
func TestDamagedPixels(t *testing.T) {
	quarters := sample.Quarters(64, 48)
	badPNG := sample.PNG(quarters)
	badPNG[bytes.Index(badPNG, []byte("IDAT"))+20] ^= 0xFF
	badJPEG := sample.JPEG(quarters)
	table := bytes.Index(badJPEG, []byte{0xFF, 0xC4})
	badJPEG[table+1] = 0xFE // Huffman tables become a comment
	for name, file := range map[string][]byte{"PNG": badPNG, "JPEG": badJPEG} {
		info, err := image.LimitsFor(1769).Inspect(file)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Render(t.Context(), file, info, image.Current())
		if _, ok := errors.AsType[*image.Refusal](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTimeRunsOut(t *testing.T) {
	file := sample.JPEG(sample.Quarters(64, 48))
	info, err := image.LimitsFor(1769).Inspect(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Render(ctx, file, info, image.Current()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error, so that the platform tries again", err)
	}
}

func FuzzRender(f *testing.F) {
	quarters := sample.Quarters(24, 16)
	f.Add(sample.JPEG(quarters, sample.ExifSegment(6)))
	f.Add(sample.PNG(quarters))
	f.Add(sample.WebP(quarters))
	f.Add(sample.AnimatedWebP(quarters))
	f.Add(sample.GIF(quarters))
	limits := image.LimitsFor(1769)
	limits.Pixels, limits.BaselinePixels = 1<<16, 1<<16 // quick rounds
	f.Fuzz(func(t *testing.T, file []byte) {
		info, err := limits.Inspect(file)
		if err != nil {
			return
		}
		_, err = Render(t.Context(), file, info, image.Current())
		if _, refused := errors.AsType[*image.Refusal](err); err != nil && !refused {
			t.Fatal(err)
		}
	})
}
