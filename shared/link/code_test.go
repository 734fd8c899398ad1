package link

import (
	"strings"
	"sync"
	"testing"
)

func TestReserved(t *testing.T) {
	for _, word := range []string{"api", "App", "I", "_local", "robots.txt", "favicon.ico", "WWW", "ping", "sping"} {
		if !Reserved(word) {
			t.Errorf("%s is not reserved", word)
		}
	}
	if Reserved("apiary") {
		t.Error("apiary is reserved")
	}
}

func TestFit(t *testing.T) {
	for code, want := range map[string]bool{"abc": true, "a-b_c": true, "-abc": false, "_abc": false, "abc-": false, "abc_": false, "api": false} {
		if fit(code) != want {
			t.Errorf("fit(%q) = %t", code, !want)
		}
	}
}

// Some seeds give a worker both - and _ as its last symbol: such a worker only
// makes fit codes when its counter adds a symbol.
func TestCodesOfEveryWorker(t *testing.T) {
	for seed := range uint64(20) {
		for worker := range byte(32) {
			codes, err := newCodes(seed, worker)
			if err != nil {
				t.Fatal(err)
			}
			for range 20 {
				code, err := codes.Next(false)
				if err != nil || !ValidCode(code) || !fit(code) || len(code) > 12 {
					t.Fatalf("seed %d, worker %d: %q, %v", seed, worker, code, err)
				}
			}
		}
	}
}

func TestCodesTogether(t *testing.T) {
	codes, err := NewCodes(7)
	if err != nil {
		t.Fatal(err)
	}
	var seen sync.Map
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 500 {
				code, err := codes.Next(false)
				if _, repeated := seen.LoadOrStore(code, true); err != nil || repeated {
					t.Errorf("%q repeated: %t, %v", code, repeated, err)
				}
			}
		})
	}
	all.Wait()
}

// Of all 256 bytes, each symbol must have equally many: 7, and 4 are drawn again.
func TestPrivateCodesAreUnbiased(t *testing.T) {
	next, counts := 0, map[rune]int{}
	for next < 252 {
		for _, symbol := range privateCode(func() byte { next++; return byte(next - 1) }) {
			counts[symbol]++
		}
	}
	for _, symbol := range privateSymbols {
		if counts[symbol] != 7 {
			t.Errorf("%c stands for %d bytes, want 7", symbol, counts[symbol])
		}
	}
	drawn := []byte{252, 255, 253, 35, 254}
	code := privateCode(func() byte {
		if len(drawn) == 0 {
			return 0
		}
		b := drawn[0]
		drawn = drawn[1:]
		return b
	})
	if want := "z" + strings.Repeat("6", 11); code != want {
		t.Errorf("bytes from 252 to 255 are used: %s, want %s", code, want)
	}
}

func TestPrivateCodes(t *testing.T) {
	codes, err := NewCodes(7)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[rune]int{}
	const rounds = 3000
	for range rounds {
		code, err := codes.Next(true)
		if err != nil || len(code) != 12 {
			t.Fatalf("%q, %v", code, err)
		}
		for _, r := range code {
			counts[r]++
		}
	}
	if strings.ContainsAny(privateSymbols, "aeiouAEIOU01lI2Z5Sv") {
		t.Error("a symbol is a vowel or can be mistaken")
	}
	// Each symbol is expected 1,000 times with a deviation of 31.
	for _, r := range privateSymbols {
		if n := counts[r]; n < 800 || n > 1200 {
			t.Errorf("%c came %d times in %d symbols", r, n, rounds*12)
		}
	}
	if len(counts) != len(privateSymbols) {
		t.Errorf("%d different symbols", len(counts))
	}
}

// FuzzAlias: an alias that is accepted can be followed, also with what an auto-linker appends.
func FuzzAlias(f *testing.F) {
	f.Add("my-Alias_1")
	f.Add("Api")
	f.Add("ä")
	f.Fuzz(func(t *testing.T, code string) {
		if CheckAlias(code) != "" {
			return
		}
		if !ValidCode(code) || Reserved(code) {
			t.Errorf("%q is accepted", code)
		}
		for _, appended := range []string{".", "。", "\u200b", "&utm_source=x"} {
			if got := Trim(code + appended); got[0] != code {
				t.Errorf("%q with %q becomes %q", code, appended, got)
			}
		}
	})
}
