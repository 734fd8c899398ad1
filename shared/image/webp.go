package image

import (
	"bytes"
	"encoding/binary"
)

// walkWebP visits every chunk of the RIFF container.
func walkWebP(data []byte) (Info, *Refusal) {
	info := Info{Type: WebP, Depth: 8}
	const header = 8
	size := int64(binary.LittleEndian.Uint32(data[4:])) + header
	if size > int64(len(data)) {
		return info, RefuseTruncated()
	}
	if size < header+4 {
		return info, RefuseCorrupt()
	}
	for rest := data[header+4 : size]; len(rest) > 0; {
		if len(rest) < header {
			return info, RefuseTruncated()
		}
		length := int64(binary.LittleEndian.Uint32(rest[4:]))
		if header+length > int64(len(rest)) {
			return info, RefuseTruncated()
		}
		if refusal := info.webpChunk(string(rest[:4]), rest[header:header+length]); refusal != nil {
			return info, refusal
		}
		rest = rest[min(header+length+length&1, int64(len(rest))):]
	}
	switch {
	case info.Frames == 0:
		return info, RefuseTruncated()
	case info.Frames > 1:
		return info, RefuseUnsupported("an animated WebP")
	}
	return info, nil
}

func (i *Info) webpChunk(name string, body []byte) *Refusal {
	switch name {
	case "VP8X":
		if len(body) < 10 || i.Width != 0 {
			return RefuseCorrupt()
		}
		const animated, alpha = 1 << 1, 1 << 4
		if body[0]&animated != 0 {
			return RefuseUnsupported("an animated WebP")
		}
		i.Alpha = body[0]&alpha != 0
		i.Width = 1 + (int(body[4]) | int(body[5])<<8 | int(body[6])<<16)
		i.Height = 1 + (int(body[7]) | int(body[8])<<8 | int(body[9])<<16)
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
