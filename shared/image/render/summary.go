package render

import (
	"fmt"
	goimage "image"

	"github.com/disintegration/imaging"

	"github.com/minim-dev/minim/shared/image/blurhash"
	"github.com/minim-dev/minim/shared/image/thumbhash"
)

// summarySide is the side of the tiny copy that colour and placeholder are
// taken from: neither shows more detail.
const summarySide = 32

// summarise adds the dominant colour and the BlurHash of an image, both as it
// looks on white, and its ThumbHash, which knows what is transparent.
func (r *Result) summarise(img *goimage.NRGBA) {
	tiny := imaging.Fit(img, summarySide, summarySide, imaging.Box)
	r.ThumbHash = thumbhash.Encode(tiny)
	onWhite(tiny)
	r.Placeholder = blurhash.Encode(tiny)
	r.Color = dominant(tiny)
}

func onWhite(img *goimage.NRGBA) {
	for i := 0; i < len(img.Pix); i += 4 {
		p := img.Pix[i : i+4 : i+4]
		alpha := int(p[3])
		for c := range 3 {
			p[c] = byte((int(p[c])*alpha + 0xFF*(0xFF-alpha)) / 0xFF)
		}
		p[3] = 0xFF
	}
}

// dominant returns the mean of the most frequent colours: those that share the
// high four bits of each channel.
func dominant(img *goimage.NRGBA) string {
	type bin struct{ count, r, g, b int }
	bins := make([]bin, 1<<12)
	best := 0
	for i := 0; i < len(img.Pix); i += 4 {
		r, g, b := int(img.Pix[i]), int(img.Pix[i+1]), int(img.Pix[i+2])
		at := r>>4<<8 | g>>4<<4 | b>>4
		bins[at].count++
		bins[at].r += r
		bins[at].g += g
		bins[at].b += b
		if bins[at].count > bins[best].count {
			best = at
		}
	}
	most := bins[best]
	return fmt.Sprintf("#%02x%02x%02x", most.r/most.count, most.g/most.count, most.b/most.count)
}
