package png

import "encoding/binary"

// The filters of the format that are used here: clause 9.2. What a row would
// gain from Paeth's does not pay for its time.
const (
	filterNone = iota
	filterSub
	filterUp
	filterAverage
	filters
)

// pixel is how many bytes one takes: red, green, blue and alpha.
const pixel = 4

// filter turns rows into differences from their neighbours, which compress
// better than the samples do.
type filter struct {
	above, row []byte // with a clear pixel before, and clear bytes up to a multiple of eight after
	width      int    // of a row in bytes
	out        []byte // the kind, and the row
}

func newFilter(width int) *filter {
	room := pixel + (width+7)/8*8
	return &filter{above: make([]byte, room), row: make([]byte, room), width: width, out: make([]byte, 1+room)}
}

// next filters the next row and returns it, with its kind before, until it is
// called again.
func (f *filter) next(row []byte) []byte {
	f.above, f.row = f.row, f.above
	copy(f.row[pixel:], row)
	kind := f.best()
	f.out[0] = byte(kind)
	f.apply(kind, f.out[1:])
	return f.out[:1+f.width]
}

// Eight samples share a word. In lows there is the lowest bit of each, in highs
// the highest.
const (
	lows  = 0x0101010101010101
	highs = 0x8080808080808080
)

// minus subtracts samples, each for itself.
func minus(a, b uint64) uint64 {
	return ((a | highs) - (b &^ highs)) ^ ((a ^ ^b) & highs)
}

// mean is the mean of samples, rounded down.
func mean(a, b uint64) uint64 {
	return (a & b) + (a^b)>>1&^highs
}

// best finds the filter with the smallest differences in all, as the format
// recommends: clause 12.8.
func (f *filter) best() int {
	var sums [filters]uint64
	const stretch = 8 * 64 // as many samples as sums of 16 bits hold for certain
	for from := 0; from < f.width; from += stretch {
		var none, sub, up, average uint64
		for at := from; at < min(from+stretch, f.width); at += 8 {
			x, left, above := f.load(at)
			none += sizes(x)
			sub += sizes(minus(x, left))
			up += sizes(minus(x, above))
			average += sizes(minus(x, mean(left, above)))
		}
		for kind, four := range [filters]uint64{none, sub, up, average} {
			sums[kind] += four&0xFFFF + four>>16&0xFFFF + four>>32&0xFFFF + four>>48
		}
	}
	best := filterNone
	for kind, sum := range sums {
		if sum < sums[best] {
			best = kind
		}
	}
	return best
}

// sizes takes differences as signed numbers and adds their sizes up to four
// sums of 16 bits.
func sizes(v uint64) uint64 {
	negative := v >> 7 & lows
	v = v ^ negative*0xFF + negative
	const even = 0x00FF00FF00FF00FF
	return v&even + v>>8&even
}

// load returns eight samples, those of the pixel to the left of each, and those
// above.
func (f *filter) load(at int) (x, left, up uint64) {
	row := f.row[at : at+pixel+8]
	return binary.LittleEndian.Uint64(row[pixel:]), binary.LittleEndian.Uint64(row), binary.LittleEndian.Uint64(f.above[at+pixel:])
}

func (f *filter) apply(kind int, out []byte) {
	for at := 0; at < f.width; at += 8 {
		x, left, up := f.load(at)
		switch kind {
		case filterSub:
			x = minus(x, left)
		case filterUp:
			x = minus(x, up)
		case filterAverage:
			x = minus(x, mean(left, up))
		}
		binary.LittleEndian.PutUint64(out[at:], x)
	}
}
