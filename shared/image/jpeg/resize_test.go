package jpeg

import (
	"context"
	"errors"
	"fmt"
	goimage "image"
	"image/color"
	"math"
	"runtime"
	"testing"

	"github.com/disintegration/imaging"
)

// The reference is imaging on the brightness alone, as a grey image.
func reference(p Plane, width, height int) Plane {
	grey := &goimage.Gray{Pix: p.Pix, Stride: p.Stride, Rect: goimage.Rect(0, 0, p.Width, p.Height)}
	theirs := imaging.Resize(grey, width, height, imaging.Lanczos)
	out := newPlane(width, height, 1, 1)
	for y := range height {
		for x := range width {
			out.Pix[y*out.Stride+x] = theirs.Pix[theirs.PixOffset(x, y)]
		}
	}
	return out
}

func TestResizeLikeImaging(t *testing.T) {
	for _, size := range [][4]int{{320, 240, 160, 120}, {320, 240, 319, 239}, {601, 333, 47, 211}, {64, 4000, 64, 320}, {9, 9, 5, 5}, {500, 2, 20, 1}} {
		want := reference(draw(size[0], size[1], ratio{}).Planes[0], size[2], size[3])
		for _, r := range ratios() {
			p := draw(size[0], size[1], r)
			got := resized(t, p, size[2], size[3], p.Whole())
			if db := psnr(got.Planes[0], want); db < 50 {
				t.Errorf("%v %v: %.1f dB", size, r, db)
			}
			if len(got.Planes) != len(p.Planes) {
				t.Errorf("%d planes", len(got.Planes))
			}
		}
	}
}

// From a file, at the scale that is enough for the size.
func TestResizeScaledLikeImaging(t *testing.T) {
	for _, r := range ratios() {
		file := encoded(smooth(t, draw(480, 360, r)), 90, 0)
		full := standard(t, file)
		for _, width := range []int{420, 234, 120, 36} {
			height := width * 3 / 4
			reader, err := Open(file)
			if err != nil {
				t.Fatal(err)
			}
			p, err := reader.Decode(t.Context(), reader.ScaleFor(width, height))
			if err != nil {
				t.Fatal(err)
			}
			got := resized(t, p, width, height, p.Whole())
			if db := psnr(got.Planes[0], reference(full.Planes[0], width, height)); db < 45 {
				t.Errorf("%v to %d: %.1f dB", r, width, db)
			}
		}
	}
}

// Colours stay where they are in the image, in every sampling, size and
// direction, also where the last sample of colour stands for half a pixel.
func TestColoursStayInPlace(t *testing.T) {
	for _, r := range ratios()[1:] {
		for _, size := range [][2]int{{200, 200}, {201, 199}} {
			for flips := range 4 {
				p := &Image{Width: size[0], Height: size[1], Planes: []Plane{newPlane(size[0], size[1], 1, 1)}}
				p.Planes = append(p.Planes, newPlane(size[0], size[1], r.x, r.y), newPlane(size[0], size[1], r.x, r.y))
				for _, plane := range p.Planes {
					for y := range plane.Height {
						for x := range plane.Width {
							px := (float64(x)+0.5)*float64(plane.StepX) + (float64(y)+0.5)*float64(plane.StepY)
							plane.Pix[y*plane.Stride+x] = clamp(int(px/2 + 0.5))
						}
					}
				}
				part := p.Whole()
				part.FlipX, part.FlipY = flips&1 != 0, flips&2 != 0
				got := resized(t, p, 101, 99, part)
				inPlace(t, fmt.Sprint(r, size, flips), got)
			}
		}
	}
}

// inPlace compares each sample of colour with the brightness around it.
func inPlace(t *testing.T, name string, p *Image) {
	t.Helper()
	y, c := p.Planes[0], p.Planes[1]
	for v := 3; v < c.Height-3; v++ {
		for u := 3; u < c.Width-3; u++ {
			at := 2*v*y.Stride + 2*u
			mean := (int(y.Pix[at]) + int(y.Pix[at+1]) + int(y.Pix[at+y.Stride]) + int(y.Pix[at+y.Stride+1])) / 4
			if d := int(c.Pix[v*c.Stride+u]) - mean; d < -2 || d > 2 {
				t.Fatalf("%s: at %d, %d the colour is %d off", name, u, v, d)
			}
		}
	}
}

func TestCrop(t *testing.T) {
	p := draw(400, 300, ratio{2, 2})
	got := resized(t, p, 100, 100, Part{Left: 50, Top: 0, Width: 300, Height: 300})
	grey := &goimage.Gray{Pix: p.Planes[0].Pix, Stride: p.Planes[0].Stride, Rect: goimage.Rect(0, 0, 400, 300)}
	want := imaging.Fill(grey, 100, 100, imaging.Center, imaging.Lanczos)
	worst := 0
	for y := 2; y < 98; y++ {
		for x := 2; x < 98; x++ {
			d := int(want.NRGBAAt(x, y).R) - int(got.Planes[0].Pix[y*got.Planes[0].Stride+x])
			worst = max(worst, d, -d)
		}
	}
	if worst > 3 {
		t.Errorf("%d levels off", worst)
	}
}

func TestTranspose(t *testing.T) {
	p := draw(31, 18, ratio{2, 2})
	got := p.Transpose()
	if got.Width != 18 || got.Height != 31 {
		t.Fatalf("size %dx%d", got.Width, got.Height)
	}
	got.Wait()
	if a, b := got.Planes[1].Pix[3*got.Planes[1].Stride+5], p.Planes[1].Pix[5*p.Planes[1].Stride+3]; a != b {
		t.Errorf("%d, want %d", a, b)
	}
	back := got.Transpose()
	back.Wait()
	if !same(back, p) {
		t.Error("twice is not the image again")
	}
}

// An image that is still coming gives what a complete one gives.
func TestResizeWhileDecoding(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	file := encoded(draw(1501, 1999, ratio{2, 2}), 85, 0)
	reader, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, flip := range []bool{false, true} {
		complete := decodeAll(t, file, Scale{2, 2})
		coming, err := reader.Decode(t.Context(), Scale{2, 2})
		if err != nil {
			t.Fatal(err)
		}
		part := complete.Whole()
		part.FlipY = flip
		want := resized(t, complete, 700, 901, part)
		got := resized(t, coming, 700, 901, part)
		if !same(got, want) {
			t.Errorf("flip %v: another image", flip)
		}
	}
}

func TestResizeReportsWhatTheDecoderFinds(t *testing.T) {
	file := encoded(draw(640, 640, ratio{2, 2}), 85, 0)
	reader, err := Open(file[:len(file)/2])
	if err != nil {
		t.Fatal(err)
	}
	p, err := reader.Decode(t.Context(), Scale{1, 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Resize(t.Context(), p, 320, 320, p.Whole()).Wait(); !errors.Is(err, ErrTruncated) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Resize(ctx, draw(64, 64, ratio{2, 2}), 32, 32, Part{Width: 64, Height: 64}).Wait(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestFromImage(t *testing.T) {
	for r, want := range map[goimage.YCbCrSubsampleRatio][2]int{
		goimage.YCbCrSubsampleRatio444: {37, 21}, goimage.YCbCrSubsampleRatio422: {19, 21}, goimage.YCbCrSubsampleRatio420: {19, 11},
		goimage.YCbCrSubsampleRatio440: {37, 11}, goimage.YCbCrSubsampleRatio411: {10, 21}, goimage.YCbCrSubsampleRatio410: {10, 11},
	} {
		img := FromImage(goimage.NewYCbCr(goimage.Rect(0, 0, 37, 21), r))
		if c := img.Planes[1]; c.Width != want[0] || c.Height != want[1] || c.Stride%8 != 0 {
			t.Errorf("%v: %dx%d, %d apart", r, c.Width, c.Height, c.Stride)
		}
	}
	grey := goimage.NewGray(goimage.Rect(0, 0, 37, 21))
	grey.SetGray(36, 20, color.Gray{77})
	if y := FromImage(grey).Planes[0]; y.Pix[20*y.Stride+36] != 77 {
		t.Error("grey samples are elsewhere")
	}
	if FromImage(goimage.NewNRGBA(grey.Rect)) != nil {
		t.Error("RGB has planes")
	}
}

func TestWeightsAddUp(t *testing.T) {
	for _, sizes := range [][2]int{{1, 1}, {2, 1}, {5, 3}, {4000, 1280}, {7, 7}, {20_000, 3}} {
		a := newAxis(0, float64(sizes[0]), sizes[1], 1, 1, false)
		taps := a.lanczos(sizes[0], sizes[1])
		for i := range sizes[1] {
			sum, size := int64(0), int64(0)
			for _, w := range taps.weights[i*taps.padded:][:taps.padded] {
				sum += w
				size += int64(math.Abs(float64(w)))
			}
			if sum != 1<<weightBits || size > 2<<weightBits {
				t.Errorf("%v: sample %d has weights of %d, %d in all", sizes, i, sum, size)
			}
			if taps.starts[i] < 0 || taps.starts[i]+taps.counts[i] > sizes[0] {
				t.Errorf("%v: sample %d reaches beyond the image", sizes, i)
			}
		}
	}
}
