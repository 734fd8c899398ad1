package jpeg

import "encoding/binary"

// job makes one plane of another.
type job struct {
	from, to      Plane
	rows, columns taps
	flip          bool // rows are made from the last to the first
	copies        bool // nothing changes

	window   [][]int64 // old rows, in words, the n-th at n modulo their number
	held     []int     // which they are
	one, two []int64   // a row of the new height and the old width, in words
	pairs    []int64   // both, in the halves of a word
	taken    [][]int64 // of the window, for the row that is made
}

// Two signed numbers of 32 bits share a word, as their sum with the upper one
// shifted: adding words and multiplying them by a weight does so to both. Of
// eight samples, the i-th word holds the i-th and the one four behind.
const halves = 0x000000FF000000FF

// Between the two directions numbers keep this many bits of fraction, and are
// not clamped: what overshoots the range of a sample may come back into it.
const between = 5

// apart returns the two numbers of a word.
func apart(word int64) (low, high int64) {
	low = int64(int32(word))
	return low, (word - low) >> 32
}

func (j *job) prepare() {
	if j.copies {
		return
	}
	words := ceil(j.from.Width, 8) * 4
	j.one, j.two = make([]int64, words), make([]int64, words)
	j.pairs = make([]int64, j.from.Stride+j.columns.padded)
	j.window, j.held = make([][]int64, j.rows.padded), make([]int, j.rows.padded)
	for i := range j.window {
		j.window[i], j.held[i] = make([]int64, words), -1
	}
}

// place is the row that is made as the n-th, so that old rows are needed in the
// order in which they come.
func (j *job) place(n int) int {
	if j.flip {
		return j.to.Height - 1 - n
	}
	return n
}

// needs is how many old rows the n-th row needs to be there.
func (j *job) needs(n int) int {
	row := j.place(n)
	return j.rows.starts[row] + j.rows.counts[row]
}

// pair makes two rows at once, which may be the same.
func (j *job) pair(n, m int) {
	a, b := j.place(n), j.place(m)
	if j.copies {
		for _, row := range [2]int{a, b} {
			copy(j.to.Pix[row*j.to.Stride:][:j.to.Width], j.from.Pix[row*j.from.Stride:])
		}
		return
	}
	j.vertical(a, j.one)
	j.vertical(b, j.two)
	j.join()
	j.horizontal(j.to.Pix[a*j.to.Stride:][:j.to.Width], j.to.Pix[b*j.to.Stride:][:j.to.Width])
}

// old returns an old row in words.
func (j *job) old(row int) []int64 {
	at := row % len(j.window)
	words := j.window[at]
	if j.held[at] != row {
		j.held[at] = row
		source := j.from.Pix[row*j.from.Stride:][:2*len(words)]
		for i := 0; i+4 <= len(words); i += 4 {
			v := binary.LittleEndian.Uint64(source[2*i:])
			to := words[i : i+4 : i+4]
			to[0], to[1], to[2], to[3] = int64(v&halves), int64(v>>8&halves), int64(v>>16&halves), int64(v>>24&halves)
		}
	}
	return words
}

// vertical makes one row of the new height.
func (j *job) vertical(row int, to []int64) {
	weights := j.rows.weights[row*j.rows.padded:][:j.rows.padded]
	j.taken = j.taken[:0]
	for k := range weights {
		j.taken = append(j.taken, j.old(j.rows.starts[row]+min(k, j.rows.counts[row]-1)))
	}
	clear(to)
	taken := j.taken
	for ; len(weights) >= 4; weights, taken = weights[4:], taken[4:] {
		w0, w1, w2, w3 := weights[0], weights[1], weights[2], weights[3]
		r0, r1, r2, r3 := taken[0][:len(to)], taken[1][:len(to)], taken[2][:len(to)], taken[3][:len(to)]
		for i := range to {
			to[i] += r0[i]*w0 + r1[i]*w1 + r2[i]*w2 + r3[i]*w3
		}
	}
	if len(weights) >= 2 { // their number is even
		w0, w1 := weights[0], weights[1]
		r0, r1 := taken[0][:len(to)], taken[1][:len(to)]
		for i := range to {
			to[i] += r0[i]*w0 + r1[i]*w1
		}
	}
}

// join puts the two rows into the pairs.
func (j *job) join() {
	const shift = weightBits - between
	one, two := j.one, j.two[:len(j.one)]
	for i := 0; i+4 <= len(one); i += 4 {
		to := j.pairs[2*i : 2*i+8 : 2*i+8]
		for x := range 4 {
			l, h := apart(one[i+x])
			m, n := apart(two[i+x])
			to[x] = l>>shift + m>>shift<<32
			to[x+4] = h>>shift + n>>shift<<32
		}
	}
}

// horizontal makes two rows of the pairs.
func (j *job) horizontal(first, second []byte) {
	padded := j.columns.padded
	second = second[:len(first)]
	weights := j.columns.weights
	const shift, half = weightBits + between, 1 << (weightBits + between - 1)
	for i := range first {
		w := weights[:padded]
		weights = weights[padded:]
		p := j.pairs[j.columns.starts[i]:][:len(w)]
		var sum, more int64
		for k := 0; k+1 < len(w); k += 2 {
			sum += p[k] * w[k]
			more += p[k+1] * w[k+1]
		}
		l, h := apart(sum + more)
		first[i], second[i] = clamp(int(l+half)>>shift), clamp(int(h+half)>>shift)
	}
}
