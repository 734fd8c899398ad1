package render

import (
	"context"
	"errors"
	goimage "image"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/jpeg"
)

// fromJPEG makes the variants of a JPEG without the standard decoder. The error
// is jpeg.ErrUnsupported when that one has to decode the file.
func fromJPEG(ctx context.Context, data []byte, info image.Info, recipe image.Recipe) (Result, error) {
	reader, err := jpeg.Open(data)
	if err != nil {
		return Result{}, planesError(err)
	}
	if width, height := reader.Size(); width != info.Width || height != info.Height {
		return Result{}, image.RefuseCorrupt()
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	need := stored(recipe.Plan(info.Upright()).Base, info.Orientation)
	img, err := reader.Decode(ctx, reader.ScaleFor(need.Width, need.Height))
	if err != nil {
		return Result{}, planesError(err)
	}
	result, err := fromPlanes(ctx, img, info, recipe)
	if err != nil {
		cancel()
		img.Wait() // nothing runs on after us; its error is ours already
		return Result{}, planesError(err)
	}
	result.Truncated, err = img.Wait()
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

// planesOf returns a decoded image in planes, nil when it has transparent
// pixels.
func planesOf(img goimage.Image) *jpeg.Image {
	if p, ok := img.(*goimage.NRGBA); ok && p.Opaque() {
		return jpeg.FromRGB(p)
	}
	return jpeg.FromImage(img)
}

// fromPlanes makes the variants of an image that is in planes, or is being
// decoded into them. Everything goes on at once: the first rows of a variant are
// resized, and encoded, while the last ones of the source are still coming.
func fromPlanes(ctx context.Context, source *jpeg.Image, info image.Info, recipe image.Recipe) (Result, error) {
	width, height := info.Upright()
	plan := recipe.Plan(width, height)
	encoding, ctx := errgroup.WithContext(ctx)
	var imgs []*jpeg.Image
	defer func() { // nothing runs on after us
		for _, p := range imgs {
			p.Wait()
		}
	}()
	whole := upright(ctx, source, plan.Base, info.Orientation)
	profile := info.Profile
	if len(source.Planes) == 1 {
		profile = nil // it describes colours
	}
	result := Result{Width: width, Height: height, Files: make([]File, len(plan.Steps))}
	for i, step := range plan.Steps {
		img := takePlanes(ctx, whole, step)
		imgs = append(imgs, whole, img)
		if !step.Crop {
			whole = img
		}
		result.Files[i] = File{Name: step.Name, Type: image.JPEG, Width: step.Width, Height: step.Height}
		encoding.Go(func() (err error) {
			result.Files[i].Body, err = jpeg.Encode(ctx, img, recipe.Quality, profile)
			return err
		})
	}
	tiny := fit(ctx, whole, summarySide)
	imgs = append(imgs, tiny)
	encoding.Go(func() error {
		source.Wait() // whoever reads from it reports its error
		result.decoded = time.Now()
		for _, p := range imgs {
			if _, err := p.Wait(); err != nil {
				return err
			}
		}
		result.resized = time.Now()
		return nil
	})
	if err := encoding.Wait(); err != nil {
		return Result{}, err
	}
	result.summarise(rgb(tiny.Image()))
	return result, nil
}

// upright resizes the image as it is stored and turns it: mirroring is done
// while resizing, and what is left is exchanging rows and columns.
func upright(ctx context.Context, source *jpeg.Image, size image.Size, orientation int) *jpeg.Image {
	size = stored(size, orientation)
	part := source.Whole()
	part.FlipX = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8
	part.FlipY = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7
	whole := jpeg.Resize(ctx, source, size.Width, size.Height, part)
	if orientation >= 5 {
		return whole.Transpose()
	}
	return whole
}

func takePlanes(ctx context.Context, whole *jpeg.Image, step image.Step) *jpeg.Image {
	if whole.Width == step.Width && whole.Height == step.Height {
		return whole
	}
	part := whole.Whole()
	if step.Crop {
		part.Left, part.Top, part.Width, part.Height = cut(step, part.Width, part.Height)
	}
	return jpeg.Resize(ctx, whole, step.Width, step.Height, part)
}

// fit makes an image small enough for a square of the given side.
func fit(ctx context.Context, p *jpeg.Image, side int) *jpeg.Image {
	longest := max(p.Width, p.Height)
	if longest <= side {
		return p
	}
	scaled := func(n int) int { return max(1, (n*side+longest/2)/longest) }
	return jpeg.Resize(ctx, p, scaled(p.Width), scaled(p.Height), p.Whole())
}

// rgb returns an image of planes in RGB.
func rgb(img goimage.Image) *goimage.NRGBA {
	bounds := img.Bounds()
	out := goimage.NewNRGBA(bounds)
	row := rowOf(img)
	for y := range bounds.Dy() {
		row(y, out.Pix[y*out.Stride:][:4*bounds.Dx()])
	}
	return out
}
