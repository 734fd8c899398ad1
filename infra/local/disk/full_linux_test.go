package disk_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/minim-dev/minim/infra/local/disk"
	"github.com/minim-dev/minim/infra/local/disk/disktest"
)

// TestFullDisk: if there is no space for the new content, the old content is unchanged, and no other file is left.
func TestFullDisk(t *testing.T) {
	disktest.Run(t, 64, func(folder string) {
		path := filepath.Join(folder, "file")
		old, large := bytes.Repeat([]byte("old"), 100), bytes.Repeat([]byte("new"), 5000)
		if err := disk.Replace(path, old); err != nil {
			t.Fatal(err)
		}
		free := disktest.Fill(t, folder, 8192)
		if err := disk.Replace(path, large); err == nil {
			t.Error("more was written than the disk has space for")
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, old) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		free()
		if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
			t.Errorf("left behind: %v, %v", entries, err)
		}
		if err := disk.Replace(path, large); err != nil {
			t.Error(err)
		}
	})
}
