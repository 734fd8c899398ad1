package jpeg

// tailBits is how many bits of the stream are passed over at once.
const tailBits = 12

// tail describes how to skip coefficients that are not used, several at a
// time. An entry holds, by the next bits of the stream:
//
//	bits 0 to 5   how many bits are passed over
//	bits 8 to 14  how many coefficients; the end of the block counts as one
//	bit 15        that the block ends here
//
// An entry is 0 when not even one coefficient is whole in the bits.
type tail [1 << tailBits]uint16

const tailEnd = 1 << 15

// reach returns how many coefficients of the stream there are up to the last of
// the low rows and columns that are used.
func reach(used int, order *[128]byte) int {
	out := 0
	for k := range 64 {
		if int(order[k]>>3) < used && int(order[k]&7) < used {
			out = k + 1
		}
	}
	return out
}

func newTail(t *table) *tail {
	out := &tail{}
	for i := range out {
		acc := uint64(i) << (64 - tailBits)
		bits, coefficients, end := uint(0), 0, uint16(0)
		for end == 0 {
			symbol, length := t.look(acc)
			length += uint(symbol & 15)
			passed := int(symbol>>4) + 1
			if symbol&15 == 0 && symbol != 0xF0 {
				passed, end = 1, tailEnd
			}
			if length == 0 || bits+length > tailBits || coefficients+passed > 64 {
				end = 0
				break
			}
			bits, coefficients, acc = bits+length, coefficients+passed, acc<<length
		}
		out[i] = uint16(bits) | uint16(coefficients)<<8 | end
	}
	return out
}

// pass passes over the coefficients of a block from the k-th on.
func (c *coder) pass(b *stream, k int) bool {
	data, pos, acc, have := b.data, b.pos, b.acc, b.have
	for k < 64 {
		if have < 32 {
			plain := false
			if pos+8 <= len(data) {
				var word uint64
				if word, plain = eight(data[pos:]); plain {
					acc |= word >> (have & 63)
					n := (63 - have) >> 3
					pos += int(n)
					have += n * 8
				}
			}
			if !plain {
				b.pos, b.acc, b.have = pos, acc, have
				b.fill()
				pos, acc, have = b.pos, b.acc, b.have
			}
		}
		e := c.tail[acc>>(64-tailBits)]
		if n := int(e >> 8 & 127); n > 0 && k+n <= 64 {
			acc <<= e & 63
			have -= uint(e & 63)
			k += n
			if e >= tailEnd {
				break
			}
			continue
		}
		symbol, length := c.ac.look(acc)
		if length == 0 {
			return false
		}
		length += uint(symbol & 15)
		acc <<= length & 63
		have -= length
		if symbol&15 == 0 && symbol != 0xF0 {
			break
		}
		k += int(symbol>>4) + 1
	}
	b.pos, b.acc, b.have = pos, acc, have
	return true
}
