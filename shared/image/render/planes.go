package render

import (
	"context"
	"errors"
	goimage "image"
	"sync"

	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/jpeg"
)

// fromJPEG makes the variants of a JPEG without the standard decoder. The error
// is jpeg.ErrUnsupported when that one has to decode the file.
func fromJPEG(ctx context.Context, data []byte, info image.Info, recipe image.Recipe) (Result, error) {
	reader, err := jpeg.Open(data)
	if err != nil {
		return Result{}, err
	}
	if width, height := reader.Size(); width != info.Width || height != info.Height {
		return Result{}, image.RefuseCorrupt()
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	need := stored(recipe.Plan(info.Upright()).Base, info.Orientation)
	picture, err := reader.Decode(ctx, reader.ScaleFor(need.Width, need.Height))
	if err != nil {
		return Result{}, planesError(err)
	}
	result, err := fromPlanes(ctx, picture, info, recipe)
	if err != nil {
		cancel()
		picture.Wait() // nothing runs on after us; its error is ours already
		return Result{}, planesError(err)
	}
	result.Truncated, err = picture.Wait()
	return result, planesError(err)
}

func planesError(err error) error {
	switch {
	case errors.Is(err, jpeg.ErrTruncated):
		return image.RefuseTruncated()
	case errors.Is(err, jpeg.ErrCorrupt):
		return image.RefuseCorrupt()
	default:
		return err
	}
}

// planesOf returns a decoded picture in planes, nil when it has transparent
// pixels.
func planesOf(picture goimage.Image) *jpeg.Picture {
	if p, ok := picture.(*goimage.NRGBA); ok && p.Opaque() {
		return jpeg.FromRGB(p)
	}
	return jpeg.FromImage(picture)
}

// fromPlanes makes the variants of a picture that is in planes, or is being
// decoded into them. Each is encoded while the next is made.
func fromPlanes(ctx context.Context, source *jpeg.Picture, info image.Info, recipe image.Recipe) (Result, error) {
	width, height := info.Upright()
	plan := recipe.Plan(width, height)
	whole, err := upright(ctx, source, plan.Base, info.Orientation)
	if err != nil {
		return Result{}, err
	}
	profile := info.Profile
	if len(source.Planes) == 1 {
		profile = nil // it describes colours
	}
	result := Result{Width: width, Height: height, Files: make([]File, len(plan.Steps))}
	var encoding sync.WaitGroup
	defer encoding.Wait()
	for i, step := range plan.Steps {
		picture, err := takePlanes(ctx, whole, step)
		if err != nil {
			return Result{}, err
		}
		if !step.Crop {
			whole = picture
		}
		encoding.Go(func() {
			result.Files[i] = File{
				Name: step.Name, Type: image.JPEG, Width: step.Width, Height: step.Height,
				Body: jpeg.Encode(picture, recipe.Quality, profile),
			}
		})
	}
	tiny, err := fit(ctx, whole, summarySide)
	if err != nil {
		return Result{}, err
	}
	pixels := rgb(tiny.Image())
	encoding.Wait()
	err = result.summarise(pixels)
	return result, err
}

// upright resizes the picture as it is stored and turns it: mirroring is done
// while resizing, and what is left is exchanging rows and columns.
func upright(ctx context.Context, source *jpeg.Picture, size image.Size, orientation int) (*jpeg.Picture, error) {
	size = stored(size, orientation)
	part := source.Whole()
	part.FlipX = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8
	part.FlipY = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7
	whole, err := jpeg.Resize(ctx, source, size.Width, size.Height, part)
	if err == nil && orientation >= 5 {
		whole = whole.Transpose()
	}
	return whole, err
}

func takePlanes(ctx context.Context, whole *jpeg.Picture, step image.Step) (*jpeg.Picture, error) {
	if whole.Width == step.Width && whole.Height == step.Height {
		return whole, nil
	}
	part := whole.Whole()
	if step.Crop {
		part.Left, part.Top, part.Width, part.Height = cut(step, part.Width, part.Height)
	}
	return jpeg.Resize(ctx, whole, step.Width, step.Height, part)
}

// fit makes a picture small enough for a square of the given side.
func fit(ctx context.Context, p *jpeg.Picture, side int) (*jpeg.Picture, error) {
	longest := max(p.Width, p.Height)
	if longest <= side {
		return p, nil
	}
	scaled := func(n int) int { return max(1, (n*side+longest/2)/longest) }
	return jpeg.Resize(ctx, p, scaled(p.Width), scaled(p.Height), p.Whole())
}

// rgb returns a picture of planes in RGB.
func rgb(picture goimage.Image) *goimage.NRGBA {
	bounds := picture.Bounds()
	out := goimage.NewNRGBA(bounds)
	row := rowOf(picture)
	for y := range bounds.Dy() {
		row(y, out.Pix[y*out.Stride:][:4*bounds.Dx()])
	}
	return out
}
