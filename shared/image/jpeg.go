package image

import (
	"bytes"
	"encoding/binary"
)

// The markers of a JPEG that matter here.
const (
	markerSOF0 = 0xC0 // baseline
	markerSOF1 = 0xC1 // extended sequential
	markerSOF2 = 0xC2 // progressive
	markerDHT  = 0xC4
	markerJPG  = 0xC8
	markerDAC  = 0xCC
	markerRST0 = 0xD0
	markerRST7 = 0xD7
	markerSOI  = 0xD8
	markerEOI  = 0xD9
	markerSOS  = 0xDA
	markerAPP1 = 0xE1
	markerAPP2 = 0xE2
)

// walkJPEG visits every segment up to the end marker. Compressed data holds no
// marker but restarts, so whatever lies between segments is searched for the
// next one. A file may end in its pixels: how many are there, only decoding
// tells.
func walkJPEG(data []byte) (Info, *Refusal) {
	info := Info{Type: JPEG, Frames: 1}
	var profile iccParts
	for rest := data[2:]; ; {
		marker, after := nextMarker(rest)
		switch {
		case after == nil && info.Scans > 0:
			info.Profile, info.Truncated = profile.join(), true
			return info, nil
		case after == nil:
			return info, RefuseTruncated()
		case marker == markerEOI && info.Scans == 0:
			return info, RefuseCorrupt()
		case marker == markerEOI:
			info.Profile = profile.join()
			return info, nil
		case marker == markerSOI || marker == 0x01:
			rest = after
			continue
		}
		if len(after) < 2 {
			return info, RefuseTruncated()
		}
		length := int(binary.BigEndian.Uint16(after))
		if length < 2 {
			return info, RefuseCorrupt()
		}
		if length > len(after) {
			return info, RefuseTruncated()
		}
		if refusal := info.jpegSegment(marker, after[2:length], &profile); refusal != nil {
			return info, refusal
		}
		rest = after[length:]
	}
}

// nextMarker finds the next marker that is neither stuffing nor a restart, and
// returns what follows it, or nil when there is none.
func nextMarker(data []byte) (marker byte, after []byte) {
	for {
		at := bytes.IndexByte(data, 0xFF)
		if at < 0 || at+1 >= len(data) {
			return 0, nil
		}
		marker = data[at+1]
		switch {
		case marker == 0xFF: // fill byte
			data = data[at+1:]
		case marker == 0x00 || marker >= markerRST0 && marker <= markerRST7:
			data = data[at+2:]
		default:
			return marker, data[at+2:]
		}
	}
}

func (i *Info) jpegSegment(marker byte, segment []byte, profile *iccParts) *Refusal {
	switch {
	case marker == markerSOS:
		if i.Components == 0 {
			return RefuseCorrupt()
		}
		i.Scans++
	case marker == markerAPP1 && i.Orientation == 0 && bytes.HasPrefix(segment, []byte("Exif\x00")) && len(segment) > 6:
		i.Orientation = orientation(segment[6:])
	case marker == markerAPP2:
		profile.add(segment)
	case marker >= markerSOF0 && marker <= 0xCF && marker != markerDHT && marker != markerJPG && marker != markerDAC:
		return i.jpegFrame(marker, segment)
	}
	return nil
}

func (i *Info) jpegFrame(marker byte, segment []byte) *Refusal {
	if marker > markerSOF2 {
		return RefuseUnsupported("a lossless, hierarchical or arithmetic JPEG")
	}
	if i.Components != 0 || len(segment) < 6 || segment[5] == 0 {
		return RefuseCorrupt()
	}
	i.Depth = int(segment[0])
	if i.Depth != 8 {
		return RefuseUnsupported("a JPEG with more than 8 bits a sample")
	}
	i.Height = int(binary.BigEndian.Uint16(segment[1:]))
	i.Width = int(binary.BigEndian.Uint16(segment[3:]))
	i.Components = int(segment[5])
	i.Progressive = marker == markerSOF2
	return nil
}

// iccParts gathers an ICC profile, which may be spread over segments that each
// carry their number and the count of all.
type iccParts struct {
	parts [][]byte
	size  int
}

func (p *iccParts) add(segment []byte) {
	body, found := bytes.CutPrefix(segment, []byte("ICC_PROFILE\x00"))
	if !found || len(body) < 2 {
		return
	}
	number, count := int(body[0]), int(body[1])
	if p.parts == nil {
		p.parts = make([][]byte, count)
	}
	if number < 1 || number > len(p.parts) || p.parts[number-1] != nil {
		return
	}
	p.parts[number-1] = body[2:]
	p.size += len(body) - 2
}

// join returns the whole profile, or nil when it is incomplete or unusable.
func (p *iccParts) join() []byte {
	if p.size > MaxProfile {
		return nil
	}
	for _, part := range p.parts {
		if part == nil {
			return nil
		}
	}
	return usable(bytes.Join(p.parts, nil))
}
