// Package jpeg is the quick way from one JPEG to smaller ones. It decodes files,
// baseline or progressive, at 1/1, 1/2, 1/4 or 1/8 of their size straight from
// the coefficients, resizes the planes of brightness and colour as they are stored,
// without a detour through RGB, and encodes with Huffman tables made for the
// very image. An image that is still being decoded can be resized already,
// so that two processors share the work; the bytes that come out are the same
// on any number of them.
//
// It is written from the published algorithms: ITU-T T.81 (the format,
// progressive files in its annex G, optimal Huffman tables in K.2), Arai, Agui and Nakajima, "A fast
// DCT-SQ scheme for images" (1988), and Lanczos resampling as in Turkowski,
// "Filters for common resampling tasks" (1990).
package jpeg

import (
	goimage "image"
	"sync"
)

// Plane is one component of an image. Each row can be read in whole groups of
// eight samples, so Stride is a multiple of eight.
type Plane struct {
	Pix           []byte
	Stride        int
	Width, Height int // samples
	StepX, StepY  int // pixels of the image that a sample stands for
}

// Image is an image in planes: brightness alone, or brightness and the two
// colour differences of JFIF. Width and Height are in pixels; an image that
// was decoded at a smaller scale keeps the size of its file, and its samples
// stand for more pixels.
type Image struct {
	Width, Height int
	Planes        []Plane
	arrival       *arrival // nil when all is there
}

// newPlane allocates a plane for an image of the given size.
func newPlane(width, height, stepX, stepY int) Plane {
	p := Plane{Width: ceil(width, stepX), Height: ceil(height, stepY), StepX: stepX, StepY: stepY}
	p.Stride = ceil(p.Width, 8) * 8
	p.Pix = make([]byte, p.Stride*p.Height)
	return p
}

// like reports whether the planes have the same form.
func (p Plane) like(other Plane) bool {
	return p.Stride == other.Stride && p.Width == other.Width && p.Height == other.Height && p.StepX == other.StepX && p.StepY == other.StepY
}

func ceil(a, b int) int { return (a + b - 1) / b }

// FromImage returns the image of a standard decoder in planes, sharing memory
// where it can; nil when the image has no such planes.
func FromImage(img goimage.Image) *Image {
	size := img.Bounds().Size()
	out := &Image{Width: size.X, Height: size.Y}
	switch p := img.(type) {
	case *goimage.Gray:
		out.Planes = []Plane{shared(p.Pix[p.PixOffset(p.Rect.Min.X, p.Rect.Min.Y):], p.Stride, size, 1, 1)}
	case *goimage.YCbCr:
		x, y, known := steps(p.SubsampleRatio)
		if !known || p.Rect.Min.X%x != 0 || p.Rect.Min.Y%y != 0 {
			return nil
		}
		c := p.COffset(p.Rect.Min.X, p.Rect.Min.Y)
		out.Planes = []Plane{
			shared(p.Y[p.YOffset(p.Rect.Min.X, p.Rect.Min.Y):], p.YStride, size, 1, 1),
			shared(p.Cb[c:], p.CStride, size, x, y),
			shared(p.Cr[c:], p.CStride, size, x, y),
		}
	default:
		return nil
	}
	return out
}

// steps are the pixels that a sample of colour stands for.
func steps(ratio goimage.YCbCrSubsampleRatio) (x, y int, known bool) {
	switch ratio {
	case goimage.YCbCrSubsampleRatio444:
		return 1, 1, true
	case goimage.YCbCrSubsampleRatio422:
		return 2, 1, true
	case goimage.YCbCrSubsampleRatio420:
		return 2, 2, true
	case goimage.YCbCrSubsampleRatio440:
		return 1, 2, true
	case goimage.YCbCrSubsampleRatio411:
		return 4, 1, true
	case goimage.YCbCrSubsampleRatio410:
		return 4, 2, true
	default:
		return 0, 0, false
	}
}

// shared returns a plane of existing samples; it copies them unless their rows
// can be read in groups of eight.
func shared(pix []byte, stride int, size goimage.Point, stepX, stepY int) Plane {
	p := Plane{Pix: pix, Stride: stride, Width: ceil(size.X, stepX), Height: ceil(size.Y, stepY), StepX: stepX, StepY: stepY}
	if stride%8 == 0 && len(pix) >= stride*p.Height {
		return p
	}
	out := newPlane(size.X, size.Y, stepX, stepY)
	for y := range p.Height {
		copy(out.Pix[y*out.Stride:], pix[y*stride:y*stride+p.Width])
	}
	return out
}

// FromRGB returns an opaque image in planes, by the equations of JFIF, with
// the mean colours of two by two pixels.
func FromRGB(img *goimage.NRGBA) *Image {
	size := img.Rect.Size()
	out := &Image{Width: size.X, Height: size.Y}
	luma, cb, cr := newPlane(size.X, size.Y, 1, 1), newPlane(size.X, size.Y, 2, 2), newPlane(size.X, size.Y, 2, 2)
	out.Planes = []Plane{luma, cb, cr}
	for top := 0; top < size.Y; top += 2 {
		first := img.Pix[top*img.Stride:][:4*size.X]
		second := first
		if top+1 < size.Y {
			second = img.Pix[(top+1)*img.Stride:][:4*size.X]
			brightness(luma.Pix[(top+1)*luma.Stride:][:size.X], second)
		}
		brightness(luma.Pix[top*luma.Stride:][:size.X], first)
		at := top / 2 * cb.Stride
		for x := range cb.Width {
			a, b := 8*x, min(8*x+4, 4*size.X-4)
			red := int32(first[a]) + int32(first[b]) + int32(second[a]) + int32(second[b])
			green := int32(first[a+1]) + int32(first[b+1]) + int32(second[a+1]) + int32(second[b+1])
			blue := int32(first[a+2]) + int32(first[b+2]) + int32(second[a+2]) + int32(second[b+2])
			const round = 128<<18 + 1<<17
			cb.Pix[at+x] = clamp(int(-11056*red-21712*green+32768*blue+round) >> 18)
			cr.Pix[at+x] = clamp(int(32768*red-27440*green-5328*blue+round) >> 18)
		}
	}
	return out
}

func brightness(to, rgba []byte) {
	for x := range to {
		p := rgba[4*x : 4*x+4 : 4*x+4]
		to[x] = byte((19595*uint32(p[0]) + 38470*uint32(p[1]) + 7471*uint32(p[2]) + 1<<15) >> 16)
	}
}

// Image returns the image, which must be complete and as Resize makes it, as
// a standard image that shares its memory.
func (p *Image) Image() goimage.Image {
	bounds := goimage.Rect(0, 0, p.Width, p.Height)
	y := p.Planes[0]
	if len(p.Planes) == 1 {
		return &goimage.Gray{Pix: y.Pix, Stride: y.Stride, Rect: bounds}
	}
	cb, cr := p.Planes[1], p.Planes[2]
	return &goimage.YCbCr{
		Y: y.Pix, Cb: cb.Pix, Cr: cr.Pix, YStride: y.Stride, CStride: cb.Stride,
		SubsampleRatio: goimage.YCbCrSubsampleRatio420, Rect: bounds,
	}
}

// Transpose begins to mirror the image at its falling diagonal, when it is
// complete. Its samples must stand for as many pixels both ways.
func (p *Image) Transpose() *Image {
	out := &Image{Width: p.Height, Height: p.Width, arrival: newArrival()}
	for _, from := range p.Planes {
		out.Planes = append(out.Planes, newPlane(out.Width, out.Height, from.StepY, from.StepX))
	}
	go func() {
		_, err := p.Wait()
		if err == nil {
			for i, from := range p.Planes {
				from.transpose(out.Planes[i])
			}
		}
		out.arrival.end(false, err)
	}()
	return out
}

func (p Plane) transpose(to Plane) {
	for y := range p.Height {
		for x, v := range p.Pix[y*p.Stride:][:p.Width] {
			to.Pix[x*to.Stride+y] = v
		}
	}
}

// arrival is how much of an image has been decoded.
type arrival struct {
	mu        sync.Mutex
	more      *sync.Cond
	rows      int // of pixels that are there in every plane
	done      bool
	truncated bool
	err       error
}

func newArrival() *arrival {
	a := &arrival{}
	a.more = sync.NewCond(&a.mu)
	return a
}

// reach notifies waiters that the first rows of the image are complete.
func (a *arrival) reach(rows int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.rows = rows
	a.more.Broadcast()
}

// end notifies waiters that no more rows will follow.
func (a *arrival) end(truncated bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.done, a.truncated, a.err = true, truncated, err
	a.more.Broadcast()
}

// await waits until the given number of rows of pixels is there, or all.
func (p *Image) await(rows int) error {
	a := p.arrival
	if a == nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for a.rows < min(rows, p.Height) && !a.done {
		a.more.Wait()
	}
	return a.err
}

// Wait waits until the image is complete. Of a decoded one, truncated reports that the file ended
// early, and that its last rows, at most a twentieth, were filled from above.
// The error is ErrTruncated, ErrCorrupt or the context's.
func (p *Image) Wait() (truncated bool, err error) {
	a := p.arrival
	if a == nil {
		return false, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for !a.done {
		a.more.Wait()
	}
	return a.truncated, a.err
}
