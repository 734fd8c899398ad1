package render

import (
	goimage "image"
	"math"
)

// widen converts the planes of a lossy WebP to the range of JPEG, in place. VP8
// stores brightness as 16 to 235 and colour as 16 to 240 (ITU-R BT.601, as libwebp
// reads it), but the decoder returns its samples unchanged in a type of the full
// range (https://go.dev/issue/40173). Lossless images are in RGB and stay as they
// are.
func widen(img goimage.Image) {
	switch p := img.(type) {
	case *goimage.YCbCr:
		widenPlanes(p)
	case *goimage.NYCbCrA: // its alpha has the full range
		widenPlanes(&p.YCbCr)
	}
}

func widenPlanes(p *goimage.YCbCr) {
	var luma, chroma [256]byte
	for v := range 256 {
		luma[v] = byte(math.Round(min(max(float64(v-16)*255/219, 0), 255)))
		chroma[v] = byte(math.Round(min(max(128+float64(v-128)*255/224, 0), 255)))
	}
	for i, v := range p.Y {
		p.Y[i] = luma[v]
	}
	for _, plane := range [][]byte{p.Cb, p.Cr} {
		for i, v := range plane {
			plane[i] = chroma[v]
		}
	}
}
