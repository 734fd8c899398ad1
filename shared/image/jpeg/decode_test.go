package jpeg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
)

func compare(t *testing.T, name string, file []byte) {
	t.Helper()
	want := standard(t, file)
	got := decodeAll(t, file, Scale{1, 1})
	if len(got.Planes) != len(want.Planes) {
		t.Fatalf("%s: %d planes", name, len(got.Planes))
	}
	for i := range want.Planes {
		most, err := farthest(got.Planes[i], want.Planes[i])
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if most > 2 {
			t.Errorf("%s: plane %d is %d levels off", name, i, most)
		}
	}
}

// Files of another encoder, with the long codes of the usual tables.
func TestDecodeFilesOfTheStandardEncoder(t *testing.T) {
	for _, quality := range []int{5, 75, 95, 100} {
		for _, r := range []ratio{{0, 0}, {2, 2}} {
			file := standardFile(t, draw(333, 222, r), quality)
			compare(t, fmt.Sprintf("%v quality %d", r, quality), file)
		}
	}
}

// smooth takes the finest detail away, which the scaled transforms and a box
// treat differently, as lenses do.
func smooth(t *testing.T, p *Image) *Image {
	t.Helper()
	out := &Image{Width: p.Width, Height: p.Height}
	for _, plane := range p.Planes {
		blurred := newPlane(p.Width, p.Height, plane.StepX, plane.StepY)
		for y := range plane.Height {
			for x := range plane.Width {
				sum, n := 0, 0
				for v := max(y-2, 0); v <= min(y+2, plane.Height-1); v++ {
					for u := max(x-2, 0); u <= min(x+2, plane.Width-1); u++ {
						sum += int(plane.Pix[v*plane.Stride+u])
						n++
					}
				}
				blurred.Pix[y*blurred.Stride+x] = byte(sum / n)
			}
		}
		out.Planes = append(out.Planes, blurred)
	}
	return out
}

func TestScaleFor(t *testing.T) {
	tests := []struct {
		r             ratio
		width, height int
		want          Scale
	}{
		{ratio{2, 2}, 1000, 750, Scale{1, 1}},
		{ratio{2, 2}, 320, 240, Scale{2, 2}},
		{ratio{2, 2}, 250, 188, Scale{4, 4}},
		{ratio{2, 2}, 5, 4, Scale{8, 8}},
		{ratio{1, 1}, 320, 240, Scale{2, 4}},
		{ratio{2, 1}, 320, 240, Scale{2, 2}},
		{ratio{}, 320, 240, Scale{2, 1}},
	}
	for _, test := range tests {
		p := &Image{Width: 1000, Height: 750, Planes: []Plane{newPlane(1000, 750, 1, 1)}}
		if test.r != (ratio{}) {
			c := newPlane(1000, 750, test.r.x, test.r.y)
			p.Planes = append(p.Planes, c, c)
		}
		r, err := Open(encoded(p, 50, 0))
		if err != nil {
			t.Fatal(err)
		}
		if got := r.ScaleFor(test.width, test.height); got != test.want {
			t.Errorf("%v to %dx%d: %v, want %v", test.r, test.width, test.height, got, test.want)
		}
	}
}

func TestUnsupported(t *testing.T) {
	file := encoded(draw(40, 40, ratio{2, 2}), 80, 0)
	frame := bytes.Index(file, []byte{0xFF, markerSOF0})
	change := func(at int, value byte) []byte {
		out := bytes.Clone(file)
		out[at] = value
		return out
	}
	for name, file := range map[string][]byte{
		"nothing":       nil,
		"a PNG":         []byte("\x89PNG\r\n\x1a\n"),
		"progressive":   change(frame+1, 0xC2),
		"12 bits":       change(frame+4, 12),
		"no height":     append(append(bytes.Clone(file[:frame+5]), 0, 0), file[frame+7:]...),
		"two for four":  change(frame+9, 4),
		"3 by 1":        change(frame+11, 0x31),
		"a lone header": file[:frame+4],
		"RGB by Adobe":  append(segment(bytes.Clone(file[:2]), markerAPP14, []byte("Adobe\x00\x64\x00\x00\x00\x00\x00")), file[2:]...),
	} {
		if _, err := Open(file); !errors.Is(err, ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCorrupt(t *testing.T) {
	file := encoded(draw(400, 400, ratio{2, 2}), 80, 2)
	marker := bytes.Index(file, []byte{0xFF, markerRST0 + 3})
	file[marker+1] = markerRST0 + 6
	r, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.Decode(t.Context(), Scale{1, 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Wait(); !errors.Is(err, ErrCorrupt) {
		t.Errorf("restart markers out of order: %v", err)
	}
}

func TestDecodeIsCancelled(t *testing.T) {
	r, err := Open(encoded(draw(64, 64, ratio{2, 2}), 80, 0))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p, err := r.Decode(ctx, Scale{1, 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Wait(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := Resize(ctx, p, 10, 10, p.Whole()).Wait(); !errors.Is(err, context.Canceled) {
		t.Errorf("resize: %v", err)
	}
}
