package jpeg

import (
	"context"
	"encoding/binary"
	"math/bits"
	"slices"
)

// The quantisation of T.81, annex K.1, by rows.
var lumaExample = [64]byte{
	16, 11, 10, 16, 24, 40, 51, 61,
	12, 12, 14, 19, 26, 58, 60, 55,
	14, 13, 16, 24, 40, 57, 69, 56,
	14, 17, 22, 29, 51, 87, 80, 62,
	18, 22, 37, 56, 68, 109, 103, 77,
	24, 35, 55, 64, 81, 104, 113, 92,
	49, 64, 78, 87, 103, 121, 120, 101,
	72, 92, 95, 98, 112, 100, 103, 99,
}

var chromaExample = [64]byte{
	17, 18, 24, 47, 99, 99, 99, 99,
	18, 21, 26, 66, 99, 99, 99, 99,
	24, 26, 56, 99, 99, 99, 99, 99,
	47, 66, 99, 99, 99, 99, 99, 99,
	99, 99, 99, 99, 99, 99, 99, 99,
	99, 99, 99, 99, 99, 99, 99, 99,
	99, 99, 99, 99, 99, 99, 99, 99,
	99, 99, 99, 99, 99, 99, 99, 99,
}

// Encode encodes an image as a baseline JPEG of the given quality, 1 to 100, in
// the sampling of its planes. The file holds no metadata but the ICC profile,
// which may be nil. It goes through the image twice: once to count symbols,
// while its rows are still coming, and once to write them in the codes that are
// the shortest for it. The error is that of the image, or the context's.
func Encode(ctx context.Context, p *Image, quality int, profile []byte) ([]byte, error) {
	return encode(ctx, p, quality, profile, 0)
}

func encode(ctx context.Context, p *Image, quality int, profile []byte, restart int) ([]byte, error) {
	e := newEncoder(p, quality)
	e.restart = restart
	if err := e.count(ctx, p); err != nil {
		return nil, err
	}
	size := len(e.tokens) // about a byte a token
	return WithProfile(e.write(p, size), profile), nil
}

// WithProfile inserts an ICC profile, of less than 64 KiB, as the first segment
// of a JPEG file. Without a profile it returns the file as it is.
func WithProfile(file, profile []byte) []byte {
	if len(profile) == 0 {
		return file
	}
	body := append([]byte("ICC_PROFILE\x00\x01\x01"), profile...)
	return slices.Insert(file, 2, segment(nil, markerAPP2, body)...)
}

func segment(to []byte, marker byte, body []byte) []byte {
	to = binary.BigEndian.AppendUint16(append(to, 0xFF, marker), uint16(len(body)+2))
	return append(to, body...)
}

// A token is a symbol with its bits, before it is known how symbols are coded:
//
//	bits 0 to 7    the symbol, whose low four bits are the number of bits that follow
//	bits 8 and 9   the table: 0 and 1 for brightness, 2 and 3 for colour; first coefficients and others
//	bits 16 to 31  the bits that follow
type token uint32

// restartToken separates the stretches between restart markers.
const restartToken = 1 << 10

type encoder struct {
	order      [128]byte
	quantisers [2]*quantiser
	histograms [4]histogram
	previous   [3]int
	tokens     []token
	restart    int // MCUs between markers, 0 for none
	block      block
	quantised  [64]int16
}

func newEncoder(p *Image, quality int) *encoder {
	e := &encoder{order: natural()}
	e.quantisers[0] = newQuantiser(lumaExample, quality, &e.order)
	e.quantisers[1] = newQuantiser(chromaExample, quality, &e.order)
	e.tokens = make([]token, 0, ceil(p.Width, 8)*ceil(p.Height, 8)*16)
	return e
}

// sampling returns the sampling factors of each plane.
func sampling(p *Image) (h, v [3]int, maxH, maxV int) {
	for _, plane := range p.Planes {
		maxH, maxV = max(maxH, plane.StepX), max(maxV, plane.StepY)
	}
	for i, plane := range p.Planes {
		h[i], v[i] = maxH/plane.StepX, maxV/plane.StepY
	}
	return h, v, maxH, maxV
}

// count transforms the image, and makes and counts the tokens.
func (e *encoder) count(ctx context.Context, p *Image) error {
	_, _, maxH, maxV := sampling(p)
	columns, rows := ceil(p.Width, 8*maxH), ceil(p.Height, 8*maxV)
	for row := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := p.await((row + 1) * 8 * maxV); err != nil {
			return err
		}
		e.row(p, row, columns)
	}
	return nil
}

// row makes the tokens of a row of MCUs.
func (e *encoder) row(p *Image, row, columns int) {
	h, v, _, _ := sampling(p)
	for column := range columns {
		if mcu := row*columns + column; e.restart > 0 && mcu > 0 && mcu%e.restart == 0 {
			e.tokens = append(e.tokens, restartToken)
			e.previous = [3]int{}
		}
		for i := range p.Planes {
			for y := range v[i] {
				for x := range h[i] {
					e.take(&p.Planes[i], 8*(column*h[i]+x), 8*(row*v[i]+y))
					e.tokenise(i)
				}
			}
		}
	}
}

// take fills the block from a plane. Beyond the plane its last samples are
// repeated, which costs the fewest bits.
func (e *encoder) take(p *Plane, left, top int) {
	const middle = 128 << sampleFraction
	for y := range 8 {
		line := p.Pix[min(top+y, p.Height-1)*p.Stride:][:p.Width]
		to := e.block[8*y : 8*y+8 : 8*y+8]
		if left+8 <= len(line) {
			from := line[left : left+8 : left+8]
			for x := range to {
				to[x] = int32(from[x])<<sampleFraction - middle
			}
			continue
		}
		for x := range to {
			to[x] = int32(line[min(left+x, p.Width-1)])<<sampleFraction - middle
		}
	}
}

// tokenise makes the tokens of the block, of the given component: T.81, F.1.2.
func (e *encoder) tokenise(component int) {
	colour := min(component, 1)
	forward(&e.block)
	mask := e.quantisers[colour].divide(&e.block, &e.order, &e.quantised)
	first, others := &e.histograms[2*colour], &e.histograms[2*colour+1]
	table := token(2*colour) << 8

	value := int(e.quantised[0])
	t := symbol(value-e.previous[component], 0)
	e.previous[component] = value
	first[t&255]++
	tokens := append(e.tokens, t|table)
	table |= 1 << 8
	last := 0
	for mask &^= 1; mask != 0; mask &= mask - 1 {
		k := bits.TrailingZeros64(mask)
		run := k - last - 1
		for ; run > 15; run -= 16 {
			others[0xF0]++
			tokens = append(tokens, 0xF0|table)
		}
		t := symbol(int(e.quantised[k&63]), run)
		others[t&255]++
		tokens = append(tokens, t|table)
		last = k
	}
	if last < 63 {
		others[0]++
		tokens = append(tokens, table) // the rest is zero
	}
	e.tokens = tokens
}

// symbol returns the token of a value after a run of zeroes, without its table.
func symbol(value, run int) token {
	sign := value >> 63
	size := bits.Len(uint((value ^ sign) - sign))
	low := uint32(value+sign) & (1<<size - 1) // of a negative value, less one
	return token(low<<16 | uint32(run<<4|size))
}
