package jpeg

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// What can be wrong with a file.
var (
	// ErrUnsupported: not an 8-bit baseline or progressive JPEG in grey or YCbCr,
	// more than 64 scans, or its headers are odd. Another decoder may know it.
	ErrUnsupported = errors.New("jpeg: an unusual kind of file")
	// ErrTruncated: the file ends before 95 % of its rows are complete.
	ErrTruncated = errors.New("jpeg: the file ends too early")
	// ErrCorrupt: the file contradicts the format.
	ErrCorrupt = errors.New("jpeg: the file is damaged")
)

// The markers of T.81, table B.1, that matter here.
const (
	markerSOF0  = 0xC0 // baseline
	markerSOF1  = 0xC1 // extended sequential: the same with 8 bits
	markerSOF2  = 0xC2 // progressive
	markerSOF15 = 0xCF
	markerDHT   = 0xC4
	markerJPG   = 0xC8
	markerDAC   = 0xCC
	markerRST0  = 0xD0
	markerSOI   = 0xD8
	markerEOI   = 0xD9
	markerSOS   = 0xDA
	markerDQT   = 0xDB
	markerDRI   = 0xDD
	markerAPP2  = 0xE2
	markerAPP14 = 0xEE
)

// header is what a file tells before any data is decoded.
type header struct {
	width, height int
	progressive   bool
	components    []component
	maxH, maxV    int
	quants        [4][]byte // 64 values in zigzag order
	huffman       [2][4]spec
	restart       int // MCUs between restart markers, 0 for none
	scans         []scan
	cut           bool // the file ends without saying so
}

// component is one component of the frame: its sampling factors and its table.
type component struct {
	id, quant byte
	h, v      int
}

// spec is a Huffman table as the file describes it: how many codes there are of
// each length, and their symbols.
type spec struct {
	counts  []byte // of lengths 1 to 16
	symbols []byte
}

// parse reads the segments up to the compressed data of a file with one scan,
// and to the end of another. Whatever it does not expect is ErrUnsupported.
func parse(data []byte) (*header, error) {
	if len(data) < 4 || data[0] != 0xFF || data[1] != markerSOI {
		return nil, ErrUnsupported
	}
	h := &header{}
	for rest := data[2:]; ; {
		for len(rest) > 1 && rest[0] == 0xFF && rest[1] == 0xFF { // fill byte
			rest = rest[1:]
		}
		if len(h.scans) > 0 {
			h.cut = len(rest) < 2
			if h.cut || rest[1] == markerEOI {
				return h, nil
			}
		}
		marker, segment, after := next(rest)
		if after == nil {
			return nil, ErrUnsupported
		}
		rest = after
		if marker == markerSOS {
			s, ok := h.scan(segment)
			if !ok || len(h.scans) == maxScans {
				return nil, ErrUnsupported
			}
			s.body, rest = rest, rest[dataLength(rest):]
			h.scans = append(h.scans, s)
			if h.single() {
				return h, nil
			}
			s.body = s.body[:len(s.body)-len(rest)]
			continue
		}
		if !h.segment(marker, segment) {
			return nil, ErrUnsupported
		}
	}
}

// next cuts the next segment off; after is nil when there is none.
func next(data []byte) (marker byte, segment, after []byte) {
	if len(data) < 4 || data[0] != 0xFF {
		return 0, nil, nil
	}
	marker = data[1]
	length := int(binary.BigEndian.Uint16(data[2:])) + 2
	if marker < markerSOF0 || marker >= markerRST0 && marker <= markerEOI || length < 4 || length > len(data) {
		return 0, nil, nil
	}
	return marker, data[4:length], data[length:]
}

func (h *header) segment(marker byte, segment []byte) bool {
	switch marker {
	case markerSOF0, markerSOF1, markerSOF2:
		h.progressive = marker == markerSOF2
		return h.frame(segment)
	case markerDHT:
		return h.tables(segment)
	case markerDQT:
		for len(segment) >= 65 && segment[0] < 4 { // 8 bits a value
			h.quants[segment[0]] = segment[1:65]
			segment = segment[65:]
		}
		return len(segment) == 0 && len(h.scans) == 0 // one for all scans
	case markerDRI:
		if len(segment) != 2 {
			return false
		}
		h.restart = int(binary.BigEndian.Uint16(segment))
		return true
	case markerAPP14: // Adobe's: the last byte reports whether colours are YCbCr
		return len(segment) < 12 || !bytes.HasPrefix(segment, []byte("Adobe")) || segment[11] != 0 || len(h.components) == 1
	default:
		return marker > markerSOF15 // neither another kind of frame nor arithmetic coding
	}
}

func (h *header) frame(segment []byte) bool {
	if h.components != nil || len(segment) < 6 || segment[0] != 8 {
		return false
	}
	h.height = int(binary.BigEndian.Uint16(segment[1:]))
	h.width = int(binary.BigEndian.Uint16(segment[3:]))
	count := int(segment[5])
	if h.width == 0 || h.height == 0 || count != 1 && count != 3 || len(segment) != 6+3*count {
		return false
	}
	for i := range count {
		s := segment[6+3*i:]
		c := component{id: s[0], h: int(s[1] >> 4), v: int(s[1] & 15), quant: s[2]}
		if count == 1 {
			c.h, c.v = 1, 1 // a single component is not interleaved: T.81, A.2.2
		}
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || c.quant > 3 {
			return false
		}
		h.components = append(h.components, c)
	}
	return h.sampling()
}

// sampling takes what has the full number of samples for brightness, and the
// same whole fraction of it for both colours.
func (h *header) sampling() bool {
	y := h.components[0]
	h.maxH, h.maxV = y.h, y.v
	if len(h.components) == 1 {
		return true
	}
	cb, cr := h.components[1], h.components[2]
	rgb := y.id == 'R' && cb.id == 'G' && cr.id == 'B'
	distinct := y.id != cb.id && y.id != cr.id && cb.id != cr.id
	blocks := y.h*y.v + cb.h*cb.v + cr.h*cr.v
	return !rgb && distinct && cb.h == cr.h && cb.v == cr.v && y.h%cb.h == 0 && y.v%cb.v == 0 && y.h != 3 && y.v != 3 && blocks <= 10
}

func (h *header) tables(segment []byte) bool {
	for len(segment) > 0 {
		if len(segment) < 17 || segment[0]>>4 > 1 || segment[0]&15 > 3 {
			return false
		}
		counts, count := segment[1:17], 0
		for _, n := range counts {
			count += int(n)
		}
		if count > 256 || 17+count > len(segment) {
			return false
		}
		h.huffman[segment[0]>>4][segment[0]&15] = spec{counts, segment[17 : 17+count]}
		segment = segment[17+count:]
	}
	return true
}
