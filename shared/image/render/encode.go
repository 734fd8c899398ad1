package render

import (
	"bytes"
	"context"
	"fmt"
	goimage "image"
	stdjpeg "image/jpeg"

	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/jpeg"
	"github.com/minim-dev/minim/shared/image/png"
)

// encoder writes variants: JPEG where nothing is transparent, else PNG. Neither
// holds metadata; only the ICC profile is put in.
type encoder struct {
	opaque  bool
	quality int
	profile []byte // may be nil
}

func (e encoder) encode(ctx context.Context, name string, img *goimage.NRGBA) (file File, err error) {
	file = File{Name: name, Type: image.PNG, Width: img.Rect.Dx(), Height: img.Rect.Dy()}
	if !e.opaque {
		file.Body, err = png.Encode(ctx, img, e.profile)
		return file, err
	}
	file.Type = image.JPEG
	// Opaque pixels are the same premultiplied, and for RGBA the JPEG encoder
	// has a fast path.
	rgba := &goimage.RGBA{Pix: img.Pix, Stride: img.Stride, Rect: img.Rect}
	var out bytes.Buffer
	if err := stdjpeg.Encode(&out, rgba, &stdjpeg.Options{Quality: e.quality}); err != nil {
		return File{}, fmt.Errorf("encode JPEG: %w", err)
	}
	file.Body = jpeg.WithProfile(out.Bytes(), e.profile)
	return file, nil
}
