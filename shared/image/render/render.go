// Package render turns the bytes of an image into its variants. It is pure:
// bytes in, bytes out. Package image has already rejected everything that is dangerous for
// a decoder or the resizing library, so Render may only be called with the result of
// Limits.Inspect for the same bytes.
package render

import (
	"context"
	"errors"
	goimage "image"
	"math"
	"time"

	"github.com/disintegration/imaging"
	"golang.org/x/sync/errgroup"

	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/jpeg"
)

// Result is an image's content with the bytes of its variants.
type Result struct {
	Width       int // upright
	Height      int
	Color       string // dominant, as #rrggbb
	Placeholder string // BlurHash
	ThumbHash   string // in base64
	Truncated   bool   // the file ended early; the last rows, a twentieth at most, are made up
	Files       []File // in the order of the recipe's plan
	Took        Took

	decoded, resized time.Time // when all of the source, and of the variants, was there
}

// Took is the duration of each phase. Phases overlap: each is measured from the end of
// the previous one, so that their sum is the total.
type Took struct{ Decode, Resize, Encode time.Duration }

// File is one encoded variant.
type File struct {
	Name   string // as in image.Variant
	Type   image.Type
	Width  int
	Height int
	Body   []byte
}

// Render makes all variants of the recipe: upright, never larger than the
// image, without any metadata but its ICC profile. The same input gives the
// same bytes. The error is a *image.Refusal when the image itself is at
// fault, and the context's when time ran out.
func Render(ctx context.Context, data []byte, info image.Info, recipe image.Recipe) (Result, error) {
	began := time.Now()
	result, err := render(ctx, data, info, recipe)
	if err == nil {
		err = result.keep(data, info, recipe)
		result.Took = Took{result.decoded.Sub(began), result.resized.Sub(result.decoded), time.Since(result.resized)}
	}
	return result, err
}

func render(ctx context.Context, data []byte, info image.Info, recipe image.Recipe) (Result, error) {
	if recipe.Codec == image.Fast && info.Type == image.JPEG {
		result, err := fromJPEG(ctx, data, info, recipe)
		if !errors.Is(err, jpeg.ErrUnsupported) {
			return result, err
		}
	}
	source, err := decode(ctx, data, info)
	if err != nil {
		return Result{}, err
	}
	decoded := time.Now()
	if recipe.Codec == image.Fast {
		if planes := planesOf(source); planes != nil {
			return fromPlanes(ctx, planes, info, recipe)
		}
	}
	result, err := fromPixels(ctx, source, info, recipe)
	result.decoded = decoded
	return result, err
}

// fromPixels makes the variants by imaging. Each is encoded while the next is
// made.
func fromPixels(ctx context.Context, source goimage.Image, info image.Info, recipe image.Recipe) (Result, error) {
	width, height := info.Upright()
	plan := recipe.Plan(width, height)
	whole := turn(resizeStored(source, plan.Base, info.Orientation), info.Orientation)
	result := Result{Width: width, Height: height, Files: make([]File, len(plan.Steps))}
	encoder := encoder{opaque: whole.Opaque(), quality: recipe.Quality, profile: info.Profile}
	encoding, encodingCtx := errgroup.WithContext(ctx)
	for i, step := range plan.Steps {
		if encodingCtx.Err() != nil {
			break
		}
		img := take(whole, step)
		if !step.Crop {
			whole = img
		}
		encoding.Go(func() (err error) {
			result.Files[i], err = encoder.encode(encodingCtx, step.Name, img)
			return err
		})
	}
	result.resized = time.Now()
	if err := errors.Join(encoding.Wait(), ctx.Err()); err != nil {
		return Result{}, err
	}
	result.summarise(whole)
	return result, nil
}

// resizeStored resizes the image as it is stored to the size that is asked
// for upright.
func resizeStored(source goimage.Image, size image.Size, orientation int) *goimage.NRGBA {
	size = stored(size, orientation)
	return imaging.Resize(source, size.Width, size.Height, imaging.Lanczos)
}

// stored is the size before an image of the given size is turned upright.
func stored(size image.Size, orientation int) image.Size {
	if orientation >= 5 {
		return image.Size{Width: size.Height, Height: size.Width}
	}
	return size
}

// turn brings an image upright. It works on the resized image, which is far
// smaller than the source.
func turn(img *goimage.NRGBA, orientation int) *goimage.NRGBA {
	switch orientation {
	case 2:
		return imaging.FlipH(img)
	case 3:
		return imaging.Rotate180(img)
	case 4:
		return imaging.FlipV(img)
	case 5:
		return imaging.Transpose(img)
	case 6:
		return imaging.Rotate270(img)
	case 7:
		return imaging.Transverse(img)
	case 8:
		return imaging.Rotate90(img)
	default:
		return img
	}
}

func take(whole *goimage.NRGBA, step image.Step) *goimage.NRGBA {
	switch {
	case step.Crop && step.Focus == (image.Focus{}):
		return imaging.Fill(whole, step.Width, step.Height, imaging.Center, imaging.Lanczos)
	case step.Crop:
		left, top, width, height := cut(step, float64(whole.Rect.Dx()), float64(whole.Rect.Dy()))
		at := goimage.Pt(int(math.Round(left)), int(math.Round(top)))
		part := goimage.Rectangle{Min: at, Max: at.Add(goimage.Pt(int(math.Round(width)), int(math.Round(height))))}
		return imaging.Resize(imaging.Crop(whole, part), step.Width, step.Height, imaging.Lanczos)
	case whole.Rect.Dx() == step.Width && whole.Rect.Dy() == step.Height:
		return whole
	default:
		return imaging.Resize(whole, step.Width, step.Height, imaging.Lanczos)
	}
}

// cut is the largest part of a whole image that has the proportions of a
// crop, as near to its focus as may be.
func cut(step image.Step, wholeWidth, wholeHeight float64) (left, top, width, height float64) {
	scale := max(float64(step.Width)/wholeWidth, float64(step.Height)/wholeHeight)
	width, height = float64(step.Width)/scale, float64(step.Height)/scale
	left, top = step.Focus.Within(wholeWidth, wholeHeight, width, height)
	return left, top, width, height
}
