package jpeg

import "encoding/binary"

// fastBits is how many bits of the stream are looked up at once. Nearly all
// codes are shorter, most of them together with the value that follows.
const fastBits = 10

// table decodes the symbols of one Huffman table. An entry of fast holds, by
// the next bits of the stream:
//
//	bits 0 to 5    how many bits the code takes, with those of the value if that is here too
//	bits 8 to 15   the symbol: a run of zeroes and the size of the value
//	bits 16 to 31  the value, which is never 0; 0 when it is not here
//
// An entry is 0 when the code is longer, or is none.
type table struct {
	fast    [1 << fastBits]uint32
	limit   [17]uint32 // by length: the 16 bits after the last code of it
	offset  [17]int    // by length: index of a symbol, less its code
	symbols []byte
}

// newTable builds the table of a description: T.81, annex C. Codes that do not
// fit their length make it nil. Symbols of more than maxSize bits do too, when
// the symbol is a size alone.
func newTable(s spec, dc bool) *table {
	t := &table{symbols: s.symbols}
	code, at := 0, 0
	for length := 1; length <= 16; length++ {
		n := int(s.counts[length-1])
		t.offset[length] = at - code
		for range n {
			symbol := s.symbols[at]
			if dc && symbol > 15 {
				return nil
			}
			if length <= fastBits {
				t.enter(code, length, symbol)
			}
			code++
			at++
		}
		if code > 1<<length {
			return nil
		}
		t.limit[length] = uint32(code) << (16 - length)
		code <<= 1
	}
	return t
}

// enter fills the entries of all bit patterns that begin with a code.
func (t *table) enter(code, length int, symbol byte) {
	spare := fastBits - length
	size := int(symbol & 15)
	first := code << spare
	if first+1<<spare > len(t.fast) {
		return // an impossible code, which newTable refuses
	}
	for i := range 1 << spare {
		entry := uint32(length) | uint32(symbol)<<8
		if size > 0 && size <= spare {
			value := extend(uint64(i)>>(spare-size), size)
			entry = uint32(length+size) | uint32(symbol)<<8 | uint32(value)<<16
		}
		t.fast[first+i] = entry
	}
}

// extend makes a value of its size and bits: T.81, figure F.12.
func extend(bits uint64, size int) int32 {
	v := int32(bits)
	if v>>(size-1)&1 == 0 {
		v -= 1<<size - 1
	}
	return v
}

// slow decodes a code of more than fastBits bits at the top of acc. A length of
// 0 means that there is no such code.
func (t *table) slow(acc uint64) (symbol byte, length uint) {
	next := uint32(acc >> 48)
	for l := fastBits + 1; l <= 16; l++ {
		if next < t.limit[l] {
			if at := t.offset[l] + int(next>>(16-l)); uint(at) < uint(len(t.symbols)) {
				return t.symbols[at], uint(l)
			}
			return 0, 0
		}
	}
	return 0, 0
}

// look decodes the code at the top of acc. A length of 0 means that there is no
// such code.
func (t *table) look(acc uint64) (symbol byte, length uint) {
	e := t.fast[acc>>(64-fastBits)]
	if e == 0 {
		return t.slow(acc)
	}
	symbol, length = byte(e>>8), uint(e&63)
	if e>>16 != 0 {
		length -= uint(symbol & 15)
	}
	return symbol, length
}

// stream reads the compressed data. The next bit is the highest of acc; below the
// have bits that are certain there may be some that will be read again.
type stream struct {
	data []byte
	pos  int
	acc  uint64
	have uint
	pad  uint // zero bits that were put in after the end
}

// fill takes bytes until at least 57 bits are there. At a marker, or the end,
// it continues with zeroes.
func (b *stream) fill() {
	for b.have <= 56 {
		var c byte
		switch {
		case b.pos < len(b.data) && b.data[b.pos] != 0xFF:
			c = b.data[b.pos]
			b.pos++
		case b.pos+1 < len(b.data) && b.data[b.pos+1] == 0:
			c = 0xFF
			b.pos += 2
		default:
			b.pad += 8
		}
		b.acc |= uint64(c) << (56 - b.have)
		b.have += 8
	}
}

// exhausted reports that more bits were read than there were.
func (b *stream) exhausted() bool { return b.pad > b.have }

// eight returns the next eight bytes and whether none of them may be 0xFF.
func eight(data []byte) (word uint64, plain bool) {
	word = binary.BigEndian.Uint64(data)
	return word, word & ^(word+0x0101010101010101) & 0x8080808080808080 == 0
}

// failure is what it means that there is no code for the next bits.
func (b *stream) failure() error {
	if b.pad > 0 { // the data ends here
		return ErrTruncated
	}
	return ErrCorrupt
}

// restart goes to the restart marker of the given number, which must be the next
// one.
func (b *stream) restart(number int) error {
	b.acc, b.have, b.pad = 0, 0, 0
	for ; b.pos+1 < len(b.data); b.pos++ {
		if b.data[b.pos] != 0xFF || b.data[b.pos+1] == 0 || b.data[b.pos+1] == 0xFF {
			continue
		}
		switch int(b.data[b.pos+1]) {
		case markerRST0 + number%8:
			b.pos += 2
			return nil
		case markerEOI:
			return ErrTruncated
		default:
			return ErrCorrupt
		}
	}
	return ErrTruncated
}

// bits takes up to 32 bits.
func (b *stream) bits(n int) uint64 {
	if b.have < uint(n) {
		b.fill()
	}
	v := b.acc >> 32 >> (32 - uint(n)&63)
	b.acc <<= uint(n) & 63
	b.have -= uint(n)
	return v
}

// symbol decodes a Huffman code. ok is false when there is none.
func (b *stream) symbol(t *table) (symbol byte, ok bool) {
	if b.have < 16 {
		b.fill()
	}
	symbol, length := t.look(b.acc)
	if length == 0 {
		return 0, false
	}
	b.acc <<= length & 63
	b.have -= length
	return symbol, true
}
