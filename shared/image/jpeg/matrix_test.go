package jpeg

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
)

// build is a way of building a file: a single scan, or what a script tells.
type build struct {
	name  string
	scans func(components int) []script
}

func builds() []build {
	return []build{{"single", nil}, {"sequential", sequential}, {"spectral", spectral}, {"successive", successive}}
}

func (b build) write(p *Image, quality, restart int) []byte {
	if b.scans == nil {
		return encoded(p, quality, restart)
	}
	return write(p, quality, restart, b.scans(len(p.Planes)))
}

// At full size the decoder gives what the standard one does, whose rounding is
// another: in every sampling, build, restart interval and quality, from the
// smallest image to the longest.
func TestDecodeLikeTheStandardDecoder(t *testing.T) {
	sizes := [][2]int{{1, 1}, {2, 3}, {7, 9}, {8, 8}, {16, 16}, {17, 15}, {33, 64}, {100, 75}, {99, 53}, {300, 1}, {1, 300}}
	for _, r := range ratios() {
		for _, size := range sizes {
			p := draw(size[0], size[1], r)
			for _, b := range builds() {
				for _, restart := range []int{0, 1, 7} {
					for _, quality := range []int{1, 80, 100}[restart%7:] {
						name := fmt.Sprintf("%v %v %s quality %d restart %d", r, size, b.name, quality, restart)
						compareBuild(t, name, p, b, quality, restart)
					}
				}
			}
		}
	}
}

func TestDecodeLongImages(t *testing.T) {
	for _, size := range [][2]int{{65_500, 1}, {1, 65_500}} {
		for _, r := range ratios() {
			p := draw(size[0], size[1], r)
			compareBuild(t, fmt.Sprint(size, r), p, builds()[0], 75, 1000*(r.x&1))
			if r == (ratio{2, 2}) {
				compareBuild(t, fmt.Sprint(size, r, "successive"), p, builds()[3], 75, 0)
			}
		}
	}
}

// compareBuild compares with the standard decoder. That one counts the blocks of
// a scan of one component by its MCUs in the frame, against T.81, A.2.2, so it
// does not find the restart markers of such scans; the same coefficients in a
// single scan must give the same samples then.
func compareBuild(t *testing.T, name string, p *Image, b build, quality, restart int) {
	t.Helper()
	file := b.write(p, quality, restart)
	if restart == 0 || b.scans == nil {
		compare(t, name, file)
		return
	}
	if !same(decodeAll(t, file, Scale{1, 1}), decodeAll(t, encoded(p, quality, 0), Scale{1, 1})) {
		t.Errorf("%s: another image than of a single scan", name)
	}
}

// A scaled image looks like one that was made smaller after decoding.
func TestDecodeScaled(t *testing.T) {
	for _, r := range ratios() {
		for _, size := range [][2]int{{320, 213}, {257, 192}} {
			p := smooth(t, draw(size[0], size[1], r))
			for _, b := range builds() {
				file := b.write(p, 90, 0)
				full := standard(t, file)
				for _, scale := range []int{2, 4, 8} {
					got := decodeAll(t, file, Scale{scale, scale})
					for i := range full.Planes {
						want := boxed(full.Planes[i], scale)
						if _, err := farthest(got.Planes[i], want); err != nil {
							t.Fatal(err)
						}
						if db := psnr(got.Planes[i], want); db < 40 {
							t.Errorf("%v %v %s 1/%d: plane %d has %.1f dB", r, size, b.name, scale, i, db)
						}
					}
				}
			}
		}
	}
}

// Whatever is cut off, the file is taken when 95 % of the rows are complete, and
// refused when not.
func TestTruncated(t *testing.T) {
	for _, r := range []ratio{{}, {2, 2}, {4, 1}} {
		for _, b := range builds() {
			for _, restart := range []int{0, 5} {
				t.Run(fmt.Sprint(r, b.name, restart), func(t *testing.T) {
					cutting(t, b.write(draw(32, 1600, r), 80, restart))
				})
			}
		}
	}
}

func cutting(t *testing.T, whole []byte) {
	want := decodeAll(t, whole, Scale{1, 1})
	start := bytes.Index(whole, []byte{0xFF, markerSOS}) + 20
	last := max(bytes.LastIndex(whole, []byte{0xFF, markerSOS}), start) // earlier cuts lack a scan
	step := (len(whole) - last) / 40
	taken := 0
	for cut := start; cut < len(whole)-2; {
		for _, end := range []string{"", "\xFF\xD9", "\xFF"} {
			got, truncated, err := decodeCut(t, append(whole[:cut:cut], end...))
			there := float64(cut-last) / float64(len(whole)-last)
			if err != nil {
				if !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrUnsupported) || there > 0.98 {
					t.Fatalf("cut at %d of %d: %v", cut, len(whole), err)
				}
				continue
			}
			if there <= 0 && !truncated && end == "\xFF\xD9" {
				continue // between two scans: a progressive file may end there
			}
			taken++
			if !truncated || there < 0.92 {
				t.Fatalf("cut at %d of %d is taken, truncated %v", cut, len(whole), truncated)
			}
			if db := psnr(got.Planes[0], want.Planes[0]); db < 15 {
				t.Errorf("cut at %d: %.1f dB", cut, db)
			}
		}
		if cut < last {
			cut += max(step, (last-start)/12)
		} else {
			cut += max(step, 1)
		}
	}
	if taken == 0 && len(whole)-last > 500 {
		t.Error("no cut was taken")
	}
}

func decodeCut(t *testing.T, file []byte) (p *Image, truncated bool, err error) {
	t.Helper()
	r, err := Open(file)
	if err != nil {
		return nil, false, err
	}
	p, err = r.Decode(t.Context(), Scale{1, 1})
	if err != nil {
		t.Fatal(err)
	}
	truncated, err = p.Wait()
	return p, truncated, err
}
