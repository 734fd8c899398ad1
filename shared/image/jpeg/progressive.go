package jpeg

import "math/bits"

// full decodes all coefficients of a block, as a file that is not progressive
// stores them.
func (p *pass) full(c *coder, b *block, known *uint64) bool {
	last := c.decode(&p.in, b)
	if last > 0 {
		*known = 2 // some
	}
	return last >= 0
}

// beginFirst decodes the upper bits of a block's first coefficient: T.81,
// G.1.2.1.
func (p *pass) beginFirst(c *coder, b *block, _ *uint64) bool {
	size, ok := p.in.symbol(c.dc)
	if !ok {
		return false
	}
	if size > 0 {
		c.previous += extend(p.in.bits(int(size)), int(size))
	}
	b[0] = c.previous * c.multiple[0]
	return true
}

// refineFirst decodes one more bit of it.
func (p *pass) refineFirst(c *coder, b *block, _ *uint64) bool {
	if p.in.bits(1) != 0 {
		b[0] += c.multiple[0]
	}
	return true
}

// begin decodes the upper bits of other coefficients: T.81, G.1.2.2.
func (p *pass) begin(c *coder, b *block, known *uint64) bool {
	if p.skip > 0 {
		p.skip--
		return true
	}
	in := &p.in
	for k := p.first; k <= p.last; k++ {
		if in.have < 32 {
			in.fill()
		}
		e := c.ac.fast[in.acc>>(64-fastBits)]
		if value := int32(e) >> 16; value != 0 {
			in.acc <<= e & 63
			in.have -= uint(e & 63)
			k += int(e >> 12 & 15)
			b[c.order[k&127]&63] = value * c.multiple[k&127]
			*known |= 1 << (k & 63)
			continue
		}
		symbol, ok := in.symbol(c.ac)
		if !ok {
			return false
		}
		run, size := int(symbol>>4), int(symbol&15)
		switch {
		case size > 0:
			k += run
			b[c.order[k&127]&63] = extend(in.bits(size), size) * c.multiple[k&127]
			*known |= 1 << (k & 63)
		case run < 15:
			p.skip = 1<<run - 1 + int(in.bits(run))
			return true
		default:
			k += 15
		}
	}
	return true
}

// refine decodes one more bit of coefficients that are known not to be zero, and
// those whose first bit that is: T.81, G.1.2.3.
func (p *pass) refine(c *coder, b *block, known *uint64) bool {
	in := &p.in
	band := ^uint64(0) >> (63 - p.last)
	k := p.first
	for p.skip == 0 && k <= p.last {
		symbol, ok := in.symbol(c.ac)
		if !ok {
			return false
		}
		run, size := int(symbol>>4), int(symbol&15)
		if size == 0 && run < 15 {
			p.skip = 1<<run + int(in.bits(run))
			break
		}
		negative := size > 0 && in.bits(1) == 0
		zeroes := ^*known & band >> k << k
		for range run {
			zeroes &= zeroes - 1
		}
		at := bits.TrailingZeros64(zeroes) // 64 when damaged data leads behind the last
		p.correct(c, b, *known&band>>k<<k&^(^uint64(0)<<at))
		if size > 0 && at < 64 {
			*known |= 1 << at
			value := c.multiple[at]
			if negative {
				value = -value
			}
			b[c.order[at]&63] = value
		}
		k = at + 1
	}
	if p.skip > 0 {
		p.skip--
		p.correct(c, b, *known&band>>k<<k)
	}
	return true
}

// correct reads a bit for each of the given coefficients, and moves those away
// from zero whose bit is set.
func (p *pass) correct(c *coder, b *block, which uint64) {
	for which != 0 {
		n := min(bits.OnesCount64(which), 32)
		word := p.in.bits(n) << (64 - n)
		for range n {
			if word>>63 != 0 {
				k := bits.TrailingZeros64(which)
				at := c.order[k] & 63
				if b[at] < 0 {
					b[at] -= c.multiple[k]
				} else {
					b[at] += c.multiple[k]
				}
			}
			word <<= 1
			which &= which - 1
		}
	}
}
