package image

import "encoding/binary"

// The blocks of a GIF.
const (
	gifExtension = 0x21
	gifControl   = 0xF9 // label of the extension that names the clear colour
	gifFrame     = 0x2C
	gifTrailer   = 0x3B
)

// walkGIF visits every block. A file that ends without its trailer but after
// a whole frame is taken, as browsers do.
func walkGIF(data []byte) (Info, *Refusal) {
	const header = 13
	if len(data) < header {
		return Info{}, RefuseTruncated()
	}
	info := Info{
		Type:   GIF,
		Width:  int(binary.LittleEndian.Uint16(data[6:])),
		Height: int(binary.LittleEndian.Uint16(data[8:])),
		Depth:  8,
	}
	rest, refusal := skip(data[header:], gifColours(data[10]))
	for refusal == nil {
		if len(rest) == 0 || rest[0] == gifTrailer {
			break
		}
		switch rest[0] {
		case gifExtension:
			rest, refusal = info.gifExtension(rest)
		case gifFrame:
			rest, refusal = info.gifFrame(rest)
		default:
			if info.Frames == 0 {
				return info, RefuseCorrupt()
			}
			return info, nil
		}
	}
	if refusal == nil && info.Frames == 0 {
		refusal = RefuseTruncated()
	}
	return info, refusal
}

func (i *Info) gifExtension(block []byte) ([]byte, *Refusal) {
	if len(block) < 2 {
		return nil, RefuseTruncated()
	}
	if block[1] == gifControl && i.Frames == 0 && len(block) >= 4 && block[3]&1 != 0 {
		i.Alpha = true
	}
	return skipBlocks(block[2:])
}

func (i *Info) gifFrame(block []byte) ([]byte, *Refusal) {
	const descriptor = 10
	if len(block) < descriptor {
		return nil, RefuseTruncated()
	}
	rest, refusal := skip(block[descriptor:], gifColours(block[9])+1) // and the code size
	if refusal != nil {
		return nil, refusal
	}
	rest, refusal = skipBlocks(rest)
	if refusal == nil {
		i.Frames++
	}
	return rest, refusal
}

// gifColours is the size of the colour table that a byte of flags announces.
func gifColours(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

func skip(data []byte, n int) ([]byte, *Refusal) {
	if n > len(data) {
		return nil, RefuseTruncated()
	}
	return data[n:], nil
}

// skipBlocks skips data blocks, each after its length, up to the empty one.
func skipBlocks(data []byte) ([]byte, *Refusal) {
	for len(data) > 0 {
		length := int(data[0])
		if length == 0 {
			return data[1:], nil
		}
		if length >= len(data) {
			break
		}
		data = data[1+length:]
	}
	return nil, RefuseTruncated()
}
