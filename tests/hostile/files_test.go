package hostile

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	goimage "image"
	"image/color"
	"image/gif"
	"math/rand/v2"
	"strings"

	"github.com/minim-dev/minim/shared/image/sample"
)

// image is small and has no two rows alike.
func img(width, height int) *goimage.NRGBA {
	out := goimage.NewNRGBA(goimage.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			out.SetNRGBA(x, y, color.NRGBA{uint8(x * 255 / width), uint8(y * 255 / height), uint8(x*7 ^ y*5), 255})
		}
	}
	return out
}

// valid are small files of each kind, by name.
func valid() map[string][]byte {
	small, see := img(48, 36), img(40, 30)
	for i := 3; i < len(see.Pix); i += 4 {
		see.Pix[i] = uint8(i)
	}
	return map[string][]byte{
		"baseline.jpg":    sample.JPEG(small, sample.XMPSegment(), sample.ExifSegment(6)),
		"gray.jpg":        sample.JPEG(goimage.NewGray(goimage.Rect(0, 0, 33, 17))),
		"progressive.jpg": progressive(64, 48, 1, 4),
		"opaque.png":      sample.PNG(small, sample.ProfileChunk(sample.Profile(200))),
		"alpha.png":       sample.PNG(see),
		"palette.gif":     sample.GIF(small),
		"lossless.webp":   sample.WebP(small),
		"alpha.webp":      sample.WebP(see),
	}
}

// progressive is a flat grey progressive JPEG of one or three components: for each
// a scan of DC coefficients, then scans that say that there are no others, in turn.
// A scan costs a decoder a pass over the component and its writer a few bytes.
func progressive(width, height uint16, components, scans int) []byte {
	blocks := (int(width) + 7) / 8 * ((int(height) + 7) / 8)
	frame := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16([]byte{8}, height), width)
	frame = append(frame, byte(components))
	for id := range components {
		frame = append(frame, byte(id+1), 0x11, 0)
	}
	out := []byte("\xFF\xD8")
	out = append(out, sample.Segment(0xDB, "\x00"+strings.Repeat("\x01", 64))...)
	out = append(out, sample.Segment(0xC2, string(frame))...)
	// One code each, of one bit: DC difference 0, and the longest run of blocks without coefficients.
	out = append(out, sample.Segment(0xC4, "\x00\x01"+strings.Repeat("\x00", 15)+"\x00")...)
	out = append(out, sample.Segment(0xC4, "\x10\x01"+strings.Repeat("\x00", 15)+"\xE0")...)
	for scan := range scans {
		id, bits := string([]byte{byte(scan%components + 1)}), "\x10" // what refines to the last bit
		switch scan / components {
		case 0:
			out = append(out, sample.Segment(0xDA, "\x01"+id+"\x00\x00\x00\x01")...)
			out = append(out, make([]byte, (blocks+7)/8)...)
			continue
		case 1:
			bits = "\x01"
		}
		out = append(out, sample.Segment(0xDA, "\x01"+id+"\x00\x01\x3F"+bits)...)
		out = append(out, runs(blocks)...)
	}
	return append(out, 0xFF, 0xD9)
}

// noise is an image that nothing makes smaller.
func noise(width, height int) *goimage.NRGBA {
	out := goimage.NewNRGBA(goimage.Rect(0, 0, width, height))
	_, _ = rand.NewChaCha8([32]byte{1}).Read(out.Pix)
	for i := 3; i < len(out.Pix); i += 4 {
		out.Pix[i] = 255
	}
	return out
}

// runs says of all blocks that they have no coefficients: codes of a bit, 0, and
// 14 bits that count blocks beyond 1<<14.
func runs(blocks int) []byte {
	var out []byte
	var bits, count uint
	put := func(value, size uint) {
		bits, count = bits<<size|value, count+size
		for ; count >= 8; count -= 8 {
			b := byte(bits >> (count - 8))
			if out = append(out, b); b == 0xFF {
				out = append(out, 0)
			}
		}
	}
	const most = 1<<15 - 1
	for ; blocks > 0; blocks -= most {
		put(0, 1)
		put(uint(max(0, min(blocks, most)-1<<14)), 14)
	}
	put(1<<7-1, 7)
	return out
}

// bigPNG is a PNG of one colour: a megapixel in a kilobyte.
func bigPNG(width, height int, chunks ...[]byte) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(width)), uint32(height))
	var body bytes.Buffer
	w := zlib.NewWriter(&body)
	row := make([]byte, 1+3*width)
	for range height {
		_, _ = w.Write(row)
	}
	_ = w.Close()
	out := append([]byte("\x89PNG\r\n\x1a\n"), sample.Chunk("IHDR", string(head)+"\x08\x02\x00\x00\x00")...)
	for _, chunk := range chunks {
		out = append(out, chunk...)
	}
	out = append(out, sample.Chunk("IDAT", body.String())...)
	return append(out, sample.Chunk("IEND", "")...)
}

// zeros is a zlib stream that becomes many bytes.
func zeros(size int) string {
	var body bytes.Buffer
	w, _ := zlib.NewWriterLevel(&body, zlib.BestSpeed) // a level there is
	_, _ = w.Write(make([]byte, size))
	_ = w.Close()
	return body.String()
}

// claims is a PNG that says it is large and holds next to nothing.
func claims(width, height uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	out := append([]byte("\x89PNG\r\n\x1a\n"), sample.Chunk("IHDR", string(head)+"\x08\x06\x00\x00\x00")...)
	out = append(out, sample.Chunk("IDAT", zeros(100))...)
	return append(out, sample.Chunk("IEND", "")...)
}

// film is a GIF of many frames.
func film(width, height, frames int) []byte {
	one := goimage.NewPaletted(goimage.Rect(0, 0, width, height), color.Palette{color.Black, color.White})
	all := &gif.GIF{}
	for range frames {
		all.Image, all.Delay = append(all.Image, one), append(all.Delay, 1)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, all); err != nil {
		panic(err) // encoding into memory
	}
	return out.Bytes()
}
