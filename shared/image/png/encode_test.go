package png

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	stdpng "image/png"
	"io"
	"math"
	"math/rand/v2"
	"testing"
)

// paint draws flat colours, waves or noise, over transparency of all degrees.
func paint(width, height int, kind string) *image.NRGBA {
	noise := rand.New(rand.NewPCG(uint64(width), uint64(height)))
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.NRGBA{40, 80, 160, byte(x / 8 * 37)}
			switch kind {
			case "waves":
				wave := 128 + 60*math.Sin(float64(x)/17)*math.Cos(float64(y)/23) + 4*noise.NormFloat64()
				c = color.NRGBA{byte(wave), byte(wave / 2), byte(255 - wave), byte(255 * y / height)}
			case "noise":
				c = color.NRGBA{byte(noise.Uint32()), byte(noise.Uint32()), byte(noise.Uint32()), byte(noise.Uint32())}
			}
			out.SetNRGBA(x, y, c)
		}
	}
	return out
}

// Every image comes back sample by sample, also those under clear pixels.
func TestEncode(t *testing.T) {
	for _, kind := range []string{"flat", "waves", "noise"} {
		for _, size := range [][2]int{{1, 1}, {2, 3}, {3, 200}, {127, 5}, {128, 64}, {129, 65}, {700, 300}} {
			t.Run(fmt.Sprint(kind, size), func(t *testing.T) {
				want := paint(size[0], size[1], kind)
				file, err := Encode(t.Context(), want, nil)
				if err != nil {
					t.Fatal(err)
				}
				img, err := stdpng.Decode(bytes.NewReader(file))
				if err != nil {
					t.Fatal(err)
				}
				got, ok := img.(*image.NRGBA)
				if !ok || got.Rect != want.Rect || !bytes.Equal(got.Pix, want.Pix) {
					t.Error("another image")
				}
			})
		}
	}
}

// A part of a larger image has its stride.
func TestEncodePart(t *testing.T) {
	whole := paint(60, 40, "noise")
	part := whole.SubImage(image.Rect(0, 0, 31, 40)).(*image.NRGBA)
	file, err := Encode(t.Context(), part, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := stdpng.Decode(bytes.NewReader(file))
	if err != nil || got.At(30, 39) != whole.At(30, 39) {
		t.Errorf("%v, %v", got.At(30, 39), err)
	}
}

// The files are as small as the standard encoder's, give or take a hundredth of
// the samples.
func TestEncodeSize(t *testing.T) {
	for _, kind := range []string{"flat", "waves"} {
		img := paint(640, 480, kind)
		file, err := Encode(t.Context(), img, nil)
		if err != nil {
			t.Fatal(err)
		}
		var standard bytes.Buffer
		if err := stdpng.Encode(&standard, img); err != nil {
			t.Fatal(err)
		}
		if len(file) > standard.Len()+len(img.Pix)/100 {
			t.Errorf("%s: %d bytes, the standard encoder's file has %d", kind, len(file), standard.Len())
		}
	}
}

func TestProfile(t *testing.T) {
	profile := bytes.Repeat([]byte("profile"), 100)
	file, err := Encode(t.Context(), paint(9, 9, "flat"), profile)
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := bytes.Cut(file[8+25:], []byte("iCCPicc\x00\x00"))
	if !found {
		t.Fatal("no chunk after the header")
	}
	r, err := zlib.NewReader(bytes.NewReader(after))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, profile) {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := stdpng.Decode(bytes.NewReader(file)); err != nil {
		t.Error(err)
	}
}

func TestTheSameImageGivesTheSameBytes(t *testing.T) {
	img := paint(300, 200, "waves")
	one, err := Encode(t.Context(), img, nil)
	if err != nil {
		t.Fatal(err)
	}
	if two, _ := Encode(t.Context(), img, nil); !bytes.Equal(one, two) {
		t.Error("other bytes")
	}
}

func TestEncodeIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Encode(ctx, paint(9, 9, "flat"), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// Differences of samples are the same eight at a time.
func TestWords(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 10_000 {
		a, b := random.Uint64(), random.Uint64()
		d, m, sum, all := minus(a, b), mean(a, b), sizes(a), 0
		for shift := 0; shift < 64; shift += 8 {
			x, y := byte(a>>shift), byte(b>>shift)
			if byte(d>>shift) != x-y || byte(m>>shift) != byte((int(x)+int(y))/2) {
				t.Fatalf("%x and %x: difference %x, mean %x", a, b, d, m)
			}
			all += max(int(int8(x)), -int(int8(x)))
		}
		if got := int(sum&0xFFFF + sum>>16&0xFFFF + sum>>32&0xFFFF + sum>>48); got != all {
			t.Fatalf("%x: %d, want %d", a, got, all)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	img := paint(1280, 960, "waves")
	b.SetBytes(int64(len(img.Pix)))
	b.Run("filters", func(b *testing.B) {
		for b.Loop() {
			f := newFilter(pixel * 1280)
			for y := range 960 {
				f.next(img.Pix[y*img.Stride:][:pixel*1280])
			}
		}
	})
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			if _, err := Encode(b.Context(), img, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("standard", func(b *testing.B) {
		for b.Loop() {
			if err := stdpng.Encode(io.Discard, img); err != nil {
				b.Fatal(err)
			}
		}
	})
}
