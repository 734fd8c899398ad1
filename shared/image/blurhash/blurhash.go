// Package blurhash encodes images as BlurHashes, short texts that a page shows
// as a blurred image until the real one has loaded: see
// https://github.com/woltapp/blurhash/blob/master/Algorithm.md.
//
// A hash holds the lowest frequencies of red, green and blue (a cosine
// transform of linear light): the mean colour, a scale, and each other
// frequency in two digits of base 83.
package blurhash

import (
	"image"
	"math"
)

const (
	across = 4 // frequencies in each direction; landscapes need more across
	down   = 3
)

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"

// Encode returns the hash of an image, which must have pixels. It ignores
// alpha. The time it takes grows with the pixels, so callers pass a small copy.
func Encode(img *image.NRGBA) string {
	waves := transform(img)
	scale := 0.0
	for _, wave := range waves[1:] {
		for _, channel := range wave {
			scale = max(scale, math.Abs(channel))
		}
	}
	steps := min(max(int(scale*166-0.5), 0), 82)
	scale = float64(steps+1) / 166

	hash := appendDigits(nil, across-1+(down-1)*9, 1)
	hash = appendDigits(hash, steps, 1)
	mean := waves[0]
	hash = appendDigits(hash, fromLinear(mean[0])<<16|fromLinear(mean[1])<<8|fromLinear(mean[2]), 4)
	for _, wave := range waves[1:] {
		hash = appendDigits(hash, (level(wave[0]/scale)*19+level(wave[1]/scale))*19+level(wave[2]/scale), 2)
	}
	return string(hash)
}

// transform returns the frequencies of the three channels, row by row.
func transform(img *image.NRGBA) (waves [across * down][3]float64) {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	var linear [256]float64
	for v := range linear {
		linear[v] = toLinear(v)
	}
	along := make([]float64, across*width)
	for i := range along {
		along[i] = math.Cos(math.Pi * float64(i/width*(i%width)) / float64(width))
	}
	for y := range height {
		var row [across][3]float64 // the frequencies of one row of pixels
		pixels := img.Pix[y*img.Stride:][:4*width]
		for cx := range across {
			for x, wave := range along[cx*width:][:width] {
				for c := range 3 {
					row[cx][c] += wave * linear[pixels[4*x+c]]
				}
			}
		}
		for cy := range down {
			wave := math.Cos(math.Pi * float64(cy*y) / float64(height))
			for cx := range across {
				for c := range 3 {
					waves[cy*across+cx][c] += wave * row[cx][c]
				}
			}
		}
	}
	for i := range waves {
		share := 2.0
		if i == 0 {
			share = 1
		}
		for c := range 3 {
			waves[i][c] *= share / float64(width*height)
		}
	}
	return waves
}

// level returns which of 19 levels a share of the scale, -1 to 1, has; small
// ones are distinguished best.
func level(share float64) int {
	root := math.Copysign(math.Sqrt(math.Abs(share)), share)
	return min(max(int(math.Floor(root*9+9.5)), 0), 18)
}

// toLinear returns the linear light of a value of sRGB.
func toLinear(v int) float64 {
	s := float64(v) / 255
	if s <= 0.04045 {
		return s / 12.92
	}
	return math.Pow((s+0.055)/1.055, 2.4)
}

// fromLinear returns the value of sRGB nearest to a linear light.
func fromLinear(light float64) int {
	light = min(max(light, 0), 1)
	if light <= 0.0031308 {
		return int(light*12.92*255 + 0.5)
	}
	return int((1.055*math.Pow(light, 1/2.4)-0.055)*255 + 0.5)
}

// appendDigits appends n in base 83, with leading zeros.
func appendDigits(to []byte, n, count int) []byte {
	at := len(to)
	to = append(to, make([]byte, count)...)
	for i := at + count - 1; i >= at; i-- {
		to[i] = digits[n%len(digits)]
		n /= len(digits)
	}
	return to
}
