package render

import (
	"bytes"
	"errors"
	"fmt"
	goimage "image"
	"image/draw"
	"math"
	"runtime"
	"testing"

	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/jpeg"
	"github.com/minim-dev/minim/shared/image/sample"
)

// Both codecs make the same variants, which look the same.
func TestCodecsAgree(t *testing.T) {
	wide := sample.Quarters(1290, 700)
	tall := sample.Quarters(401, 733)
	grey := goimage.NewGray(wide.Rect)
	draw.Draw(grey, grey.Rect, wide, goimage.Point{}, draw.Src)
	all, err := jpeg.Encode(t.Context(), jpeg.FromImage(full(wide)), 90, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{
		"wide":  sample.JPEG(wide, sample.ExifSegment(6)),
		"tall":  sample.JPEG(tall, sample.ExifSegment(3)),
		"grey":  sample.JPEG(grey),
		"PNG":   sample.PNG(tall),
		"4:4:4": all,
	} {
		t.Run(name, func(t *testing.T) {
			fast, slow := rendered(t, file), renderBy(t, image.Imaging, file)
			if len(fast.Files) != len(slow.Files) {
				t.Fatalf("%d and %d files", len(fast.Files), len(slow.Files))
			}
			for i, ours := range fast.Files {
				theirs := slow.Files[i]
				if ours.Name != theirs.Name || ours.Width != theirs.Width || ours.Height != theirs.Height {
					t.Errorf("%s %dx%d and %s %dx%d", ours.Name, ours.Width, ours.Height, theirs.Name, theirs.Width, theirs.Height)
				}
				if db := alike(open(t, ours), open(t, theirs)); db < 30 {
					t.Errorf("%s: %.1f dB", ours.Name, db)
				}
			}
		})
	}
}

// full returns an image with all its colours in planes.
func full(img *goimage.NRGBA) *goimage.YCbCr {
	out := goimage.NewYCbCr(img.Rect, goimage.YCbCrSubsampleRatio444)
	planes := jpeg.FromRGB(img).Planes
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			out.Y[out.YOffset(x, y)] = planes[0].Pix[y*planes[0].Stride+x]
			out.Cb[out.COffset(x, y)] = planes[1].Pix[y/2*planes[1].Stride+x/2]
			out.Cr[out.COffset(x, y)] = planes[2].Pix[y/2*planes[2].Stride+x/2]
		}
	}
	return out
}

// alike compares the brightness of two images, in decibels.
func alike(a, b goimage.Image) float64 {
	sum, bounds := 0.0, a.Bounds()
	one, two := goimage.NewGray(bounds), goimage.NewGray(bounds)
	draw.Draw(one, bounds, a, bounds.Min, draw.Src)
	draw.Draw(two, bounds, b, bounds.Min, draw.Src)
	for i := range one.Pix {
		d := float64(one.Pix[i]) - float64(two.Pix[i])
		sum += d * d
	}
	return 10 * math.Log10(255*255*float64(len(one.Pix))/max(sum, 1))
}

// A small missing part of a file is filled in, and reported.
func TestTruncatedFile(t *testing.T) {
	file := sample.JPEG(sample.Photo(900, 1600, 1))
	start := bytes.LastIndex(file, []byte{0xFF, 0xDA})
	for cut, taken := range map[int]bool{start + (len(file)-start)*98/100: true, start + (len(file)-start)/2: false} {
		info, err := image.LimitsFor(1769).Inspect(file[:cut])
		if err != nil || !info.Truncated {
			t.Fatalf("%+v, %v", info, err)
		}
		result, err := Render(t.Context(), file[:cut], info, image.Current())
		if taken {
			if err != nil || !result.Truncated || !sample.Upright(open(t, result.Files[0])) {
				t.Errorf("cut to %d: truncated %v, %v", cut, result.Truncated, err)
			}
			continue
		}
		if refusal, ok := errors.AsType[*image.Refusal](err); !ok || refusal.Code != image.Truncated {
			t.Errorf("cut to %d: %v", cut, err)
		}
	}
}

// The bytes do not depend on how many processors there are.
func TestTheSameBytesOnAnyNumberOfProcessors(t *testing.T) {
	file := sample.JPEG(sample.Photo(1400, 2100, 6), sample.ExifSegment(6))
	var first Result
	for _, processors := range []int{1, 2, 4} {
		t.Run(fmt.Sprint(processors), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
			result := rendered(t, file)
			if first.Files == nil {
				first = result
			}
			for i := range result.Files {
				if !bytes.Equal(result.Files[i].Body, first.Files[i].Body) {
					t.Errorf("%s differs", result.Files[i].Name)
				}
			}
		})
	}
}
