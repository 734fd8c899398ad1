package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestWriteZip(t *testing.T) {
	dir := t.TempDir()
	binary := filepath.Join(dir, "link-get")
	if err := os.WriteFile(binary, []byte("a program"), 0o600); err != nil {
		t.Fatal(err)
	}
	var made [2][]byte
	for i := range made {
		// Neither the current time nor the file's time may change the zip.
		if err := os.Chtimes(binary, time.Now(), time.Unix(int64(i)*1e6, 0)); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "link-get.zip")
		if err := writeZip(path, binary); err != nil {
			t.Fatal(err)
		}
		var err error
		if made[i], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(made[0], made[1]) {
		t.Error("the same binary gave different zips")
	}
	archive, err := zip.NewReader(bytes.NewReader(made[0]), int64(len(made[0])))
	if err != nil {
		t.Fatal(err)
	}
	if len(archive.File) != 1 || archive.File[0].Name != "bootstrap" || archive.File[0].Mode() != 0o755 {
		t.Fatalf("the zip holds %v, want one executable bootstrap", archive.File)
	}
	entry, err := archive.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	if content, err := io.ReadAll(entry); err != nil || string(content) != "a program" {
		t.Errorf("bootstrap is %q, %v", content, err)
	}
}

func TestWriteZipWithoutBinary(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.zip")
	if err := writeZip(path, filepath.Join(dir, "absent")); err == nil {
		t.Error("no error for an absent binary")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
