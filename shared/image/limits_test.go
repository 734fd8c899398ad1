package image

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/minim-dev/minim/shared/image/sample"
)

// header returns a JPEG whose header claims a size that its few bytes do not
// hold.
func header(width, height uint16, progressive bool) []byte {
	file := sample.JPEG(sample.Quarters(16, 16))
	frame := bytes.Index(file, []byte{0xFF, 0xC0})
	if progressive {
		file[frame+1] = 0xC2
	}
	binary.BigEndian.PutUint16(file[frame+5:], height)
	binary.BigEndian.PutUint16(file[frame+7:], width)
	return file
}

func pngHeader(width, height uint32, depth byte) []byte {
	file := sample.PNG(sample.Quarters(16, 16))
	binary.BigEndian.PutUint32(file[16:], width)
	binary.BigEndian.PutUint32(file[20:], height)
	file[24] = depth
	return file
}

func TestInspectRefuses(t *testing.T) {
	arithmetic := header(16, 16, false)
	arithmetic[bytes.Index(arithmetic, []byte{0xFF, 0xC0})+1] = 0xC9
	deep := header(16, 16, false)
	deep[bytes.Index(deep, []byte{0xFF, 0xC0})+4] = 12
	outside := sample.AnimatedWebP(sample.Quarters(16, 16))
	outside[bytes.Index(outside, []byte("ANMF"))+8] = 9
	tests := []struct {
		name          string
		file          []byte
		memory        int
		want          Reason
		limit, actual int64
	}{
		{"nothing", nil, 1769, Empty, 1, 0},
		{"HTML", []byte("<!doctype html><script>alert(1)</script>"), 1769, Unknown, 0, 0},
		{"SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), 1769, Unknown, 0, 0},
		{"over 25 MB", append(sample.JPEG(sample.Quarters(4, 4)), make([]byte, MaxBytes)...), 1769, TooBig, MaxBytes, int64(MaxBytes + len(sample.JPEG(sample.Quarters(4, 4))))},
		{"100 megapixels in a small file", header(10_000, 10_000, false), 1769, TooManyPixels, 50_000_000, 100_000_000},
		{"26 megapixels, progressive", header(5_200, 5_000, true), 1769, TooManyPixels, 25_000_000, 26_000_000},
		{"26 megapixels, PNG", pngHeader(5_200, 5_000, 8), 1769, TooManyPixels, 25_000_000, 26_000_000},
		{"a side over 20,000", header(20_001, 10, false), 1769, TooWide, 20_000, 20_001},
		{"PNG that claims the most", pngHeader(1<<31-1, 1<<31-1, 8), 1769, TooWide, 20_000, 1<<31 - 1},
		{"65 scans", sample.ProgressiveHeader(100, 100, 65), 1769, TooManyScans, 64, 65},
		{"more memory than there is", header(5_000, 5_000, false), 256, TooHungry, 256 << 20 / 100 * 60, 25_000_000*11 + int64(len(header(1, 1, false)))},
		{"no width", header(0, 10, false), 1769, Corrupt, 0, 0},
		{"no scan", sample.ProgressiveHeader(10, 10, 0), 1769, Corrupt, 0, 0},
		{"arithmetic JPEG", arithmetic, 1769, Unsupported, 0, 0},
		{"JPEG of 12 bits", deep, 1769, Unsupported, 0, 0},
		{"animated WebP whose frame leaves the canvas", outside, 1769, Corrupt, 0, 0},
		{"cut JPEG", sample.JPEG(sample.Quarters(64, 64))[:300], 1769, Truncated, 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := LimitsFor(test.memory).Inspect(test.file)
			refusal, ok := err.(*Refusal)
			if !ok {
				t.Fatalf("got %v, want a refusal", err)
			}
			if refusal.Code != test.want || refusal.Limit != test.limit || refusal.Actual != test.actual || refusal.Message == "" {
				t.Errorf("got %+v, want %s, limit %d, actual %d", refusal, test.want, test.limit, test.actual)
			}
		})
	}
}

func TestInspectTakes(t *testing.T) {
	tests := map[string][]byte{
		"50 megapixels, baseline":    header(10_000, 5_000, false),
		"25 megapixels, progressive": header(5_000, 5_000, true),
		"25 megapixels, 16 bits":     pngHeader(5_000, 5_000, 16),
		"a side of 20,000":           header(20_000, 2_500, false),
		"64 scans":                   sample.ProgressiveHeader(100, 100, 64),
		"one pixel":                  header(1, 1, false),
	}
	for name, file := range tests {
		if _, err := LimitsFor(1769).Inspect(file); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
