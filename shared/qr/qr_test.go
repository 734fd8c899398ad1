package qr_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/qr"
)

// read decodes a PNG by another program.
func read(t *testing.T, data []byte) (string, image.Image) {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		return err.Error(), img
	}
	return result.GetText(), img
}

func query(text string) func(string) string {
	values := map[string]string{}
	for pair := range strings.FieldsSeq(text) {
		name, value, _ := strings.Cut(pair, "=")
		values[name] = value
	}
	return func(name string) string { return values[name] }
}

func TestReadable(t *testing.T) {
	texts := []string{"https://a.bc/d?qr", "https://mini.example/" + strings.Repeat("Ab-9_", 12) + "?qr", "https://mini.example/" + strings.Repeat("x", 64) + "?qr"}
	for _, text := range texts {
		for _, level := range []string{"L", "M", "Q", "H"} {
			for _, size := range []int{200, 333, 1024} {
				for _, look := range []string{"", "color=1f5f5b", "color=a3201d background=f6f5f1", "color=000080 background=ffff00 margin=2", "color=777777"} {
					options := fmt.Sprintf("format=png level=%s size=%d %s", level, size, look)
					o, err := qr.Parse(query(options))
					if err != nil {
						t.Fatalf("%s: %v", options, err)
					}
					drawn, err := qr.Draw(text, o)
					if err != nil {
						t.Fatalf("%s: %v", options, err)
					}
					if got, img := read(t, drawn.Data); got != text || img.Bounds().Dx() != size || img.Bounds().Dy() != size {
						t.Errorf("%s, %s: %q, %v", text, options, got, img.Bounds())
					}
				}
			}
		}
	}
}

// The SVG has the modules of the PNG.
func TestSVG(t *testing.T) {
	const text = "https://mini.example/go?qr"
	o, err := qr.Parse(query("format=svg size=300 margin=3 color=1f5f5b background=f6f5f1 level=Q"))
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := qr.Draw(text, o)
	if err != nil {
		t.Fatal(err)
	}
	if got := drawn.MediaType; got != "image/svg+xml" {
		t.Error(got)
	}
	var width, height, side, side2 int
	svg := string(drawn.Data)
	if _, err := fmt.Sscanf(svg, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d"`, &width, &height, &side, &side2); err != nil || width != 300 || height != 300 || side != side2 {
		t.Fatalf("%v, %s", err, svg)
	}
	if !strings.Contains(svg, `fill="#f6f5f1"`) || !strings.Contains(svg, `fill="#1f5f5b"`) {
		t.Error(svg)
	}
	const scale = 8
	img := image.NewGray(image.Rect(0, 0, side*scale, side*scale))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for part := range strings.SplitSeq(svg[strings.LastIndex(svg, `d="`)+len(`d="`):], "M") {
		var x, y, run, back int
		if part == "" {
			continue
		}
		if _, err := fmt.Sscanf(part, "%d %dh%dv1h-%dz", &x, &y, &run, &back); err != nil || run != back {
			t.Fatalf("%q: %v", part, err)
		}
		for py := range scale {
			for px := range run * scale {
				img.SetGray(x*scale+px, y*scale+py, color.Gray{})
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	if got, _ := read(t, out.Bytes()); got != text {
		t.Errorf("read %q", got)
	}
}

// A logo covers the middle, and the code is read nevertheless.
func TestLogo(t *testing.T) {
	square := image.NewRGBA(image.Rect(0, 0, 100, 100))
	for i := range square.Pix {
		square.Pix[i] = []byte{200, 30, 90, 255}[i%4]
	}
	var file bytes.Buffer
	if err := png.Encode(&file, square); err != nil {
		t.Fatal(err)
	}
	logo, err := qr.NewLogo("image/png", file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"https://a.bc/d?qr", "https://mini.example/" + strings.Repeat("x", 64) + "?qr"} {
		for _, level := range []string{"", "Q", "H"} {
			o, err := qr.Parse(query("format=png size=600 logo=id level=" + level))
			if err != nil || o.LogoID != "id" {
				t.Fatal(err)
			}
			o.Logo = logo
			drawn, err := qr.Draw(text, o)
			if err != nil {
				t.Fatal(err)
			}
			got, img := read(t, drawn.Data)
			if r, g, b, _ := img.At(300, 300).RGBA(); got != text || r>>8 != 200 || g>>8 != 30 || b>>8 != 90 {
				t.Errorf("%s, level %q: read %q; %d %d %d in the middle", text, level, got, r>>8, g>>8, b>>8)
			}
			o.Format = qr.SVG
			if drawn, err = qr.Draw(text, o); err != nil || !strings.Contains(string(drawn.Data), `href="data:image/png;base64,iVBOR`) {
				t.Errorf("%v, %s", err, drawn.Data)
			}
		}
	}
	if _, err := qr.NewLogo("image/jpeg", file.Bytes()); err == nil {
		t.Error("a PNG was taken for a JPEG")
	}
}

func TestParse(t *testing.T) {
	for text, fields := range map[string][]string{
		"":                                       nil,
		"format=png size=64 margin=0 level=L":    nil,
		"format=svg size=2048 margin=20 level=H": nil,
		"color=#000000 background=ABCDEF":        nil,
		"logo=x level=Q":                         nil,
		"format=gif":                             {"format"},
		"size=63":                                {"size"},
		"size=2049":                              {"size"},
		"size=1e3":                               {"size"},
		"margin=-1":                              {"margin"},
		"margin=21":                              {"margin"},
		"level=X":                                {"level"},
		"level=LM":                               {"level"},
		"color=red":                              {"color"},
		"color=fff":                              {"color"},
		"background=+12345":                      {"background"},
		"color=ffffff":                           {"color"}, // not to be seen
		"color=888888":                           {"color"}, // hardly
		"color=ffffff background=000000":         {"color"}, // inverted, which many programs don't read
		"logo=x level=M":                         {"level"},
		"format=x size=x margin=x level=x color=": {"format", "size", "margin", "level"},
	} {
		_, err := qr.Parse(query(text))
		var got []string
		if err != nil {
			for _, f := range fault.Of(err).Fields {
				got = append(got, f.Name)
			}
		}
		if diff := cmp.Diff(fields, got); diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", text, err, diff)
		}
	}
}

// A PNG that is too small for its modules is refused, with the size that it needs.
func TestTooSmall(t *testing.T) {
	text := "https://mini.example/" + strings.Repeat("x", 64) + "?qr"
	for size, fits := range map[int]bool{98: true, 97: false} { // 41 modules and twice 4
		o, err := qr.Parse(query(fmt.Sprintf("format=png size=%d", size)))
		if err != nil {
			t.Fatal(err)
		}
		drawn, err := qr.Draw(text, o)
		if fits != (err == nil) || !fits && !strings.Contains(fault.Of(err).Fields[0].Message, "98 pixels") {
			t.Errorf("%d: %v", size, err)
		}
		if err == nil {
			if got, _ := read(t, drawn.Data); got != text {
				t.Errorf("read %q", got)
			}
		}
	}
}
