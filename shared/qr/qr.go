// Package qr draws QR codes as SVG or PNG.
package qr

import (
	"crypto/sha256"
	"fmt"

	"github.com/boombuler/barcode/qr"
)

// Drawing is a QR code as a file.
type Drawing struct {
	MediaType string
	Data      []byte
}

// Tag is the drawing's entity tag.
func (d Drawing) Tag() string {
	sum := sha256.Sum256(d.Data)
	return fmt.Sprintf(`"%x"`, sum[:8])
}

// matrix is a QR code in modules, the squares that it is made of.
type matrix struct {
	side  int
	black func(x, y int) bool
}

// Draw encodes a text. The error is an Invalid fault if the code would not be readable
// at the requested size.
func Draw(text string, o Options) (Drawing, error) {
	m, err := encode(text, o.Level)
	if err != nil {
		return Drawing{}, err
	}
	if o.Logo != nil {
		m = m.cleared(m.hole())
	}
	if o.Format == SVG {
		return Drawing{"image/svg+xml", svg(m, o)}, nil
	}
	data, err := pixels(m, o)
	return Drawing{"image/png", data}, err
}

func encode(text string, level Level) (matrix, error) {
	levels := map[Level]qr.ErrorCorrectionLevel{Low: qr.L, Medium: qr.M, Quartile: qr.Q, High: qr.H}
	code, err := qr.Encode(text, levels[level], qr.Auto)
	if err != nil {
		return matrix{}, fmt.Errorf("encode QR code: %w", err)
	}
	return matrix{code.Bounds().Dx(), func(x, y int) bool {
		r, _, _, _ := code.At(x, y).RGBA()
		return r == 0
	}}, nil
}
