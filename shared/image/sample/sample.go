// Package sample makes images for tests: small files of every format with
// the metadata that cameras and editors put into them. Only tests import it.
package sample

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
)

// Quarters draws an image whose quarters are red, green, blue and white, so
// that all its rotations and mirrorings differ.
func Quarters(width, height int) *image.NRGBA {
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			out.SetNRGBA(x, y, quarter(2*x >= width, 2*y >= height))
		}
	}
	return out
}

func quarter(right, bottom bool) color.NRGBA {
	switch {
	case right && bottom:
		return color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}
	case right:
		return color.NRGBA{0, 0xFF, 0, 0xFF}
	case bottom:
		return color.NRGBA{0, 0, 0xFF, 0xFF}
	default:
		return color.NRGBA{0xFF, 0, 0, 0xFF}
	}
}

// Upright reports whether an image looks as Quarters drew it, give or take
// what compression costs.
func Upright(img image.Image) bool {
	const far = 60
	b := img.Bounds()
	for i := range 4 {
		right, bottom := i%2, i/2
		want := quarter(right == 1, bottom == 1)
		r, g, blue, _ := img.At(b.Min.X+b.Dx()*(1+2*right)/4, b.Min.Y+b.Dy()*(1+2*bottom)/4).RGBA()
		for c, have := range []uint32{r, g, blue} {
			off := int(have>>8) - int([]uint8{want.R, want.G, want.B}[c])
			if off > far || off < -far {
				return false
			}
		}
	}
	return true
}

// Stored returns the image as a camera held in the given EXIF orientation
// stores it: applying the orientation gives the image back.
func Stored(img *image.NRGBA, orientation int) *image.NRGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if orientation >= 5 {
		w, h = h, w
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			ux, uy := x, y // where this stored pixel is upright
			switch orientation {
			case 2:
				ux = w - 1 - x
			case 3:
				ux, uy = w-1-x, h-1-y
			case 4:
				uy = h - 1 - y
			case 5:
				ux, uy = y, x
			case 6:
				ux, uy = h-1-y, x
			case 7:
				ux, uy = h-1-y, w-1-x
			case 8:
				ux, uy = y, w-1-x
			}
			out.SetNRGBA(x, y, img.NRGBAAt(ux, uy))
		}
	}
	return out
}

// Photo returns what Quarters draws, as a camera held in the given orientation
// stores it, in the colours of a JPEG: quick for megapixels. Width and height
// are those of the upright image.
func Photo(width, height, orientation int) *image.YCbCr {
	four := Stored(Quarters(2, 2), orientation)
	if orientation >= 5 {
		width, height = height, width
	}
	out := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	fill := func(plane []byte, stride int, channel func(color.YCbCr) byte) {
		rows := len(plane) / stride
		for i := range plane {
			x, y := i%stride, i/stride
			c := four.NRGBAAt(min(1, 2*x/stride), min(1, 2*y/rows))
			yy, cb, cr := color.RGBToYCbCr(c.R, c.G, c.B)
			plane[i] = channel(color.YCbCr{Y: yy, Cb: cb, Cr: cr})
		}
	}
	fill(out.Y, out.YStride, func(c color.YCbCr) byte { return c.Y })
	fill(out.Cb, out.CStride, func(c color.YCbCr) byte { return c.Cb })
	fill(out.Cr, out.CStride, func(c color.YCbCr) byte { return c.Cr })
	return out
}

// Secret is in all metadata made here: no variant may contain it.
const Secret = "HIDDEN-51.5N-0.1W"

// Exif returns EXIF data with an orientation, a camera's name and a place, in
// the given byte order. The name holds Secret.
func Exif(order binary.AppendByteOrder, orientation int) []byte {
	out := []byte("II*\x00")
	if order.String() == binary.BigEndian.String() {
		out = []byte("MM\x00*")
	}
	entry := func(tag, kind uint16, count, value uint32) {
		out = order.AppendUint16(out, tag)
		out = order.AppendUint16(out, kind)
		out = order.AppendUint32(out, count)
		out = order.AppendUint32(out, value)
	}
	const text, long = 2, 4
	out = order.AppendUint32(out, 8)
	out = order.AppendUint16(out, 3)
	name := Secret + "\x00"
	entry(0x010F, text, uint32(len(name)), 8+2+3*12+4) // camera
	out = order.AppendUint16(order.AppendUint16(out, 0x0112), 3)
	out = order.AppendUint32(out, 1)
	out = order.AppendUint16(order.AppendUint16(out, uint16(orientation)), 0)
	entry(0x8825, long, 1, uint32(8+2+3*12+4+len(name))) // place
	out = order.AppendUint32(out, 0)
	out = append(out, name...)
	out = order.AppendUint16(out, 1)
	entry(0x0001, text, 2, 'N')
	return order.AppendUint32(out, 0)
}

// Profile returns an ICC profile for RGB of the given size in bytes, valid as
// far as its header goes.
func Profile(size int) []byte {
	out := make([]byte, size)
	binary.BigEndian.PutUint32(out, uint32(size))
	copy(out[12:], "mntrRGB XYZ ")
	copy(out[36:], "acsp")
	return out
}

// Segment returns a JPEG segment.
func Segment(marker byte, body string) []byte {
	out := []byte{0xFF, marker}
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(out, body...)
}

// ExifSegment returns a JPEG segment with Exif data.
func ExifSegment(orientation int) []byte {
	return Segment(0xE1, "Exif\x00\x00"+string(Exif(binary.BigEndian, orientation)))
}

// XMPSegment returns a JPEG segment with XMP data, which uses EXIF's marker.
func XMPSegment() []byte {
	return Segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta><tiff:Orientation>3</tiff:Orientation>"+Secret+"</x:xmpmeta>")
}

// Chunk returns a PNG chunk.
func Chunk(name, body string) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(out, name+body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// ProfileChunk returns a PNG chunk with an ICC profile.
func ProfileChunk(profile []byte) []byte {
	var body bytes.Buffer
	body.WriteString("any name\x00\x00")
	w := zlib.NewWriter(&body)
	w.Write(profile)
	w.Close()
	return Chunk("iCCP", body.String())
}

// JPEG encodes a baseline JPEG with the segments at its start.
func JPEG(img image.Image, segments ...[]byte) []byte {
	var out bytes.Buffer
	must(jpeg.Encode(&out, img, &jpeg.Options{Quality: 90}))
	return insert(out.Bytes(), 2, segments)
}

// PNG encodes a PNG with the chunks after its header.
func PNG(img image.Image, chunks ...[]byte) []byte {
	var out bytes.Buffer
	must(png.Encode(&out, img))
	return insert(out.Bytes(), 8+12+13, chunks)
}

// GIF encodes a GIF of one frame.
func GIF(img image.Image) []byte {
	var out bytes.Buffer
	must(gif.Encode(&out, img, nil))
	return out.Bytes()
}

// ProgressiveHeader returns the structure of a progressive JPEG with many
// scans and no pixels.
func ProgressiveHeader(width, height uint16, scans int) []byte {
	out := []byte("\xFF\xD8")
	frame := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16([]byte{8}, height), width)
	out = append(out, Segment(0xC2, string(append(frame, 1, 1, 0x11, 0)))...)
	for range scans {
		out = append(out, Segment(0xDA, "\x01\x01\x00\x00\x00\x00")...)
	}
	return append(out, 0xFF, 0xD9)
}

func insert(file []byte, at int, parts [][]byte) []byte {
	out := append([]byte{}, file[:at]...)
	for _, part := range parts {
		out = append(out, part...)
	}
	return append(out, file[at:]...)
}

func must(err error) {
	if err != nil {
		panic(err) // encoding into memory
	}
}
