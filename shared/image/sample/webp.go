package sample

import (
	"encoding/binary"
	"image"
)

// WebP encodes a lossless WebP with further RIFF chunks around the image.
// Every channel of the image must be 0 or 255, as Quarters draws it, and
// nothing transparent: that makes an encoder of a page.
func WebP(img *image.NRGBA, chunks ...[]byte) []byte {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	canvas := make([]byte, 10)
	canvas[0] = 1<<5 | 1<<3 // a profile, EXIF
	binary.LittleEndian.PutUint32(canvas[4:], uint32(w-1))
	canvas[7], canvas[8], canvas[9] = byte(h-1), byte((h-1)>>8), byte((h-1)>>16)

	body := append([]byte("WEBP"), RIFF("VP8X", string(canvas))...)
	body = append(body, RIFF("VP8L", string(lossless(img)))...)
	for _, chunk := range chunks {
		body = append(body, chunk...)
	}
	out := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)))
	return append(out, body...)
}

// RIFF returns a chunk of a RIFF file.
func RIFF(name, body string) []byte {
	out := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body)))
	out = append(out, body...)
	if len(body)%2 == 1 {
		out = append(out, 0)
	}
	return out
}

// lossless encodes a VP8L bitstream without transforms: one bit for green, red
// and blue of each pixel, none for alpha.
func lossless(img *image.NRGBA) []byte {
	b := &bits{}
	b.put(0x2F, 8)
	b.put(uint64(img.Rect.Dx()-1), 14)
	b.put(uint64(img.Rect.Dy()-1), 14)
	b.put(0, 1+3+1+1+1) // no alpha, version, no transform, no cache, one code group
	for range 3 {       // green, red, blue: two symbols, 0 and 255
		b.put(1, 1)
		b.put(1, 1)
		b.put(0, 1)
		b.put(0, 1)
		b.put(255, 8)
	}
	b.put(0b101, 3) // alpha: simple, one symbol, of eight bits
	b.put(255, 8)
	b.put(0b0001, 4) // distance: simple, one symbol, of one bit, 0
	for i := 0; i < len(img.Pix); i += 4 {
		for _, c := range []int{1, 0, 2} {
			b.put(uint64(img.Pix[i+c]&1), 1)
		}
	}
	b.put(0, 8)
	return b.out
}

// bits packs bits, the lowest first.
type bits struct {
	out  []byte
	acc  uint64
	have uint
}

func (b *bits) put(value uint64, count uint) {
	b.acc |= value << b.have
	for b.have += count; b.have >= 8; b.have -= 8 {
		b.out = append(b.out, byte(b.acc))
		b.acc >>= 8
	}
}

// AnimatedWebP encodes an animation of the given frames, whose pixels are as
// WebP wants them, on a canvas twice as wide and high; they lie at its end.
func AnimatedWebP(frames ...*image.NRGBA) []byte {
	w, h := frames[0].Rect.Dx(), frames[0].Rect.Dy()
	const animated = 1 << 1
	size := func(w, h int) string {
		return string([]byte{byte(w), byte(w >> 8), byte(w >> 16), byte(h), byte(h >> 8), byte(h >> 16)})
	}
	body := append([]byte("WEBP"), RIFF("VP8X", string([]byte{animated, 0, 0, 0})+size(2*w-1, 2*h-1))...)
	body = append(body, RIFF("ANIM", "\x00\x00\x00\x00\x00\x00")...)
	for _, frame := range frames {
		header := size(w/2, h/2) + size(w-1, h-1) + "\x0A\x00\x00\x00"
		body = append(body, RIFF("ANMF", header+string(RIFF("VP8L", string(lossless(frame)))))...)
	}
	out := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)))
	return append(out, body...)
}
