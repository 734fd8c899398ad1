package qr

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"github.com/minim-dev/minim/shared/fault"
)

// svg draws the code in units of a module, one path for all of it.
func svg(m matrix, o Options) []byte {
	var out bytes.Buffer
	side := m.side + 2*o.Margin
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" shape-rendering="crispEdges">`, o.Size, o.Size, side, side)
	fmt.Fprintf(&out, `<path fill="%s" d="M0 0h%dv%dH0z"/><path fill="%s" d="`, name(o.Light), side, side, name(o.Dark))
	for y := range m.side {
		for x := 0; x < m.side; x++ {
			from := x
			for x < m.side && m.black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&out, "M%d %dh%dv1h-%dz", from+o.Margin, y+o.Margin, x-from, x-from)
			}
		}
	}
	out.WriteString(`"/>`)
	if o.Logo != nil {
		place := m.hole().Add(image.Pt(o.Margin, o.Margin))
		fmt.Fprintf(&out, `<image x="%d" y="%d" width="%d" height="%d" href="data:%s;base64,%s"/>`, place.Min.X, place.Min.Y, place.Dx(), place.Dy(),
			o.Logo.mediaType, base64.StdEncoding.EncodeToString(o.Logo.data))
	}
	out.WriteString("</svg>\n")
	return out.Bytes()
}

func name(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// pixels draws the code with modules of whole pixels; what is left over is margin.
func pixels(m matrix, o Options) ([]byte, error) {
	side := m.side + 2*o.Margin
	module := o.Size / side
	if module < minModule {
		return nil, fault.Fields(fault.Field{Name: "size",
			Message: fmt.Sprintf("This code needs at least %d pixels with its margin.", minModule*side)})
	}
	at := (o.Size - m.side*module) / 2
	img := image.NewPaletted(image.Rect(0, 0, o.Size, o.Size), color.Palette{o.Light, o.Dark})
	for y := range m.side * module {
		row := img.Pix[(at+y)*img.Stride+at:]
		for x := range m.side * module {
			if m.black(x/module, y/module) {
				row[x] = 1
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, o.Logo.onto(img, m.hole(), module, at)); err != nil {
		return nil, fmt.Errorf("encode QR code: %w", err)
	}
	return out.Bytes(), nil
}
