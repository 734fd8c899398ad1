package render

import (
	goimage "image"
	"image/color"
)

// drawable returns the image in a form that the resizer can be given. Pixels
// of bounds outside the image, as a GIF's first frame may leave, are clear.
func drawable(img goimage.Image, bounds goimage.Rectangle) goimage.Image {
	switch p := img.(type) {
	case *goimage.NRGBA:
		if p.Rect == bounds {
			return p
		}
	case *goimage.YCbCr:
		if p.Rect == bounds {
			return p
		}
	case *goimage.RGBA:
		if p.Rect == bounds && p.Opaque() { // then there is nothing to unmultiply
			return &goimage.NRGBA{Pix: p.Pix, Stride: p.Stride, Rect: p.Rect}
		}
	}
	out := goimage.NewNRGBA(bounds)
	area := img.Bounds()
	row := rowOf(img)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		start := out.PixOffset(area.Min.X, y)
		row(y, out.Pix[start:start+4*area.Dx()])
	}
	return out
}

// moved returns an image of a WebP with its upper left corner elsewhere, at
// even coordinates.
func moved(img goimage.Image, to goimage.Point) goimage.Image {
	switch p := img.(type) {
	case *goimage.NRGBA:
		out := *p
		out.Rect = p.Rect.Add(to)
		return &out
	case *goimage.YCbCr:
		out := *p
		out.Rect = p.Rect.Add(to)
		return &out
	case *goimage.NYCbCrA:
		out := *p
		out.Rect = p.Rect.Add(to)
		return &out
	default:
		return img
	}
}

// rowOf returns a function that writes one row of the image as NRGBA.
func rowOf(img goimage.Image) func(y int, to []byte) {
	area := img.Bounds()
	switch p := img.(type) {
	case *goimage.NRGBA:
		return func(y int, to []byte) { copy(to, p.Pix[p.PixOffset(area.Min.X, y):]) }
	case *goimage.YCbCr:
		return func(y int, to []byte) {
			for x := range area.Dx() {
				c := p.YCbCrAt(area.Min.X+x, y)
				r, g, b := color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
				to[4*x], to[4*x+1], to[4*x+2], to[4*x+3] = r, g, b, 0xFF
			}
		}
	case *goimage.Gray:
		return func(y int, to []byte) {
			from := p.Pix[p.PixOffset(area.Min.X, y):]
			for x := range area.Dx() {
				v := from[x]
				to[4*x], to[4*x+1], to[4*x+2], to[4*x+3] = v, v, v, 0xFF
			}
		}
	case *goimage.Paletted:
		return palettedRow(p)
	case *goimage.NYCbCrA:
		return func(y int, to []byte) {
			for x := range area.Dx() {
				c := p.NYCbCrAAt(area.Min.X+x, y)
				r, g, b := color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
				to[4*x], to[4*x+1], to[4*x+2], to[4*x+3] = r, g, b, c.A
			}
		}
	case *goimage.CMYK:
		return func(y int, to []byte) {
			from := p.Pix[p.PixOffset(area.Min.X, y):]
			for x := range area.Dx() {
				r, g, b := color.CMYKToRGB(from[4*x], from[4*x+1], from[4*x+2], from[4*x+3])
				to[4*x], to[4*x+1], to[4*x+2], to[4*x+3] = r, g, b, 0xFF
			}
		}
	case *goimage.NRGBA64: // 16 bits: the high byte comes first
		return func(y int, to []byte) {
			from := p.Pix[p.PixOffset(area.Min.X, y):]
			for i := range 4 * area.Dx() {
				to[i] = from[2*i]
			}
		}
	default:
		return func(y int, to []byte) {
			for x := range area.Dx() {
				c := color.NRGBAModel.Convert(img.At(area.Min.X+x, y)).(color.NRGBA)
				to[4*x], to[4*x+1], to[4*x+2], to[4*x+3] = c.R, c.G, c.B, c.A
			}
		}
	}
}

// palettedRow looks colours up in a table of all 256 indices: one beyond the
// palette is clear instead of a panic.
func palettedRow(p *goimage.Paletted) func(y int, to []byte) {
	var colours [256]color.NRGBA
	for i, c := range p.Palette {
		colours[i] = color.NRGBAModel.Convert(c).(color.NRGBA)
	}
	return func(y int, to []byte) {
		from := p.Pix[p.PixOffset(p.Rect.Min.X, y):]
		for x := range p.Rect.Dx() {
			c := colours[from[x]]
			to[4*x], to[4*x+1], to[4*x+2], to[4*x+3] = c.R, c.G, c.B, c.A
		}
	}
}
