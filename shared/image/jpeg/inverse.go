package jpeg

import "encoding/binary"

// An inverse transform writes the samples of a block to the plane, whose rows
// are stride apart. flat says that only the first coefficient is not zero.
//
// Smaller transforms give smaller images: the low 4 by 4 coefficients are
// those of the image at half the size, 2 by 2 of a quarter, and the first
// alone is the mean of the block.
type inverse func(b *block, flat bool, to []byte, stride int)

// inverseOf returns the transform that shrinks an image by 1, 2, 4 or 8.
func inverseOf(scale int) inverse {
	switch scale {
	case 1:
		return inverse8
	case 2:
		return inverse4
	case 4:
		return inverse2
	default:
		return inverse1
	}
}

// The transform of 8 has the scale factors of its paper multiplied into the
// quantisation, and the values carry a fraction of this many bits.
const fraction = 12

// multiples returns what coefficients are multiplied by: the quantisation, and
// for the transform of 8 its scale factors too.
func multiples(quant []byte, scale int, order *[128]byte) *[128]int32 {
	out := &[128]int32{}
	for k := range out {
		q := float64(quant[min(k, 63)])
		if scale == 1 {
			at := order[k]
			q *= scaleFactor(int(at>>3)) * scaleFactor(int(at&7)) * (1 << fraction / 8)
		}
		out[k] = int32(q + 0.5)
	}
	return out
}

func clamp(v int) byte {
	if uint(v) > 255 {
		return byte(^v >> 63) // 0 below, 255 above
	}
	return byte(v)
}

// fill writes one value to size by size samples.
func fill(to []byte, stride, size int, value byte) {
	word := uint64(value) * 0x0101010101010101
	for range size {
		switch size {
		case 8:
			binary.LittleEndian.PutUint64(to, word)
		case 4:
			binary.LittleEndian.PutUint32(to, uint32(word))
		default:
			to[0], to[1] = value, value
		}
		to = to[min(stride, len(to)):]
	}
}

// The constants of the transforms of 8, as fixed-point numbers of 14 bits.
const (
	fixed = 14
	c0707 = 11585 // cos 4π/16
	c1414 = 23170 // 2 cos 4π/16
	c1847 = 30274 // 2 cos 2π/16
	c1082 = 17734 // 2 (cos 2π/16 - cos 6π/16)
	c2613 = 42813 // 2 (cos 2π/16 + cos 6π/16)
	c0382 = 6270  // cos 6π/16
	c0541 = 8867  // cos 2π/16 - cos 6π/16
	c1306 = 21407 // cos 2π/16 + cos 6π/16
)

// inverse8 is the transform of Arai, Agui and Nakajima: five multiplications
// for eight values.
func inverse8(b *block, flat bool, to []byte, stride int) {
	const half = 1 << (fraction - 1)
	if flat {
		fill(to, stride, 8, clamp((int(b[0])+half)>>fraction+128))
		return
	}
	for x := range 8 {
		if b[x+8]|b[x+16]|b[x+24]|b[x+32]|b[x+40]|b[x+48]|b[x+56] == 0 {
			for y := x + 8; y < 64; y += 8 {
				b[y] = b[x]
			}
			continue
		}
		r0, r1, r2, r3, r4, r5, r6, r7 := eightPoints(int(b[x]), int(b[x+8]), int(b[x+16]), int(b[x+24]),
			int(b[x+32]), int(b[x+40]), int(b[x+48]), int(b[x+56]))
		b[x], b[x+8], b[x+16], b[x+24] = int32(r0), int32(r1), int32(r2), int32(r3)
		b[x+32], b[x+40], b[x+48], b[x+56] = int32(r4), int32(r5), int32(r6), int32(r7)
	}
	const round = 128<<fraction + half
	for y := range 8 {
		s := b[8*y : 8*y+8 : 8*y+8]
		r0, r1, r2, r3, r4, r5, r6, r7 := eightPoints(int(s[0])+round, int(s[1]), int(s[2]), int(s[3]),
			int(s[4]), int(s[5]), int(s[6]), int(s[7]))
		d := to[y*stride:][:8:8]
		d[0], d[1], d[2], d[3] = clamp(r0>>fraction), clamp(r1>>fraction), clamp(r2>>fraction), clamp(r3>>fraction)
		d[4], d[5], d[6], d[7] = clamp(r4>>fraction), clamp(r5>>fraction), clamp(r6>>fraction), clamp(r7>>fraction)
	}
}

func eightPoints(x0, x1, x2, x3, x4, x5, x6, x7 int) (r0, r1, r2, r3, r4, r5, r6, r7 int) {
	a, s := x0+x4, x0-x4
	p := x2 + x6
	q := (x2-x6)*c1414>>fixed - p
	e0, e3, e1, e2 := a+p, a-p, s+q, s-q

	m, n := x5+x3, x5-x3
	u, v := x1+x7, x1-x7
	o0 := u + m
	z := (n + v) * c1847 >> fixed
	o1 := z - n*c2613>>fixed - o0
	o2 := (u-m)*c1414>>fixed - o1
	o3 := z - v*c1082>>fixed - o2
	return e0 + o0, e1 + o1, e2 + o2, e3 + o3, e3 - o3, e2 - o2, e1 - o1, e0 - o0
}

// inverse4 gives 4 by 4 samples of the low 4 by 4 coefficients. The constants
// are cosines over √2, of 13 bits.
func inverse4(b *block, flat bool, to []byte, stride int) {
	if flat {
		fill(to, stride, 4, clamp((int(b[0])+4)>>3+128))
		return
	}
	const half, cos1, cos3 = 4096, 5352, 2217
	const keep, rest = 10, 17 // bits that are dropped after columns and rows
	var t [16]int
	for x := range 4 {
		x0, x1, x2, x3 := int(b[x]), int(b[8+x]), int(b[16+x]), int(b[24+x])
		e0, e1 := (x0+x2)*half+1<<(keep-1), (x0-x2)*half+1<<(keep-1)
		o0, o1 := x1*cos1+x3*cos3, x1*cos3-x3*cos1
		t[x], t[4+x], t[8+x], t[12+x] = (e0+o0)>>keep, (e1+o1)>>keep, (e1-o1)>>keep, (e0-o0)>>keep
	}
	const round = 128<<rest + 1<<(rest-1)
	for y := range 4 {
		x0, x1, x2, x3 := t[4*y], t[4*y+1], t[4*y+2], t[4*y+3]
		e0, e1 := (x0+x2)*half+round, (x0-x2)*half+round
		o0, o1 := x1*cos1+x3*cos3, x1*cos3-x3*cos1
		d := to[y*stride:][:4:4]
		d[0], d[1], d[2], d[3] = clamp((e0+o0)>>rest), clamp((e1+o1)>>rest), clamp((e1-o1)>>rest), clamp((e0-o0)>>rest)
	}
}

// inverse2 gives 2 by 2 samples of the low 2 by 2 coefficients.
func inverse2(b *block, _ bool, to []byte, stride int) {
	const round = 128<<3 + 4
	a, h, v, d := int(b[0])+round, int(b[1]), int(b[8]), int(b[9])
	to[0], to[1] = clamp((a+h+v+d)>>3), clamp((a-h+v-d)>>3)
	below := to[stride:][:2:2]
	below[0], below[1] = clamp((a+h-v-d)>>3), clamp((a-h-v+d)>>3)
}

// inverse1 gives the mean of the block.
func inverse1(b *block, _ bool, to []byte, _ int) {
	to[0] = clamp((int(b[0])+4)>>3 + 128)
}
