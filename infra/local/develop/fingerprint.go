package develop

import (
	"fmt"
	"hash/maphash"
	"io"
	"os"
)

// fingerprint identifies the content of a file.
type fingerprint struct {
	info os.FileInfo
	sum  uint64
}

// fingerprinter takes fingerprints. Only those of the same fingerprinter are comparable.
type fingerprinter struct{ seed maphash.Seed }

// take returns the file's fingerprint. It does not read the file if it is certainly unchanged.
func (f fingerprinter) take(path string, before fingerprint) (fingerprint, error) {
	file, err := os.Open(path)
	if err != nil {
		return fingerprint{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fingerprint{}, err
	}
	if b := before.info; b != nil && os.SameFile(b, info) && b.ModTime().Equal(info.ModTime()) && b.Size() == info.Size() {
		return before, nil
	}
	var hash maphash.Hash
	hash.SetSeed(f.seed)
	if _, err := io.Copy(&hash, file); err != nil {
		return fingerprint{}, fmt.Errorf("read %s: %w", path, err)
	}
	return fingerprint{info, hash.Sum64()}, nil
}
