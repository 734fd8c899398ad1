package jpeg

import "math"

// scaleFactor is what the transform of Arai, Agui and Nakajima leaves out at a
// frequency, relative to the lowest.
func scaleFactor(frequency int) float64 {
	if frequency == 0 {
		return 1
	}
	return math.Sqrt2 * math.Cos(float64(frequency)*math.Pi/16)
}

// forward is the transform of Arai, Agui and Nakajima, on values with extra
// bits of fraction; its scale factors are left to the quantisation.
func forward(b *block) {
	for y := 0; y < 64; y += 8 {
		s := b[y : y+8 : y+8]
		r0, r1, r2, r3, r4, r5, r6, r7 := forwardPoints(int(s[0]), int(s[1]), int(s[2]), int(s[3]),
			int(s[4]), int(s[5]), int(s[6]), int(s[7]))
		s[0], s[1], s[2], s[3] = int32(r0), int32(r1), int32(r2), int32(r3)
		s[4], s[5], s[6], s[7] = int32(r4), int32(r5), int32(r6), int32(r7)
	}
	for x := range 8 {
		r0, r1, r2, r3, r4, r5, r6, r7 := forwardPoints(int(b[x]), int(b[x+8]), int(b[x+16]), int(b[x+24]),
			int(b[x+32]), int(b[x+40]), int(b[x+48]), int(b[x+56]))
		b[x], b[x+8], b[x+16], b[x+24] = int32(r0), int32(r1), int32(r2), int32(r3)
		b[x+32], b[x+40], b[x+48], b[x+56] = int32(r4), int32(r5), int32(r6), int32(r7)
	}
}

func forwardPoints(x0, x1, x2, x3, x4, x5, x6, x7 int) (r0, r1, r2, r3, r4, r5, r6, r7 int) {
	a0, d0 := x0+x7, x0-x7
	a1, d1 := x1+x6, x1-x6
	a2, d2 := x2+x5, x2-x5
	a3, d3 := x3+x4, x3-x4

	s0, t0 := a0+a3, a0-a3
	s1, t1 := a1+a2, a1-a2
	z := (t1 + t0) * c0707 >> fixed
	r0, r4, r2, r6 = s0+s1, s0-s1, t0+z, t0-z

	u, v, w := d3+d2, d2+d1, d1+d0
	k := (u - w) * c0382 >> fixed
	p := u*c0541>>fixed + k
	q := w*c1306>>fixed + k
	m := v * c0707 >> fixed
	e, f := d0+m, d0-m
	return r0, e + q, r2, f - p, r4, f + p, r6, e - q
}

// sampleFraction is how many bits of fraction samples get before the transform.
const sampleFraction = 4

// quantiser divides the coefficients of one component.
type quantiser struct {
	steps      [64]byte   // in the order of the stream, for the file's header
	reciprocal [64]uint64 // of what to divide by, in that order, of 32 bits
}

// newQuantiser returns the tables of T.81, annex K.1, scaled to a quality of 1
// to 100 as is usual since the first public implementation.
func newQuantiser(example [64]byte, quality int, order *[128]byte) *quantiser {
	percent := 200 - 2*quality
	if quality < 50 {
		percent = 5000 / quality
	}
	q := &quantiser{}
	for k := range 64 {
		at := order[k]
		q.steps[k] = byte(min(max((int(example[at])*percent+50)/100, 1), 255))
		divisor := float64(q.steps[k]) * scaleFactor(int(at>>3)) * scaleFactor(int(at&7)) * 8 * (1 << sampleFraction)
		q.reciprocal[k] = uint64(float64(1<<32)/divisor + 0.5)
	}
	return q
}

// divide writes the quantised coefficients in the order of the stream, and
// returns which of them are not zero, a bit each.
func (q *quantiser) divide(b *block, order *[128]byte, out *[64]int16) (mask uint64) {
	for k := range 64 {
		v := int64(b[order[k]&63])
		sign := v >> 63
		n := (uint64((v^sign)-sign)*q.reciprocal[k] + 1<<31) >> 32
		mask |= (-n >> 63) << (k & 63)
		out[k] = int16((int64(n) ^ sign) - sign)
	}
	return mask
}
