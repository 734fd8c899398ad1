package blurhash_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"os"
	"testing"

	"github.com/minim-dev/minim/shared/image/blurhash"
)

// testdata/vectors.jsonl is what the format's own code in C (woltapp/blurhash,
// in Debian's python3-blurhash 1.1.4) makes of the same images: pattern,
// width, height, hash.
func TestVectors(t *testing.T) {
	patterns := map[string]func(x, y, w, h int) color.NRGBA{
		"colours": func(x, y, _, _ int) color.NRGBA {
			return color.NRGBA{byte(x*x*3 + y*17), byte(y*y*5 + x*29), byte(x*y*7 + 31*x + 3*y), 255}
		},
		"edge": func(x, _, w, _ int) color.NRGBA {
			if 2*x < w {
				return color.NRGBA{255, 255, 255, 255}
			}
			return color.NRGBA{A: 255}
		},
		"rising": func(x, y, w, h int) color.NRGBA { return color.NRGBA{byte(x * 255 / w), byte(y * 255 / h), 0, 255} },
		"dark":   func(x, _, w, _ int) color.NRGBA { return color.NRGBA{8, 5, byte(x * 10 / w), 255} },
		"black":  func(int, int, int, int) color.NRGBA { return color.NRGBA{A: 255} },
		"white":  func(int, int, int, int) color.NRGBA { return color.NRGBA{255, 255, 255, 255} },
	}
	data, err := os.ReadFile("testdata/vectors.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for scanner := bufio.NewScanner(bytes.NewReader(data)); scanner.Scan(); lines++ {
		var pattern, want string
		var width, height int
		if err := json.Unmarshal(scanner.Bytes(), &[]any{&pattern, &width, &height, &want}); err != nil {
			t.Fatal(err)
		}
		img := image.NewNRGBA(image.Rect(0, 0, width, height))
		for y := range height {
			for x := range width {
				img.SetNRGBA(x, y, patterns[pattern](x, y, width, height))
			}
		}
		if got := blurhash.Encode(img); got != want {
			t.Errorf("%s %dx%d: %s, want %s", pattern, width, height, got, want)
		}
	}
	if lines != 30 {
		t.Errorf("%d vectors", lines)
	}
}

func BenchmarkEncode(b *testing.B) {
	img := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	for i := range img.Pix {
		img.Pix[i] = byte(i * 31)
	}
	for b.Loop() {
		blurhash.Encode(img)
	}
}
