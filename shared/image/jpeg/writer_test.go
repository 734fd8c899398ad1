package jpeg

import (
	"math/bits"
)

// script is a scan that a test writes.
type script struct {
	components  []int
	first, last int
	high, low   int // as in the header of a progressive scan
}

// The usual orders of scans.
func sequential(components int) (out []script) {
	for i := range components {
		out = append(out, script{components: []int{i}, last: 63})
	}
	return out
}

func all(components int) []int { return []int{0, 1, 2}[:components] }

// spectral sends all bits of few coefficients at a time.
func spectral(components int) []script {
	out := []script{{components: all(components)}}
	for i := range components {
		for _, band := range [][2]int{{1, 2}, {3, 20}, {21, 63}} {
			out = append(out, script{components: []int{i}, first: band[0], last: band[1]})
		}
	}
	return out
}

// successive sends the upper bits first, as most writers do.
func successive(components int) []script {
	out := []script{{components: all(components), low: 1}, {components: []int{0}, first: 1, last: 5, low: 2}}
	for i := 1; i < components; i++ {
		out = append(out, script{components: []int{i}, first: 1, last: 63, low: 1})
	}
	out = append(out, script{components: []int{0}, first: 6, last: 63, low: 2}, script{components: []int{0}, first: 1, last: 63, high: 2, low: 1},
		script{components: all(components), high: 1})
	for i := components - 1; i >= 0; i-- {
		out = append(out, script{components: []int{i}, first: 1, last: 63, high: 1})
	}
	return out
}

// writer writes files as other encoders do, for the decoder's tests: of several
// scans, progressive ones too.
type writer struct {
	p       *Image
	e       *encoder
	rows    [3]int // blocks of a component, with those that fill MCUs up
	columns [3]int
	blocks  [3][][64]int16 // in the order of the stream

	restart     int
	emissions   []emission
	run         int // blocks without coefficients
	corrections []emission
}

// emission is a symbol, or bits alone when it is less than 0.
type emission struct {
	table, symbol int
	bits          uint32
	count         int
}

const restartEmission = -2

// write writes an image by a script of scans.
func write(p *Image, quality, restart int, scans []script) []byte {
	w := &writer{p: p, e: newEncoder(p, quality), restart: restart}
	w.transform()
	out := []byte{0xFF, markerSOI}
	for i := range min(len(p.Planes), 2) {
		out = segment(out, markerDQT, append([]byte{byte(i)}, w.e.quantisers[i].steps[:]...))
	}
	frame := len(out)
	out = w.e.frame(out, p)
	if scans[0].first == 0 && scans[0].last == 63 {
		out[frame+1] = markerSOF0
	} else {
		out[frame+1] = markerSOF2
	}
	if restart > 0 {
		out = segment(out, markerDRI, []byte{byte(restart >> 8), byte(restart)})
	}
	for _, s := range scans {
		out = w.scan(out, s, out[frame+1] == markerSOF2)
	}
	return append(out, 0xFF, markerEOI)
}

// transform quantises all blocks.
func (w *writer) transform() {
	h, v, maxH, maxV := sampling(w.p)
	for i := range w.p.Planes {
		w.columns[i], w.rows[i] = ceil(w.p.Width, 8*maxH)*h[i], ceil(w.p.Height, 8*maxV)*v[i]
		for at := range w.columns[i] * w.rows[i] {
			w.e.take(&w.p.Planes[i], at%w.columns[i]*8, at/w.columns[i]*8)
			forward(&w.e.block)
			w.e.quantisers[min(i, 1)].divide(&w.e.block, &w.e.order, &w.e.quantised)
			w.blocks[i] = append(w.blocks[i], w.e.quantised)
		}
	}
}

func (w *writer) scan(out []byte, s script, progressive bool) []byte {
	w.emissions, w.run, w.corrections = nil, 0, nil
	var previous [3]int
	mcus := 0
	begin := func() {
		if w.restart > 0 && mcus > 0 && mcus%w.restart == 0 {
			w.endRun()
			w.emissions = append(w.emissions, emission{symbol: restartEmission})
			previous = [3]int{}
		}
		mcus++
	}
	block := func(i, row, column int) {
		b := &w.blocks[i][row*w.columns[i]+column]
		switch {
		case !progressive:
			w.dc(b, s, &previous[i])
			w.ac(b, script{first: 1, last: 63}, false)
		case s.first == 0:
			w.dc(b, s, &previous[i])
		case s.high == 0:
			w.ac(b, s, true)
		default:
			w.refine(b, s)
		}
	}
	h, v, maxH, maxV := sampling(w.p)
	if len(s.components) == 1 {
		i := s.components[0]
		plane := w.p.Planes[i]
		columns, rows := ceil(plane.Width, 8), ceil(plane.Height, 8)
		for at := range columns * rows {
			begin()
			block(i, at/columns, at%columns)
		}
	} else {
		columns := ceil(w.p.Width, 8*maxH)
		for mcu := range columns * ceil(w.p.Height, 8*maxV) {
			begin()
			for _, i := range s.components {
				for at := range h[i] * v[i] {
					block(i, mcu/columns*v[i]+at/h[i], mcu%columns*h[i]+at%h[i])
				}
			}
		}
	}
	w.endRun()
	return w.encode(out, s)
}

func (w *writer) emit(table, symbol int, bits uint32, count int) {
	w.emissions = append(w.emissions, emission{table, symbol, bits, count})
}

func (w *writer) dc(b *[64]int16, s script, previous *int) {
	value := int(b[0]) >> s.low
	if s.high > 0 {
		w.emit(0, -1, uint32(value&1), 1)
		return
	}
	t := symbol(value-*previous, 0)
	*previous = value
	w.emit(0, int(t&15), uint32(t>>16), int(t&15))
}

// shifted takes the lower bits of a coefficient's size away.
func shifted(v int16, low int) (size int, negative bool) {
	if v < 0 {
		return -int(v) >> low, true
	}
	return int(v) >> low, false
}

func (w *writer) ac(b *[64]int16, s script, runs bool) {
	zeroes := 0
	for k := s.first; k <= s.last; k++ {
		size, negative := shifted(b[k], s.low)
		if size == 0 {
			zeroes++
			continue
		}
		w.endRun()
		for ; zeroes > 15; zeroes -= 16 {
			w.emit(1, 0xF0, 0, 0)
		}
		if negative {
			size = -size
		}
		t := symbol(size, zeroes)
		w.emit(1, int(t&255), uint32(t>>16), int(t&15))
		zeroes = 0
	}
	switch {
	case zeroes > 0 && runs:
		w.addRun(nil)
	case zeroes > 0:
		w.emit(1, 0, 0, 0)
	}
}

// refine follows T.81, figure G.7.
func (w *writer) refine(b *[64]int16, s script) {
	newest := 0
	for k := s.first; k <= s.last; k++ {
		if size, _ := shifted(b[k], s.low); size == 1 {
			newest = k
		}
	}
	zeroes := 0
	var corrections []emission
	for k := s.first; k <= s.last; k++ {
		size, negative := shifted(b[k], s.low)
		if size == 0 {
			zeroes++
			continue
		}
		for ; zeroes > 15 && k <= newest; zeroes -= 16 {
			w.endRun()
			w.emit(1, 0xF0, 0, 0)
			w.emissions = append(w.emissions, corrections...)
			corrections = nil
		}
		if size > 1 {
			corrections = append(corrections, emission{1, -1, uint32(size & 1), 1})
			continue
		}
		w.endRun()
		sign := uint32(1)
		if negative {
			sign = 0
		}
		w.emit(1, zeroes<<4|1, sign, 1)
		w.emissions = append(w.emissions, corrections...)
		corrections, zeroes = nil, 0
	}
	if zeroes > 0 || corrections != nil {
		w.addRun(corrections)
	}
}

func (w *writer) addRun(corrections []emission) {
	w.run++
	w.corrections = append(w.corrections, corrections...)
	if w.run == 1<<15-1 {
		w.endRun()
	}
}

func (w *writer) endRun() {
	if w.run == 0 {
		return
	}
	size := bits.Len(uint(w.run)) - 1
	w.emit(1, size<<4, uint32(w.run-1<<size), size)
	w.emissions = append(w.emissions, w.corrections...)
	w.run, w.corrections = 0, nil
}

// encode writes the tables and the data of a scan.
func (w *writer) encode(out []byte, s script) []byte {
	var histograms [2]histogram
	for _, e := range w.emissions {
		if e.symbol >= 0 {
			histograms[e.table][e.symbol]++
		}
	}
	var codes [2][256]uint32
	for i := range histograms {
		if histograms[i] != (histogram{}) {
			description := histograms[i].optimal()
			codes[i] = description.codes()
			out = segment(out, markerDHT, append(append([]byte{byte(i << 4)}, description.counts...), description.symbols...))
		} else if i == 0 || s.last > 0 { // must be there all the same
			out = segment(out, markerDHT, append([]byte{byte(i << 4), 1}, make([]byte, 16)...))
		}
	}
	header := []byte{byte(len(s.components))}
	for _, i := range s.components {
		header = append(header, byte(i+1), 0)
	}
	out = segment(out, markerSOS, append(header, byte(s.first), byte(s.last), byte(s.high<<4|s.low)))
	return w.data(out, &codes)
}

func (w *writer) data(out []byte, codes *[2][256]uint32) []byte {
	var acc uint64
	have, markers := uint(0), 0
	for _, e := range w.emissions {
		if e.symbol == restartEmission {
			out = append(flush(out, acc, have), 0xFF, byte(markerRST0+markers%8))
			acc, have = 0, 0
			markers++
			continue
		}
		if e.symbol >= 0 {
			code := codes[e.table][e.symbol]
			acc, have = acc<<(code&31)|uint64(code>>8), have+uint(code&31)
		}
		acc, have = acc<<e.count|uint64(e.bits), have+uint(e.count)
		for have >= 8 {
			have -= 8
			out = append(out, byte(acc>>have))
			if byte(acc>>have) == 0xFF {
				out = append(out, 0)
			}
		}
	}
	return flush(out, acc, have)
}
