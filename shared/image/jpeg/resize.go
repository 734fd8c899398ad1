package jpeg

import (
	"context"
	"encoding/binary"
)

// Part is the part of a picture to take, in its pixels, and how to mirror it.
type Part struct {
	Left, Top, Width, Height float64
	FlipX, FlipY             bool
}

// Whole is the part that is all of a picture.
func (p *Picture) Whole() Part { return Part{Width: float64(p.Width), Height: float64(p.Height)} }

// Resize begins to make a picture of the given size of a part of p by Lanczos's
// filter, with colours at half the size each way, as they are encoded. It returns
// at once, and goes on in a goroutine of its own: where p is still coming, rows
// are made as soon as what they need is there, and those who use the new picture
// wait for its rows in the same way. Its error is that of p, or the context's.
func Resize(ctx context.Context, p *Picture, width, height int, part Part) *Picture {
	out := &Picture{Width: width, Height: height, arrival: newArrival()}
	var jobs []*job
	for i, from := range p.Planes {
		step := min(i+1, 2)
		to := newPlane(width, height, step, step)
		out.Planes = append(out.Planes, to)
		j := &job{from: from, to: to, flip: part.FlipY}
		if i == 2 && from.like(p.Planes[1]) { // both colours are made alike
			other := jobs[1]
			j.rows, j.columns, j.copies = other.rows, other.columns, other.copies
		} else {
			x := newAxis(part.Left, part.Width, width, from.StepX, step, part.FlipX)
			y := newAxis(part.Top, part.Height, height, from.StepY, step, part.FlipY)
			j.rows, j.columns = y.lanczos(from.Height, to.Height), x.lanczos(from.Width, to.Width)
			j.copies = x.same(from.Width, to.Width) && y.same(from.Height, to.Height)
		}
		j.pairs = make([]uint64, from.Stride+j.columns.padded)
		jobs = append(jobs, j)
	}
	go func() {
		var err error
		defer func() {
			if recover() != nil {
				err = ErrCorrupt
			}
			out.arrival.end(false, err)
		}()
		err = run(ctx, p, out, jobs)
	}()
	return out
}

// run makes all planes, band by band, so that none lags behind the decoder.
func run(ctx context.Context, from, to *Picture, jobs []*job) error {
	const band = 32 // rows of brightness; an even number of rows of colour
	for at := 0; at < to.Height; at += band {
		if err := ctx.Err(); err != nil {
			return err
		}
		for i, j := range jobs {
			first, last := at, at+band
			if i > 0 {
				first, last = first/2, last/2
			}
			last = min(last, j.to.Height)
			if first >= last {
				continue
			}
			if err := from.await(j.needs(last-1) * j.from.StepY); err != nil {
				return err
			}
			for row := first; row < last; row += 2 {
				j.pair(row, min(row+1, last-1))
			}
		}
		if !jobs[0].flip {
			to.arrival.reach(min(at+band, to.Height))
		}
	}
	return nil
}

// job makes one plane of another.
type job struct {
	from, to      Plane
	rows, columns taps
	flip          bool     // rows are made from the last to the first
	copies        bool     // nothing changes
	pairs         []uint64 // two rows of the new height and the old width, in the halves of a word
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
	j.vertical(a, 0)
	j.vertical(b, 32)
	j.horizontal(j.to.Pix[a*j.to.Stride:][:j.to.Width], j.to.Pix[b*j.to.Stride:][:j.to.Width])
}

// Two signed numbers of 32 bits share a word: adding words and multiplying them
// by a weight does so to both, and a negative lower one borrows from the upper.
const halves = 0x000000FF000000FF

// apart returns the two numbers of a word, as samples.
func apart(word int64) (low, high byte) {
	const half = 1 << (weightBits - 1)
	l := int(int32(word))
	h := int((word - int64(l)) >> 32)
	return clamp((l + half) >> weightBits), clamp((h + half) >> weightBits)
}

// vertical makes one row of the new height, still as wide as before, in one
// half of the pairs. It takes eight columns at a time, two in a word.
func (j *job) vertical(row int, shift uint) {
	stride := j.from.Stride
	weights := j.rows.weights[row*j.rows.padded:][:j.rows.counts[row]]
	source := j.from.Pix[j.rows.starts[row]*stride:]
	for x := 0; x < j.from.Width; x += 8 {
		var a, b, c, d int64
		at := x
		for _, w := range weights {
			v := binary.LittleEndian.Uint64(source[at:])
			a += int64(v&halves) * w
			b += int64(v>>8&halves) * w
			c += int64(v>>16&halves) * w
			d += int64(v>>24&halves) * w
			at += stride
		}
		to := j.pairs[x : x+8 : x+8]
		if shift == 0 {
			clear(to)
		}
		l, h := apart(a)
		to[0] |= uint64(l) << (shift & 63)
		to[4] |= uint64(h) << (shift & 63)
		l, h = apart(b)
		to[1] |= uint64(l) << (shift & 63)
		to[5] |= uint64(h) << (shift & 63)
		l, h = apart(c)
		to[2] |= uint64(l) << (shift & 63)
		to[6] |= uint64(h) << (shift & 63)
		l, h = apart(d)
		to[3] |= uint64(l) << (shift & 63)
		to[7] |= uint64(h) << (shift & 63)
	}
}

// horizontal makes two rows of the pairs.
func (j *job) horizontal(first, second []byte) {
	padded := j.columns.padded
	second = second[:len(first)]
	weights := j.columns.weights
	for i := range first {
		w := weights[:padded]
		weights = weights[padded:]
		p := j.pairs[j.columns.starts[i]:][:len(w)]
		var sum, more int64
		for len(w) >= 4 && len(p) >= 4 {
			sum += int64(p[0])*w[0] + int64(p[1])*w[1]
			more += int64(p[2])*w[2] + int64(p[3])*w[3]
			w, p = w[4:], p[4:]
		}
		first[i], second[i] = apart(sum + more)
	}
}
