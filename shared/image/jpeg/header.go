package jpeg

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// What can be wrong with a file.
var (
	// ErrUnsupported: not a baseline JPEG of one scan in grey or YCbCr, or its
	// headers are odd. Another decoder may know it.
	ErrUnsupported = errors.New("jpeg: not a baseline file of one scan")
	// ErrTruncated: the file ends before 95 % of its rows.
	ErrTruncated = errors.New("jpeg: the file ends too early")
	// ErrCorrupt: the file contradicts the format.
	ErrCorrupt = errors.New("jpeg: the file is damaged")
)

// The markers of T.81, table B.1, that matter here.
const (
	markerSOF0  = 0xC0 // baseline
	markerSOF1  = 0xC1 // extended sequential: the same with 8 bits
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

// header is what precedes the compressed data.
type header struct {
	width, height int
	components    []component
	maxH, maxV    int
	quants        [4][]byte // 64 values in zigzag order
	huffman       [2][4]spec
	restart       int    // MCUs between restart markers, 0 for none
	body          []byte // compressed data, and all that follows
}

// component is one component of the frame: its sampling factors and tables.
type component struct {
	id, quant, dc, ac byte
	h, v              int
}

// spec is a Huffman table as the file describes it: how many codes there are of
// each length, and their symbols.
type spec struct {
	counts  []byte // of lengths 1 to 16
	symbols []byte
}

// parse reads the segments up to the compressed data. Whatever it does not
// expect is ErrUnsupported.
func parse(data []byte) (*header, error) {
	if len(data) < 4 || data[0] != 0xFF || data[1] != markerSOI {
		return nil, ErrUnsupported
	}
	h := &header{}
	for rest := data[2:]; ; {
		if len(rest) < 4 || rest[0] != 0xFF {
			return nil, ErrUnsupported
		}
		marker := rest[1]
		if marker == 0xFF { // fill byte
			rest = rest[1:]
			continue
		}
		length := int(binary.BigEndian.Uint16(rest[2:])) + 2
		if marker < markerSOF0 || marker >= markerRST0 && marker <= markerEOI || length < 4 || length > len(rest) {
			return nil, ErrUnsupported
		}
		segment := rest[4:length]
		rest = rest[length:]
		if marker == markerSOS {
			h.body = rest
			return h, h.scan(segment)
		}
		if !h.segment(marker, segment) {
			return nil, ErrUnsupported
		}
	}
}

func (h *header) segment(marker byte, segment []byte) bool {
	switch marker {
	case markerSOF0, markerSOF1:
		return h.frame(segment)
	case markerDHT:
		return h.tables(segment)
	case markerDQT:
		for len(segment) >= 65 && segment[0] < 4 { // 8 bits a value
			h.quants[segment[0]] = segment[1:65]
			segment = segment[65:]
		}
		return len(segment) == 0
	case markerDRI:
		if len(segment) != 2 {
			return false
		}
		h.restart = int(binary.BigEndian.Uint16(segment))
		return true
	case markerAPP14: // Adobe's: the last byte tells whether colours are YCbCr
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

// scan reads the header of the one scan, which must hold all components.
func (h *header) scan(segment []byte) error {
	count := len(h.components)
	if count == 0 || len(segment) != 1+2*count+3 || int(segment[0]) != count {
		return ErrUnsupported
	}
	for i := range h.components {
		c := &h.components[i]
		if segment[1+2*i] != c.id {
			return ErrUnsupported
		}
		c.dc, c.ac = segment[2+2*i]>>4, segment[2+2*i]&15
		if c.dc > 3 || c.ac > 3 || h.quants[c.quant] == nil ||
			h.huffman[0][c.dc].counts == nil || h.huffman[1][c.ac].counts == nil {
			return ErrUnsupported
		}
	}
	return nil
}
