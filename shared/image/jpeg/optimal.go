package jpeg

import "slices"

// histogram counts the symbols of one Huffman table.
type histogram [256]uint32

// optimal returns the description of the shortest code for the symbols, of which
// there must be one: T.81,
// annex K.2. No code has more than 16 bits, and none is all ones.
func (h *histogram) optimal() spec {
	const reserved = 256 // takes the code of all ones
	var count [257]uint64
	for i, n := range h {
		count[i] = uint64(n)
	}
	count[reserved] = 1
	sizes := codeSizes(&count)

	var lengths [260]int // how many codes there are of each length
	longest := 0
	for _, size := range sizes {
		lengths[size]++
		longest = max(longest, size)
	}
	lengths[0] = 0
	for i := longest; i > 16; i-- { // figure K.3: shorten what is too long
		for lengths[i] > 0 {
			j := i - 2
			for lengths[j] == 0 {
				j--
			}
			lengths[i] -= 2
			lengths[i-1]++
			lengths[j+1] += 2
			lengths[j]--
		}
	}
	last := 16
	for lengths[last] == 0 {
		last--
	}
	lengths[last]-- // the reserved one

	s := spec{counts: make([]byte, 16)}
	for i := range s.counts {
		s.counts[i] = byte(lengths[i+1])
	}
	for i := range h {
		if sizes[i] > 0 {
			s.symbols = append(s.symbols, byte(i))
		}
	}
	slices.SortStableFunc(s.symbols, func(a, b byte) int { return sizes[a] - sizes[b] })
	return s
}

// codeSizes returns the length of each symbol's code: figure K.1, pairing the
// two rarest groups until one is left.
func codeSizes(count *[257]uint64) (sizes [257]int) {
	var next [257]int // the rest of a symbol's group
	for i := range next {
		next[i] = -1
	}
	for {
		a, b := -1, -1 // the rarest, and the second
		for i, n := range count {
			switch {
			case n == 0:
			case a < 0 || n <= count[a]:
				a, b = i, a
			case b < 0 || n <= count[b]:
				b = i
			}
		}
		if b < 0 {
			return sizes
		}
		count[a] += count[b]
		count[b] = 0
		for i := a; ; i = next[i] {
			sizes[i]++
			if next[i] < 0 {
				next[i] = b
				break
			}
		}
		for i := b; i >= 0; i = next[i] {
			sizes[i]++
		}
	}
}

// codes returns the code of each symbol, shifted left by eight, and its length.
func (s spec) codes() (out [256]uint32) {
	code, at := uint32(0), 0
	for length, n := range s.counts {
		for range n {
			out[s.symbols[at]] = code<<8 | uint32(length+1)
			code++
			at++
		}
		code <<= 1
	}
	return out
}
