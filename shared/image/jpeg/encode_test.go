package jpeg

import (
	"bytes"
	"fmt"
	"image"
	stdjpeg "image/jpeg"
	"math"
	"math/rand/v2"
	"testing"
)

// What is encoded decodes to nearly the same, as well as from the standard
// encoder, whose transform rounds otherwise.
func TestEncode(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {15, 17}, {16, 16}, {333, 250}, {800, 3}} {
		for _, quality := range []int{10, 50, 80, 95} {
			p := draw(size[0], size[1], ratio{2, 2})
			ours, theirs := standard(t, encoded(p, quality, 0)), standard(t, standardFile(t, p, quality))
			for i := range p.Planes {
				one, two := psnr(ours.Planes[i], p.Planes[i]), psnr(theirs.Planes[i], p.Planes[i])
				if one < two-0.1 {
					t.Errorf("%v quality %d: plane %d has %.2f dB, from the standard encoder %.2f", size, quality, i, one, two)
				}
			}
		}
	}
}

// Tables that are made for the image save what they should: its file has at
// most 1.03 times the bits of the best code of the same symbols plus its
// headers, and less than one with the usual tables.
func TestEncodeSize(t *testing.T) {
	for _, quality := range []int{50, 80} {
		p := draw(900, 700, ratio{2, 2})
		e := newEncoder(p, quality)
		if err := e.count(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		bits := 0.0
		for _, token := range e.tokens {
			bits += float64(token & 15)
		}
		for i := range e.histograms {
			bits += entropy(&e.histograms[i])
		}
		file := encoded(p, quality, 0)
		if most := 1.03*bits/8 + 700; float64(len(file)) > most {
			t.Errorf("quality %d: %d bytes, at most %.0f", quality, len(file), most)
		}
		if usual := len(standardFile(t, p, quality)); len(file) >= usual {
			t.Errorf("quality %d: %d bytes, %d with the usual tables", quality, len(file), usual)
		}
	}
}

// entropy is how many bits the symbols need at least.
func entropy(h *histogram) (bits float64) {
	all := 0.0
	for _, n := range h {
		all += float64(n)
	}
	for _, n := range h {
		if n > 0 {
			bits += float64(n) * math.Log2(all/float64(n))
		}
	}
	return bits
}

// No code is longer than 16 bits or all ones, however uneven the counts.
func TestOptimalCodes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	fibonacci, even, one := histogram{}, histogram{}, histogram{7: 3}
	a, b := uint32(1), uint32(1)
	for i := range 40 {
		fibonacci[i] = a
		a, b = b, a+b
	}
	for i := range even {
		even[i] = 5
	}
	cases := []histogram{fibonacci, even, one}
	for range 50 {
		h := histogram{}
		for i := range 1 + random.IntN(256) {
			h[i] = uint32(random.ExpFloat64() * 1000)
		}
		cases = append(cases, h)
	}
	for n, h := range cases {
		s := h.optimal()
		codes, space := s.codes(), 0
		for i, count := range h {
			length := int(codes[i] & 31)
			if (count > 0) != (length > 0) || length > 16 {
				t.Fatalf("case %d: symbol %d, %d times, has %d bits", n, i, count, length)
			}
			if length > 0 {
				space += 1 << (16 - length)
				if codes[i]>>8 == 1<<length-1 {
					t.Errorf("case %d: symbol %d has a code of ones", n, i)
				}
			}
		}
		if space >= 1<<16 {
			t.Errorf("case %d: the codes overlap", n)
		}
		if newTable(s, false) == nil {
			t.Errorf("case %d: the decoder refuses the table", n)
		}
	}
}

func TestProfileIsInserted(t *testing.T) {
	p := draw(20, 20, ratio{2, 2})
	profile := bytes.Repeat([]byte("profile"), 100)
	file, err := Encode(t.Context(), p, 80, profile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(file[4:], append([]byte{0x02, 0xCC}, "ICC_PROFILE\x00\x01\x01profile"...)) {
		t.Errorf("begins with % x", file[:30])
	}
	if !same(standard(t, file), standard(t, encoded(p, 80, 0))) {
		t.Error("another image")
	}
}

// The same values whatever was encoded before.
func TestEncodeTwice(t *testing.T) {
	p := draw(99, 77, ratio{2, 2})
	if !bytes.Equal(encoded(p, 80, 0), encoded(p, 80, 0)) {
		t.Error("other bytes")
	}
}

func TestForwardAndBack(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	order := natural()
	ones := bytes.Repeat([]byte{1}, 64)
	back := multiples(ones, 1, &order)
	example := [64]byte{}
	for i := range example {
		example[i] = 1
	}
	q := newQuantiser(example, 50, &order)
	for range 200 {
		var b block
		var samples [64]byte
		for i := range b {
			samples[i] = byte(random.UintN(256))
			b[i] = (int32(samples[i]) - 128) << sampleFraction
		}
		forward(&b)
		var quantised [64]int16
		q.divide(&b, &order, &quantised)
		b = block{}
		for k, v := range quantised {
			b[order[k]] = int32(v) * back[k]
		}
		var out [64]byte
		inverse8(&b, false, out[:], 8)
		for i := range out {
			if d := int(out[i]) - int(samples[i]); d < -2 || d > 2 {
				t.Fatalf("sample %d: %d for %d", i, out[i], samples[i])
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, r := range ratios() {
		f.Add(encoded(draw(20, 13, r), 60, 0), byte(1))
		f.Add(encoded(draw(9, 33, r), 90, 1), byte(2))
		n := len(draw(1, 1, r).Planes)
		f.Add(write(draw(20, 13, r), 60, 0, successive(n)), byte(3))
		f.Add(write(draw(17, 9, r), 95, 2, spectral(n)), byte(0))
		f.Add(write(draw(17, 9, r), 95, 0, sequential(n)), byte(0))
	}
	f.Fuzz(func(t *testing.T, file []byte, shrink byte) {
		r, err := Open(file)
		if err != nil {
			return
		}
		width, height := r.Size()
		if width*height > 1<<18 {
			return // what the caller would refuse
		}
		scale := 1 << (shrink & 3)
		p, err := r.Decode(t.Context(), Scale{scale, 1 << (shrink >> 2 & 3)})
		if err != nil {
			return
		}
		small := Resize(t.Context(), p, ceil(width, 3), ceil(height, 2), p.Whole())
		made, err := Encode(t.Context(), small, 80, nil)
		if _, failed := p.Wait(); (failed == nil) != (err == nil) {
			t.Fatalf("the decoder says %v, the resizer %v", failed, err)
		}
		if err != nil {
			return
		}
		config, err := stdjpeg.DecodeConfig(bytes.NewReader(made))
		if err != nil || (image.Point{X: config.Width, Y: config.Height}) != image.Pt(small.Width, small.Height) {
			t.Fatalf("%v, %v", config, err)
		}
	})
}

func BenchmarkPipeline(b *testing.B) {
	file := encoded(draw(4000, 3000, ratio{2, 2}), 85, 0)
	b.Run("standard decoder", func(b *testing.B) {
		for b.Loop() {
			if _, err := stdjpeg.Decode(bytes.NewReader(file)); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, scale := range []int{1, 2, 4, 8} {
		b.Run(fmt.Sprint("decode 1/", scale), func(b *testing.B) {
			for b.Loop() {
				decodeAll(b, file, Scale{scale, scale})
			}
		})
	}
	p := decodeAll(b, file, Scale{2, 2})
	var small *Image
	b.Run("resize to 1280", func(b *testing.B) {
		for b.Loop() {
			small = resized(b, p, 1280, 960, p.Whole())
		}
	})
	b.Run("encode 1280", func(b *testing.B) {
		for b.Loop() {
			encoded(small, 80, 0)
		}
	})
}
