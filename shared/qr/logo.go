package qr

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

// Logo is a square image for the middle of a code.
type Logo struct {
	mediaType string
	data      []byte
	pixels    image.Image
}

// NewLogo reads a JPEG or PNG of the image pipeline.
func NewLogo(mediaType string, data []byte) (*Logo, error) {
	decode := png.Decode
	if mediaType == "image/jpeg" {
		decode = jpeg.Decode
	}
	pixels, err := decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("decode logo of type %s: %w", mediaType, err)
	}
	return &Logo{mediaType, data, pixels}, nil
}

// onto draws the logo, if there is one, in a place given in modules. The code begins
// at a distance from the image's edges.
func (l *Logo) onto(img *image.Paletted, place image.Rectangle, module, at int) image.Image {
	if l == nil {
		return img
	}
	whole := image.NewRGBA(img.Bounds())
	draw.Copy(whole, image.Point{}, img, img.Bounds(), draw.Src, nil)
	scaled := image.Rectangle{place.Min.Mul(module), place.Max.Mul(module)}.Add(image.Pt(at, at))
	draw.CatmullRom.Scale(whole, scaled, l.pixels, l.pixels.Bounds(), draw.Over, nil)
	return whole
}

// hole is the square in the middle where a logo goes, in modules: a fifth of the side,
// which is a small part of what error correction restores.
func (m matrix) hole() image.Rectangle {
	side := m.side / 5
	if (m.side-side)%2 != 0 {
		side--
	}
	from := (m.side - side) / 2
	return image.Rect(from, from, from+side, from+side)
}

// cleared is the matrix without its modules in a place.
func (m matrix) cleared(place image.Rectangle) matrix {
	return matrix{m.side, func(x, y int) bool { return m.black(x, y) && !image.Pt(x, y).In(place) }}
}
