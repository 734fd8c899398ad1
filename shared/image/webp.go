package image

import (
	"bytes"
	"encoding/binary"
)

const webpAlpha = 1 << 4 // flag of a canvas that may be transparent

const riffHeader = 8 // name and size of a chunk, or of the file

// Still is the first frame of an animation: a file of its own, and where its
// upper left corner lies on the canvas.
type Still struct {
	X, Y int
	File []byte
}

// walkWebP visits every chunk of the file.
func walkWebP(data []byte) (Info, *Refusal) {
	info := Info{Type: WebP, Depth: 8}
	size := int64(binary.LittleEndian.Uint32(data[4:])) + riffHeader
	if size > int64(len(data)) {
		return info, RefuseTruncated()
	}
	if size < riffHeader+4 {
		return info, RefuseCorrupt()
	}
	refusal := eachChunk(data[riffHeader+4:size], info.webpChunk)
	if refusal == nil && info.Frames == 0 {
		refusal = RefuseTruncated()
	}
	return info, refusal
}

// eachChunk visits RIFF chunks, which are padded to even lengths.
func eachChunk(data []byte, visit func(name string, body []byte) *Refusal) *Refusal {
	for len(data) > 0 {
		if len(data) < riffHeader {
			return RefuseTruncated()
		}
		end := riffHeader + int64(binary.LittleEndian.Uint32(data[4:]))
		if end > int64(len(data)) {
			return RefuseTruncated()
		}
		if refusal := visit(string(data[:4]), data[riffHeader:end]); refusal != nil {
			return refusal
		}
		data = data[min(end+end%2, int64(len(data))):]
	}
	return nil
}

func (i *Info) webpChunk(name string, body []byte) *Refusal {
	switch name {
	case "VP8X":
		if len(body) < 10 || i.Width != 0 {
			return RefuseCorrupt()
		}
		i.Alpha = body[0]&webpAlpha != 0
		i.Width, i.Height = 1+uint24(body[4:]), 1+uint24(body[7:])
	case "ANMF":
		return i.webpAnimation(body)
	case "VP8 ":
		if len(body) < 10 || body[0]&1 != 0 || !bytes.Equal(body[3:6], []byte{0x9D, 0x01, 0x2A}) {
			return RefuseCorrupt()
		}
		const fourteen = 1<<14 - 1
		return i.webpFrame(
			int(binary.LittleEndian.Uint16(body[6:]))&fourteen,
			int(binary.LittleEndian.Uint16(body[8:]))&fourteen)
	case "VP8L":
		if len(body) < 5 || body[0] != 0x2F {
			return RefuseCorrupt()
		}
		const fourteen = 1<<14 - 1
		bits := binary.LittleEndian.Uint32(body[1:])
		i.Alpha = i.Alpha || bits>>28&1 != 0
		return i.webpFrame(1+int(bits&fourteen), 1+int(bits>>14&fourteen))
	case "EXIF":
		i.Orientation = orientation(body)
	case "ICCP":
		i.Profile = usable(body)
	}
	return nil
}

// webpFrame takes the size of the bitstream, which must be the canvas's.
func (i *Info) webpFrame(width, height int) *Refusal {
	if i.Frames > 0 || i.Width != 0 && (i.Width != width || i.Height != height) {
		return RefuseCorrupt()
	}
	i.Width, i.Height, i.Frames = width, height, 1
	return nil
}

// webpAnimation counts the frames of an animation and takes the first.
func (i *Info) webpAnimation(body []byte) *Refusal {
	i.Frames++
	if i.Frames > 1 {
		return nil
	}
	const header = 16
	if len(body) < header {
		return RefuseCorrupt()
	}
	i.Alpha = true // the frame may leave a part of the canvas clear
	i.Still = &Still{X: 2 * uint24(body), Y: 2 * uint24(body[3:])}
	frame := Info{Width: 1 + uint24(body[6:]), Height: 1 + uint24(body[9:])}
	var chunks []byte
	refusal := eachChunk(body[header:], func(name string, body []byte) *Refusal {
		switch name {
		case "ALPH":
			chunks = append(riffChunk(nil, "VP8X", canvas(frame)), chunks...)
		case "VP8 ", "VP8L":
		default:
			return nil
		}
		chunks = riffChunk(chunks, name, body)
		return frame.webpChunk(name, body)
	})
	if refusal != nil {
		return refusal
	}
	if frame.Frames == 0 || i.Still.X+frame.Width > i.Width || i.Still.Y+frame.Height > i.Height {
		return RefuseCorrupt()
	}
	i.Still.File = riffChunk(nil, "RIFF", append([]byte("WEBP"), chunks...))
	return nil
}

// canvas is the body of the chunk that announces an image with ALPH.
func canvas(frame Info) []byte {
	w, h := frame.Width-1, frame.Height-1
	return []byte{webpAlpha, 0, 0, 0, byte(w), byte(w >> 8), byte(w >> 16), byte(h), byte(h >> 8), byte(h >> 16)}
}

func riffChunk(to []byte, name string, body []byte) []byte {
	to = binary.LittleEndian.AppendUint32(append(to, name...), uint32(len(body)))
	to = append(to, body...)
	if len(body)%2 == 1 {
		to = append(to, 0)
	}
	return to
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
