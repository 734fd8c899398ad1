package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	goimage "image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"

	"github.com/minim-dev/minim/shared/image"
)

// decode decodes with the one decoder of the image's type, never by asking
// all that are registered, and returns an *image.NRGBA or *image.YCbCr of
// exactly the announced size. Other forms do not reach the resizer, which works
// in goroutines of its own, where no panic can be recovered.
func decode(ctx context.Context, data []byte, info image.Info) (img goimage.Image, err error) {
	defer func() {
		if recovered := recover(); recovered != nil {
			img, err = nil, image.RefuseCorrupt()
		}
	}()
	bounds := goimage.Rect(0, 0, info.Width, info.Height)
	if info.Still != nil {
		data = info.Still.File
	}
	r := &reader{ctx: ctx, data: bytes.NewReader(data)}
	switch info.Type {
	case image.JPEG:
		img, err = jpeg.Decode(r)
	case image.PNG:
		img, err = png.Decode(r)
	case image.WebP:
		img, err = webp.Decode(r)
		widen(img)
	case image.GIF:
		img, err = gif.Decode(r)
	default:
		return nil, fmt.Errorf("no decoder for %q", info.Type)
	}
	if err != nil {
		return nil, decodeError(ctx, err)
	}
	if info.Still != nil {
		img = moved(img, goimage.Pt(info.Still.X, info.Still.Y))
	}
	partial := info.Type == image.GIF || info.Still != nil // a first frame need not cover the canvas
	if !partial && img.Bounds() != bounds || !img.Bounds().In(bounds) {
		return nil, image.RefuseCorrupt()
	}
	return drawable(img, bounds), nil
}

func decodeError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("decode: %w", ctx.Err())
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return image.RefuseTruncated()
	}
	if what, ok := errors.AsType[jpeg.UnsupportedError](err); ok {
		return image.RefuseUnsupported("a JPEG with an unusual " + string(what))
	}
	return image.RefuseCorrupt()
}

// reader ends a decoder, which knows no cancellation, when the time is over.
type reader struct {
	ctx  context.Context
	data *bytes.Reader
}

// Read implements io.Reader.
func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.data.Read(p)
}
