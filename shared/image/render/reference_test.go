package render

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	goimage "image"
	"image/draw"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/minim-dev/minim/shared/image"
)

// The variants of images that other programs encoded, in every format, have the
// colours that sharp decodes. testdata/README.md describes the files.
func TestReference(t *testing.T) {
	seen := map[image.Type]int{}
	for name, want := range references(t) {
		data, err := os.ReadFile(filepath.Join("testdata/reference", name))
		if err != nil {
			t.Fatal(err)
		}
		info, err := image.LimitsFor(1769).Inspect(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		seen[info.Type]++
		limits := map[int]int{info.Width: 3}  // in levels, by the variant's width
		if strings.HasPrefix(name, "chart") { // whose cells are flat, so that resizing changes them little
			limits[info.Width/2] = 8
		}
		for _, codec := range []image.Codec{image.Fast, image.Imaging} {
			for width, limit := range limits {
				t.Run(fmt.Sprintf("%s %s %d", name, codec, width), func(t *testing.T) {
					// Not Render, which may keep the file instead of the variant.
					result, err := render(t.Context(), data, info, image.Recipe{Codec: codec, Widths: []int{width}, Quality: 95})
					if err != nil {
						t.Fatal(err)
					}
					for i, got := range cells(open(t, result.Files[0])) {
						if off := distance(got, want[i]); off > limit {
							t.Errorf("cell %d is %02x instead of %02x", i, got, want[i])
						}
					}
				})
			}
		}
	}
	for _, format := range []image.Type{image.JPEG, image.PNG, image.GIF, image.WebP} {
		if seen[format] < 3 {
			t.Errorf("%d images in %s", seen[format], format)
		}
	}
}

// VP8, which lossy WebP contains, stores black as 16 and white as 235.
func TestLossyWebPIsInVideoRange(t *testing.T) {
	for name, want := range map[string]byte{"black": 0, "grey": 128, "white": 255} {
		for _, codec := range []image.Codec{image.Fast, image.Imaging} {
			file, err := os.ReadFile("testdata/reference/flat-" + name + ".webp")
			if err != nil {
				t.Fatal(err)
			}
			result := renderBy(t, codec, file)
			near := func(what string, got [3]byte, most int) {
				if distance(got, [3]byte{want, want, want}) > most {
					t.Errorf("%s by %s: the %s is %v", name, codec, what, got)
				}
			}
			for _, variant := range result.Files {
				for _, cell := range cells(open(t, variant)) {
					near(variant.Name, cell, 2)
				}
			}
			var c [3]byte
			if _, err := fmt.Sscanf(result.Color, "#%02x%02x%02x", &c[0], &c[1], &c[2]); err != nil {
				t.Fatal(err)
			}
			near("colour", c, 2)
			near("BlurHash's mean", blurHashMean(result.Placeholder), 2)
			thumb, err := base64.StdEncoding.DecodeString(result.ThumbHash)
			if err != nil {
				t.Fatal(err)
			}
			luma := int(thumb[0]&63) * 255 / 63
			near("ThumbHash's mean", [3]byte{byte(luma), byte(luma), byte(luma)}, 4) // it has 64 levels
		}
	}
}

// blurHashMean returns the colour in the middle four of the first six digits.
func blurHashMean(hash string) (mean [3]byte) {
	n := 0
	for _, digit := range hash[2:6] {
		n = 83*n + strings.IndexRune("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~", digit)
	}
	return [3]byte{byte(n >> 16), byte(n >> 8), byte(n)}
}

// references returns the cells of each file by its name.
func references(t *testing.T) map[string][][3]byte {
	t.Helper()
	file, err := os.Open("testdata/reference.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	all := map[string][][3]byte{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var name, colours string
		if err := json.Unmarshal(lines.Bytes(), &[]any{&name, &colours}); err != nil {
			t.Fatal(err)
		}
		for colour := range strings.FieldsSeq(colours) {
			var c [3]byte
			if _, err := fmt.Sscanf(colour, "%02x%02x%02x", &c[0], &c[1], &c[2]); err != nil {
				t.Fatal(err)
			}
			all[name] = append(all[name], c)
		}
		if len(all[name]) != 48 {
			t.Fatalf("%s has %d cells", name, len(all[name]))
		}
	}
	files, err := filepath.Glob("testdata/reference/*")
	if err != nil || len(files) != len(all) {
		t.Fatalf("%d files and %d references: run tests/bench/reference.mjs (%v)", len(files), len(all), err)
	}
	return all
}

// cells returns the mean colours of the inner halves of 8 by 6 cells, on white,
// as tests/bench/reference.mjs does.
func cells(img goimage.Image) (means [][3]byte) {
	bounds := img.Bounds()
	flat := goimage.NewRGBA(goimage.Rectangle{Max: bounds.Size()})
	draw.Draw(flat, flat.Rect, goimage.White, goimage.Point{}, draw.Src)
	draw.Draw(flat, flat.Rect, img, bounds.Min, draw.Over)
	inner := func(length, cells, n int) (int, int) {
		return length * (4*n + 1) / (4 * cells), (length*(4*n+3) + 4*cells - 1) / (4 * cells)
	}
	for row := range 6 {
		top, bottom := inner(bounds.Dy(), 6, row)
		for column := range 8 {
			left, right := inner(bounds.Dx(), 8, column)
			var sums [3]int
			for y := top; y < bottom; y++ {
				for x := left; x < right; x++ {
					for c := range sums {
						sums[c] += int(flat.Pix[flat.PixOffset(x, y)+c])
					}
				}
			}
			count := (bottom - top) * (right - left)
			means = append(means, [3]byte{byte((sums[0] + count/2) / count), byte((sums[1] + count/2) / count), byte((sums[2] + count/2) / count)})
		}
	}
	return means
}

// distance is the largest difference in a channel.
func distance(a, b [3]byte) int {
	var all [3]int
	for c := range all {
		all[c] = max(int(a[c])-int(b[c]), int(b[c])-int(a[c]))
	}
	return slices.Max(all[:])
}
