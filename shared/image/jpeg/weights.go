package jpeg

import (
	"math"
	"math/cmplx"
)

// Weights are fixed-point numbers of this many bits, so that the sum of 255
// times the weights of a sample stays far from 32 bits with its sign.
const weightBits = 14

// taps are which samples make up each new one, and by how much. Weights are
// padded to the same number for all, which is even.
type taps struct {
	padded  int
	starts  []int   // the first sample
	counts  []int   // how many
	weights []int64 // padded of them for each new sample; together they are 1
}

// axis maps new samples to old ones: new sample i lies at origin + i*step,
// counted in old samples, whose own places are whole numbers.
type axis struct{ origin, step float64 }

// newAxis maps one direction of a plane. Lengths and places are in pixels: a
// part of an image, at offset and of the given length, becomes size pixels;
// samples stand for fromStep and toStep pixels. Samples lie in the middle of
// what they stand for, as JFIF wants it.
func newAxis(offset, length float64, size, fromStep, toStep int, flip bool) axis {
	ratio := length / float64(size)
	first := offset + ratio*float64(toStep)/2
	step := ratio * float64(toStep)
	if flip {
		first, step = offset+length-ratio*float64(toStep)/2, -step
	}
	return axis{first/float64(fromStep) - 0.5, step / float64(fromStep)}
}

// lanczos returns the taps of Lanczos's window of three lobes, widened to the
// step when that is more than a sample. Beyond the edges there is nothing.
func (a axis) lanczos(from, to int) taps {
	wide := max(math.Abs(a.step), 1)
	reach := 3 * wide
	most := int(2*reach) + 1
	t := taps{padded: ceil(most, 2) * 2, starts: make([]int, to), counts: make([]int, to)}
	t.weights = make([]int64, to*t.padded)
	values := make([]float64, most)
	lobe := newLobe(1 / wide)
	for i := range to {
		middle := min(max(a.origin+float64(i)*a.step, 0), float64(from-1))
		start := max(int(math.Ceil(middle-reach)), 0)
		end := min(int(math.Floor(middle+reach)), from-1)
		sum := 0.0
		lobe.start((float64(start) - middle) / wide)
		for k := range end - start + 1 {
			values[k] = lobe.next()
			sum += values[k]
		}
		t.starts[i], t.counts[i] = start, end-start+1
		weights := t.weights[i*t.padded:][:t.counts[i]]
		left, largest := int64(1<<weightBits), 0
		for k := range weights {
			weights[k] = int64(math.Round(values[k] / sum * (1 << weightBits)))
			left -= weights[k]
			if weights[k] > weights[largest] {
				largest = k
			}
		}
		weights[largest] += left // what rounding took
	}
	return t
}

// same reports whether each new sample is just the old one.
func (a axis) same(from, to int) bool { return a == axis{0, 1} && from == to }

// lobe walks along Lanczos's window of three lobes, 3 sin πx sin πx/3 / (πx)²,
// in equal steps. The sines come by turning, for a quarter of what it costs to
// ask for each.
type lobe struct {
	x, step     float64
	whole, turn complex128 // the angle πx and its step
	third, part complex128 // and of a third of them
}

func newLobe(step float64) lobe {
	return lobe{step: step, turn: cmplx.Rect(1, math.Pi*step), part: cmplx.Rect(1, math.Pi/3*step)}
}

func (l *lobe) start(x float64) {
	l.x, l.whole, l.third = x, cmplx.Rect(1, math.Pi*x), cmplx.Rect(1, math.Pi/3*x)
}

func (l *lobe) next() float64 {
	x, value := l.x, 1.0
	if math.Abs(x) >= 3 {
		value = 0
	} else if math.Abs(x) > 1e-9 {
		value = 3 * imag(l.whole) * imag(l.third) / (math.Pi * math.Pi * x * x)
	}
	l.x += l.step
	l.whole *= l.turn
	l.third *= l.part
	return value
}
