package main

import (
	"bytes"
	"fmt"
	goimage "image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"

	"github.com/disintegration/imaging"

	"github.com/minim-dev/minim/shared/image"
)

// references are the brightness of an image at 1280, 640 and 320, resized by
// imaging from its pixels and never compressed.
func references(file string) (out []*goimage.Gray, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	decode := png.Decode
	if image.Sniff(data) == image.JPEG {
		decode = jpeg.Decode
	}
	img, err := decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	full := luma(img)
	for _, width := range []int{1280, 640, 320} {
		resized := imaging.Resize(full, width, 0, imaging.Lanczos)
		grey := goimage.NewGray(resized.Rect)
		for i := range grey.Pix {
			grey.Pix[i] = resized.Pix[4*i]
		}
		out = append(out, grey)
	}
	return out, nil
}

// luma returns the brightness of an image.
func luma(img goimage.Image) *goimage.Gray {
	bounds := img.Bounds()
	if p, ok := img.(*goimage.YCbCr); ok {
		return &goimage.Gray{Pix: p.Y, Stride: p.YStride, Rect: bounds}
	}
	out := goimage.NewGray(bounds)
	for y := range bounds.Dy() {
		for x := range bounds.Dx() {
			out.Set(x, y, color.GrayModel.Convert(img.At(x, y)))
		}
	}
	return out
}

// distance compares the brightness of a variant with the reference, in
// decibels.
func distance(file string, reference *goimage.Gray) (float64, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return 0, err
	}
	got := luma(img)
	if got.Rect != reference.Rect {
		return 0, fmt.Errorf("%s is %v, not %v", file, got.Rect, reference.Rect)
	}
	sum := 0.0
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			d := float64(got.GrayAt(x, y).Y) - float64(reference.GrayAt(x, y).Y)
			sum += d * d
		}
	}
	return 10 * math.Log10(255*255*float64(got.Rect.Dx()*got.Rect.Dy())/sum), nil
}
