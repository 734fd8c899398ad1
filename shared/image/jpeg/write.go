package jpeg

import "encoding/binary"

// write writes the file.
func (e *encoder) write(p *Image, size int) []byte {
	out := make([]byte, 0, size+1024)
	out = append(out, 0xFF, markerSOI)
	for i := range min(len(p.Planes), 2) {
		out = segment(out, markerDQT, append([]byte{byte(i)}, e.quantisers[i].steps[:]...))
	}
	out = e.frame(out, p)
	var codes [4 * 256]uint32
	for i := range 2 * min(len(p.Planes), 2) {
		s := e.histograms[i].optimal()
		ofTable := s.codes()
		copy(codes[256*i:], ofTable[:])
		kind := byte(i%2<<4 | i/2)
		out = segment(out, markerDHT, append(append([]byte{kind}, s.counts...), s.symbols...))
	}
	if e.restart > 0 {
		out = segment(out, markerDRI, []byte{byte(e.restart >> 8), byte(e.restart)})
	}
	scan := []byte{byte(len(p.Planes))}
	for i := range p.Planes {
		scan = append(scan, byte(i+1), byte(min(i, 1)*0x11))
	}
	out = segment(out, markerSOS, append(scan, 0, 63, 0))
	out = body(out, e.tokens, &codes)
	return append(out, 0xFF, markerEOI)
}

func (e *encoder) frame(out []byte, p *Image) []byte {
	h, v, _, _ := sampling(p)
	body := []byte{8, byte(p.Height >> 8), byte(p.Height), byte(p.Width >> 8), byte(p.Width), byte(len(p.Planes))}
	for i := range p.Planes {
		body = append(body, byte(i+1), byte(h[i]<<4|v[i]), byte(min(i, 1)))
	}
	return segment(out, markerSOF0, body)
}

// body writes the tokens in their codes, which are given by table and symbol.
func body(out []byte, tokens []token, codes *[4 * 256]uint32) []byte {
	var acc uint64 // its low bits are to be written
	have, markers := uint(0), 0
	for _, t := range tokens {
		if t == restartToken {
			out, have, acc = flush(out, acc, have), 0, 0
			out = append(out, 0xFF, byte(markerRST0+markers%8))
			markers++
			continue
		}
		code, size := codes[t&0x3FF], uint(t&15)
		acc = acc<<(code&31) | uint64(code>>8)
		acc = acc<<size | uint64(t>>16)
		have += uint(code&31) + size
		if have >= 32 {
			have -= 32
			word := uint32(acc >> (have & 63))
			if word & ^(word+0x01010101) & 0x80808080 == 0 { // no byte is 0xFF
				out = binary.BigEndian.AppendUint32(out, word)
			} else {
				out = stuffed(out, word)
			}
		}
	}
	return flush(out, acc, have)
}

// stuffed writes four bytes, with a zero after each that looks like a marker.
func stuffed(out []byte, word uint32) []byte {
	for shift := 24; shift >= 0; shift -= 8 {
		b := byte(word >> shift)
		out = append(out, b)
		if b == 0xFF {
			out = append(out, 0)
		}
	}
	return out
}

// flush writes what is left, filled up with ones.
func flush(out []byte, acc uint64, have uint) []byte {
	for have > 0 {
		if have < 8 {
			acc = acc<<(8-have) | (1<<(8-have) - 1)
			have = 8
		}
		have -= 8
		b := byte(acc >> have)
		out = append(out, b)
		if b == 0xFF {
			out = append(out, 0)
		}
	}
	return out
}
