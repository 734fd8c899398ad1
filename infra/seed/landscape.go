package main

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"strings"
)

// place is a painted landscape: a sky between two colours, a sun, and hills whose
// colour changes from distant to near.
type place struct {
	name             string
	width, height    int
	above, below     color.RGBA // the sky
	distant, near    color.RGBA // the hills
	roughness, shift float64
}

func places() []place {
	rgb := func(hex uint32) color.RGBA { return color.RGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 255} }
	return []place{
		{"Evening above the hills", 2400, 1600, rgb(0x2b3a67), rgb(0xf6a15b), rgb(0x9c6b7f), rgb(0x1d1c2e), 1, 0},
		{"Morning at the lake", 2400, 1350, rgb(0x7fb2d9), rgb(0xfbe9d3), rgb(0xa9c4d0), rgb(0x24524f), .6, 2},
		{"The desert at noon", 1600, 2000, rgb(0x3f8fd2), rgb(0xd8ebf5), rgb(0xe6bf87), rgb(0x9c5a2c), .8, 4},
		{"Forest in the fog", 2000, 2000, rgb(0xaab7b4), rgb(0xe4e8e4), rgb(0x9fb1a5), rgb(0x1f332a), 1.4, 1},
		{"Northern night", 2400, 1600, rgb(0x050b1f), rgb(0x2f6f6b), rgb(0x1c3b4d), rgb(0x05080f), 1.2, 3},
		{"Rose mountains", 1350, 2400, rgb(0xc6b4e3), rgb(0xffe0dc), rgb(0xd99fb0), rgb(0x5a2a4f), 1.6, 5},
	}
}

// file is the name of its file.
func (p place) file() string { return strings.ReplaceAll(strings.ToLower(p.name), " ", "-") + ".jpg" }

// paint returns the image as JPEG. It is always the same.
func (p place) paint() []byte {
	const ranges = 6
	img := image.NewRGBA(image.Rect(0, 0, p.width, p.height))
	for x := range p.width {
		edges := [ranges]float64{} // where each range of hills begins, from above, 0 to 1
		for i := range edges {
			u, depth := float64(x)/float64(p.width), float64(i)
			edges[i] = .42 + .09*depth + .05*p.roughness*(math.Sin(u*(4+depth)+p.shift*depth)+
				.4*math.Sin(u*(13+5*depth)+p.shift)+.12*p.roughness*math.Sin(u*(61+17*depth)))
		}
		for y := range p.height {
			v := float64(y) / float64(p.height)
			colour := mix(p.above, p.below, v/.55)
			sun := math.Hypot(float64(x)-.68*float64(p.width), float64(y)-.3*float64(p.height)) / float64(p.width)
			colour = mix(color.RGBA{255, 250, 235, 255}, colour, (sun-.035)*9)
			for i, edge := range edges {
				if v > edge {
					colour = mix(mix(p.distant, p.near, float64(i)/(ranges-1)), p.below, .25*math.Exp(-(v-edge)*12)*float64(ranges-1-i)/ranges)
				}
			}
			img.SetRGBA(x, y, colour)
		}
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, &jpeg.Options{Quality: 90}); err != nil {
		panic(err) // writing to a buffer never fails
	}
	return file.Bytes()
}

// mix goes from a to b as t goes from 0 to 1.
func mix(a, b color.RGBA, t float64) color.RGBA {
	t = min(max(t, 0), 1)
	part := func(a, b uint8) uint8 { return uint8(float64(a) + t*(float64(b)-float64(a)) + .5) }
	return color.RGBA{part(a.R, b.R), part(a.G, b.G), part(a.B, b.B), 255}
}
