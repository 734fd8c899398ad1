package jpeg

import (
	"bytes"
	"context"
	"fmt"
	stdjpeg "image/jpeg"
	"math"
	"math/rand/v2"
	"testing"
)

// sampling factors that a test writes: what a sample of colour stands for; grey
// when zero.
type ratio struct{ x, y int }

func (r ratio) String() string {
	return map[ratio]string{{0, 0}: "grey", {1, 1}: "4:4:4", {2, 1}: "4:2:2", {1, 2}: "4:4:0", {2, 2}: "4:2:0", {4, 1}: "4:1:1", {4, 2}: "4:1:0"}[r]
}

func ratios() []ratio { return []ratio{{0, 0}, {1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}, {4, 2}} }

// draw draws an image with waves, edges and some noise, the same for the same
// arguments.
func draw(width, height int, r ratio) *Image {
	noise := rand.New(rand.NewPCG(uint64(width), uint64(height)))
	p := &Image{Width: width, Height: height, Planes: []Plane{newPlane(width, height, 1, 1)}}
	if r != (ratio{}) {
		p.Planes = append(p.Planes, newPlane(width, height, r.x, r.y), newPlane(width, height, r.x, r.y))
	}
	for i, plane := range p.Planes {
		for y := range plane.Height {
			for x := range plane.Width {
				px, py := float64(x*plane.StepX), float64(y*plane.StepY)
				v := 128 + 60*math.Sin(px/(17+float64(i)))*math.Cos(py/(23-float64(i)))
				if math.Hypot(px-float64(width)/2, py-float64(height)/2) < float64(min(width, height))/4 {
					v += 50
				}
				if i == 0 {
					v += noise.NormFloat64() * 6
				}
				plane.Pix[y*plane.Stride+x] = clamp(int(v))
			}
		}
	}
	return p
}

// decodeAll decodes and waits for the end.
func decodeAll(t testing.TB, file []byte, scale Scale) *Image {
	t.Helper()
	r, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.Decode(t.Context(), scale)
	if err != nil {
		t.Fatal(err)
	}
	if truncated, err := p.Wait(); err != nil || truncated {
		t.Fatalf("truncated %v, %v", truncated, err)
	}
	return p
}

// standard decodes with the standard library.
func standard(t testing.TB, file []byte) *Image {
	t.Helper()
	img, err := stdjpeg.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatalf("the standard decoder: %v", err)
	}
	return FromImage(img)
}

// encoded encodes an image that is complete.
func encoded(p *Image, quality, restart int) []byte {
	file, err := encode(context.Background(), p, quality, nil, restart)
	if err != nil {
		panic(err)
	}
	return file
}

// resized resizes and waits for the end.
func resized(t testing.TB, p *Image, width, height int, part Part) *Image {
	t.Helper()
	out := Resize(t.Context(), p, width, height, part)
	if _, err := out.Wait(); err != nil {
		t.Fatal(err)
	}
	return out
}

// standardFile encodes with the standard library, in 4:2:0.
func standardFile(t testing.TB, p *Image, quality int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := stdjpeg.Encode(&out, p.Image(), &stdjpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// farthest returns the largest difference of two samples of two planes.
func farthest(a, b Plane) (most int, err error) {
	if a.Width != b.Width || a.Height != b.Height || a.StepX != b.StepX || a.StepY != b.StepY {
		return 0, fmt.Errorf("planes of %dx%d/%dx%d and %dx%d/%dx%d", a.Width, a.Height, a.StepX, a.StepY, b.Width, b.Height, b.StepX, b.StepY)
	}
	for y := range a.Height {
		one, two := a.Pix[y*a.Stride:][:a.Width], b.Pix[y*b.Stride:][:a.Width]
		for x := range one {
			d := int(one[x]) - int(two[x])
			most = max(most, d, -d)
		}
	}
	return most, nil
}

// psnr compares two planes of one size, in decibels.
func psnr(a, b Plane) float64 {
	sum := 0.0
	for y := range a.Height {
		for x := range a.Width {
			d := float64(a.Pix[y*a.Stride+x]) - float64(b.Pix[y*b.Stride+x])
			sum += d * d
		}
	}
	if sum == 0 {
		return math.Inf(1)
	}
	return 10 * math.Log10(255*255*float64(a.Width*a.Height)/sum)
}

// boxed shrinks a plane by averaging squares.
func boxed(p Plane, scale int) Plane {
	out := newPlane(p.Width*p.StepX, p.Height*p.StepY, p.StepX*scale, p.StepY*scale)
	for y := range out.Height {
		for x := range out.Width {
			sum, n := 0, 0
			for v := y * scale; v < min((y+1)*scale, p.Height); v++ {
				for u := x * scale; u < min((x+1)*scale, p.Width); u++ {
					sum += int(p.Pix[v*p.Stride+u])
					n++
				}
			}
			out.Pix[y*out.Stride+x] = byte((sum + n/2) / n)
		}
	}
	return out
}

func same(a, b *Image) bool {
	for i := range a.Planes {
		if most, err := farthest(a.Planes[i], b.Planes[i]); err != nil || most > 0 {
			return false
		}
	}
	return len(a.Planes) == len(b.Planes)
}
