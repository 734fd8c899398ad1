package jpeg

// block is the 64 coefficients of 8 by 8 samples, by rows.
type block [64]int32

// natural is where the coefficients lie in a block, in the order of the stream:
// T.81, figure A.6. A run may lead behind the last one; such values, which only
// damaged files hold, overwrite the last.
func natural() (order [128]byte) {
	at, up := 0, true
	for x, y := 0, 0; at < 64; at++ {
		order[at] = byte(8*y + x)
		switch {
		case up && x == 7:
			y, up = y+1, false
		case up && y == 0:
			x, up = x+1, false
		case up:
			x, y = x+1, y-1
		case y == 7:
			x, up = x+1, true
		case x == 0:
			y, up = y+1, true
		default:
			x, y = x-1, y+1
		}
	}
	for ; at < len(order); at++ {
		order[at] = 63
	}
	return order
}

// coder decodes the blocks of one component.
type coder struct {
	dc, ac   *table
	order    *[128]byte
	multiple *[128]int32 // what a coefficient is multiplied by, in the order of the stream
	previous int32       // of the first coefficients, which are stored as differences
	used     int         // how many rows and columns of a block the transform reads
	reach    int         // how many coefficients of the stream those take
	tail     *tail       // to pass over what comes behind them
}

// coder returns what decodes a component of a scan, whose coefficients lack the
// given number of low bits. ok is false when a table is impossible.
func (d *decoder) coder(p part, low int) (c coder, ok bool) {
	l := &d.lanes[p.component]
	c = coder{order: &d.order, multiple: l.multiple, used: l.size, reach: reach(l.size, &d.order)}
	if low > 0 {
		c.multiple = &[128]int32{}
		for k, m := range l.multiple {
			c.multiple[k] = m << low
		}
	}
	if p.dc.counts != nil {
		if c.dc = newTable(p.dc, true); c.dc == nil {
			return c, false
		}
	}
	if p.ac.counts != nil {
		if c.ac = newTable(p.ac, false); c.ac == nil {
			return c, false
		}
		if c.reach < 64 && !d.header.progressive {
			c.tail = newTail(c.ac)
		}
	}
	return c, true
}

// decode reads the coefficients of a block: T.81, F.2.2. It returns the place
// of the last one in the order of the stream, less than 0 when the data is not
// valid. The state of the reader is kept in locals on purpose: this is where
// most of the time goes.
func (c *coder) decode(b *stream, out *block) int {
	for y := 0; y < 8*c.used; y += 8 {
		clear(out[y : y+c.used])
	}
	if b.have < 32 {
		b.fill()
	}
	symbol, length := c.dc.look(b.acc)
	if length == 0 {
		return -1
	}
	b.acc <<= length & 63
	b.have -= length
	if size := uint(symbol); size > 0 {
		c.previous += extend(b.acc>>(64-size), int(size))
		b.acc <<= size & 63
		b.have -= size
	}
	out[0] = c.previous * c.multiple[0]
	return c.rest(b, out)
}

// rest reads all coefficients but the first, and keeps those within reach.
func (c *coder) rest(b *stream, out *block) int {
	data, pos, acc, have := b.data, b.pos, b.acc, b.have
	fast, order, multiple := &c.ac.fast, c.order, c.multiple
	k, last := 1, 0
	reach := c.reach
	for k < reach {
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
		e := fast[acc>>(64-fastBits)]
		if value := int32(e) >> 16; value != 0 {
			acc <<= e & 63
			have -= uint(e & 63)
			k += int(e >> 12 & 15)
			out[order[k&127]&63] = value * multiple[k&127]
			last = k
			k++
			continue
		}
		symbol, length := byte(e>>8), uint(e&63)
		if e == 0 {
			if symbol, length = c.ac.slow(acc); length == 0 {
				return -1
			}
		}
		acc <<= length & 63
		have -= length
		size := uint(symbol & 15)
		if size == 0 {
			if symbol != 0xF0 { // the rest is zero
				b.pos, b.acc, b.have = pos, acc, have
				return min(last, 63)
			}
			k += 16
			continue
		}
		k += int(symbol >> 4)
		out[order[k&127]&63] = extend(acc>>((64-size)&63), int(size)) * multiple[k&127]
		acc <<= size & 63
		have -= size
		last = k
		k++
	}
	b.pos, b.acc, b.have = pos, acc, have
	if k < 64 && !c.pass(b, k) {
		return -1
	}
	return min(last, 63)
}
