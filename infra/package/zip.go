package main

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// written is the file time in every zip: the earliest one that the format can represent.
func written() time.Time { return time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC) }

// writeZip creates the zip at path from a binary. It writes the file atomically.
func writeZip(path, binary string) error {
	source, err := os.Open(binary)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.CreateTemp(filepath.Dir(path), ".package-*")
	if err != nil {
		return err
	}
	defer os.Remove(target.Name())
	if err := pack(target, source); err != nil {
		return fmt.Errorf("pack %s: %w", binary, err)
	}
	if err := target.Chmod(0o644); err != nil {
		return err
	}
	if err := target.Close(); err != nil {
		return err
	}
	return os.Rename(target.Name(), path)
}

// pack writes a zip with one file, bootstrap, executable by all.
func pack(target io.Writer, binary io.Reader) error {
	archive := zip.NewWriter(target)
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate, Modified: written()}
	header.SetMode(0o755)
	entry, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	if _, err := io.Copy(entry, binary); err != nil {
		return err
	}
	return archive.Close()
}
