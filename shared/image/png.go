package image

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"math"
)

const pngSignature = "\x89PNG\r\n\x1A\n"

// maxChunks is far more than a writer needs for 25 MB: decoders look at each.
const maxChunks = 100_000

// walkPNG visits every chunk up to the last.
func walkPNG(data []byte) (Info, *Refusal) {
	info := Info{Type: PNG, Frames: 1}
	pixels := false
	rest := data[len(pngSignature):]
	for chunks := 1; ; chunks++ {
		const frame = 12 // length, name and checksum
		if chunks > maxChunks {
			return info, RefuseUnsupported("a PNG of more than 100,000 chunks")
		}
		if len(rest) < frame {
			return info, RefuseTruncated()
		}
		length := binary.BigEndian.Uint32(rest)
		if length > math.MaxInt32 {
			return info, RefuseCorrupt()
		}
		if int64(length)+frame > int64(len(rest)) {
			return info, RefuseTruncated()
		}
		name, body := string(rest[4:8]), rest[8:8+length]
		if info.Width == 0 && name != "IHDR" {
			return info, RefuseCorrupt()
		}
		switch name {
		case "IDAT":
			pixels = true
		case "IEND":
			if !pixels {
				return info, RefuseCorrupt()
			}
			return info, nil
		default:
			if refusal := info.pngChunk(name, body); refusal != nil {
				return info, refusal
			}
		}
		rest = rest[frame+length:]
	}
}

func (i *Info) pngChunk(name string, body []byte) *Refusal {
	switch name {
	case "IHDR":
		const withAlpha = 4
		if i.Width != 0 || len(body) != 13 {
			return RefuseCorrupt()
		}
		width, height := binary.BigEndian.Uint32(body), binary.BigEndian.Uint32(body[4:])
		if width < 1 || height < 1 || width > math.MaxInt32 || height > math.MaxInt32 {
			return RefuseCorrupt()
		}
		i.Width, i.Height, i.Depth = int(width), int(height), int(body[8])
		i.Alpha = body[9]&withAlpha != 0
		i.Progressive = body[12] != 0
	case "tRNS":
		i.Alpha = true
	case "acTL":
		if len(body) >= 4 {
			i.Frames = int(binary.BigEndian.Uint32(body))
		}
	case "eXIf":
		i.Orientation = orientation(body)
	case "iCCP":
		i.Profile = pngProfile(body)
	}
	return nil
}

// pngProfile unpacks the body of an iCCP chunk: a name, a zero, the method and
// the compressed profile. It never unpacks more than MaxProfile.
func pngProfile(body []byte) []byte {
	_, packed, found := bytes.Cut(body, []byte{0})
	if !found || len(packed) < 1 || packed[0] != 0 {
		return nil
	}
	unpacker, err := zlib.NewReader(bytes.NewReader(packed[1:]))
	if err != nil {
		return nil
	}
	profile, err := io.ReadAll(io.LimitReader(unpacker, MaxProfile+1))
	if err != nil {
		return nil
	}
	return usable(profile)
}
