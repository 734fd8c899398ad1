package main

import (
	"bytes"
	"fmt"
	goimage "image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
)

// kind is what an image represents.
type kind int

const (
	baseline kind = iota
	large
	progressive
	opaque
	alpha
)

// sample is one of the files to measure.
type sample struct {
	name, file    string
	kind          kind
	width, height int
}

func (p sample) jpeg() bool { return p.kind <= progressive }

func photos(dir string) []sample {
	at := func(name string) string { return filepath.Join(dir, name) }
	return []sample{
		{"12 megapixels, JPEG", at("p12.jpg"), baseline, 4000, 3000},
		{"48 megapixels, JPEG", at("p48.jpg"), large, 8000, 6000},
		{"12 megapixels, progressive JPEG", at("p12-progressive.jpg"), progressive, 0, 0},
		{"2 megapixels, PNG", at("p2.png"), opaque, 1632, 1224},
		{"2 megapixels, PNG with alpha", at("alpha.png"), alpha, 1632, 1224},
	}
}

// generate makes the files that are not there yet: always the same ones.
func generate(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, p := range photos(dir) {
		if _, err := os.Stat(p.file); err == nil {
			continue
		}
		fmt.Fprintln(os.Stderr, "making", p.file)
		if p.kind == progressive {
			made, err := exec.Command("node", "tests/bench/sharp.mjs", "progressive", filepath.Join(dir, "p12.jpg"), p.file).CombinedOutput()
			if err != nil {
				return fmt.Errorf("%s: %w: %s", p.file, err, made)
			}
			continue
		}
		var body bytes.Buffer
		var err error
		if p.jpeg() {
			err = jpeg.Encode(&body, photo(p.width, p.height, false), &jpeg.Options{Quality: 85})
		} else {
			err = png.Encode(&body, photo(p.width, p.height, p.kind == alpha))
		}
		if err == nil {
			err = os.WriteFile(p.file, body.Bytes(), 0o644)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// photo draws something as hard to compress as a photo: clouds in six octaves,
// hard-edged discs, and the grain of a sensor.
func photo(width, height int, transparent bool) goimage.Image {
	random := rand.New(rand.NewPCG(uint64(width), 7))
	lattice := make([]float32, 256*256)
	for i := range lattice {
		lattice[i] = random.Float32()
	}
	discs := make([][4]float64, 40)
	for i := range discs {
		discs[i] = [4]float64{random.Float64() * float64(width), random.Float64() * float64(height), (0.01 + 0.05*random.Float64()) * float64(width), random.Float64()*120 - 60}
	}
	out := goimage.NewRGBA(goimage.Rect(0, 0, width, height))
	clear := goimage.NewNRGBA(out.Rect)
	for y := range height {
		for x := range width {
			u, v := float64(x)/float64(width), float64(y)/float64(width)
			light := 255 * clouds(lattice, u, v)
			for _, d := range discs {
				if dx, dy := float64(x)-d[0], float64(y)-d[1]; dx*dx+dy*dy < d[2]*d[2] {
					light += d[3]
				}
			}
			light += random.NormFloat64() * 5
			c := color.NRGBA{level(light), level(light*0.9 + 20*math.Sin(9*u)), level(light*0.8 + 40*v), 255}
			if transparent {
				c.A = level(510 * v)
				clear.SetNRGBA(x, y, c)
				continue
			}
			out.SetRGBA(x, y, color.RGBA(c))
		}
	}
	if transparent {
		return clear
	}
	return out
}

func level(v float64) uint8 { return uint8(min(max(v, 0), 255)) }

// clouds sums octaves of interpolated noise, to 0 to 1.
func clouds(lattice []float32, u, v float64) float64 {
	sum, weight, frequency := 0.0, 0.5, 4.0
	for range 6 {
		x, y := u*frequency, v*frequency
		i, j := int(x), int(y)
		fx, fy := x-float64(i), y-float64(j)
		at := func(i, j int) float64 { return float64(lattice[(j&255)<<8|i&255]) }
		top := at(i, j)*(1-fx) + at(i+1, j)*fx
		bottom := at(i, j+1)*(1-fx) + at(i+1, j+1)*fx
		sum += weight * (top*(1-fy) + bottom*fy)
		weight, frequency = weight/2, frequency*2.3
	}
	return sum
}
