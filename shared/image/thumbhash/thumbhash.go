// Package thumbhash makes ThumbHashes, which are images of about 25 bytes to
// show until the real one is there: after https://evanw.github.io/thumbhash/.
// Unlike a BlurHash, one tells the proportions of the image and what is
// transparent.
//
// A hash holds the lowest frequencies (a discrete cosine transform) of the
// brightness L = (R+G+B)/3, of P = (R+G)/2-B, of Q = R-G and, if there is any
// transparency, of alpha: a constant and a scale for each, then four bits a
// frequency.
package thumbhash

import (
	"encoding/base64"
	"image"
	"math"
)

// MaxSide is the longest side of an image that is encoded. More shows no more.
const MaxSide = 100

// Encode returns the hash of an image in base64. The image must have pixels
// and be no larger than MaxSide.
func Encode(img *image.NRGBA) string {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	channels, transparent := split(img, width, height)
	most := 7.0
	if transparent {
		most = 5 // the bits are needed for alpha
	}
	longest := float64(max(width, height))
	lx := max(1, round(most*float64(width)/longest))
	ly := max(1, round(most*float64(height)/longest))
	l := transform(channels[0], width, height, max(3, lx), max(3, ly))
	p := transform(channels[1], width, height, 3, 3)
	q := transform(channels[2], width, height, 3, 3)

	first := round(63*l.constant) | round(31.5+31.5*p.constant)<<6 | round(31.5+31.5*q.constant)<<12 | round(31*l.scale)<<18
	second := lx | round(63*p.scale)<<3 | round(63*q.scale)<<9
	if width > height { // the side whose frequencies are not the most
		second = ly | round(63*p.scale)<<3 | round(63*q.scale)<<9 | 1<<15
	}
	waves := [][]float64{l.waves, p.waves, q.waves}
	var alpha []byte
	if transparent {
		a := transform(channels[3], width, height, 5, 5)
		first |= 1 << 23
		alpha = []byte{byte(round(15*a.constant) | round(15*a.scale)<<4)}
		waves = append(waves, a.waves)
	}
	hash := append([]byte{byte(first), byte(first >> 8), byte(first >> 16), byte(second), byte(second >> 8)}, alpha...)
	return base64.StdEncoding.EncodeToString(append(hash, nibbles(waves)...))
}

// nibbles packs numbers from 0 to 1 into four bits each, the lower half of a
// byte first.
func nibbles(all [][]float64) []byte {
	var packed []byte
	half := false
	for _, numbers := range all {
		for _, n := range numbers {
			if half {
				packed[len(packed)-1] |= byte(round(15*n) << 4)
			} else {
				packed = append(packed, byte(round(15*n)))
			}
			half = !half
		}
	}
	return packed
}

// split returns the image as L, P, Q and alpha, with what is transparent on
// top of the mean colour, where it disturbs least.
func split(img *image.NRGBA, width, height int) (channels [4][]float64, transparent bool) {
	var mean [3]float64
	sum := 0.0
	each := func(visit func(p []byte, alpha float64)) {
		for y := range height {
			row := img.Pix[y*img.Stride:][:4*width]
			for x := 0; x < len(row); x += 4 {
				visit(row[x:x+4], float64(row[x+3])/255)
			}
		}
	}
	each(func(p []byte, alpha float64) {
		for c := range mean {
			mean[c] += alpha / 255 * float64(p[c])
		}
		sum += alpha
	})
	if sum > 0 {
		for c := range mean {
			mean[c] /= sum
		}
	}
	each(func(p []byte, alpha float64) {
		on := func(c int) float64 { return mean[c]*(1-alpha) + alpha/255*float64(p[c]) }
		r, g, b := on(0), on(1), on(2)
		for i, value := range [4]float64{(r + g + b) / 3, (r+g)/2 - b, r - g, alpha} {
			channels[i] = append(channels[i], value)
		}
	})
	return channels, sum < float64(width*height)
}

// spectrum is the low end of a channel's frequencies: the constant, and the
// waves as shares of the scale, from 0 (its opposite) to 1.
type spectrum struct {
	constant, scale float64
	waves           []float64
}

// transform takes the frequencies in the triangle below nx and ny.
func transform(channel []float64, width, height, nx, ny int) spectrum {
	var s spectrum
	along := make([]float64, width)
	for cy := range ny {
		for cx := 0; cx*ny < nx*(ny-cy); cx++ {
			for x := range along {
				along[x] = math.Cos(math.Pi / float64(width) * float64(cx) * (float64(x) + 0.5))
			}
			sum := 0.0
			for y := range height {
				down := math.Cos(math.Pi / float64(height) * float64(cy) * (float64(y) + 0.5))
				for x, wave := range along {
					sum += channel[x+y*width] * wave * down
				}
			}
			sum /= float64(width * height)
			if cx == 0 && cy == 0 {
				s.constant = sum
				continue
			}
			s.waves = append(s.waves, sum)
			s.scale = max(s.scale, math.Abs(sum))
		}
	}
	if s.scale > 0 {
		for i, wave := range s.waves {
			s.waves[i] = 0.5 + 0.5/s.scale*wave
		}
	}
	return s
}

// round takes halves up, as the format's own code does.
func round(x float64) int { return int(math.Floor(x + 0.5)) }
