//go:build linux || darwin

package emulators

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// keepsAttributes reports whether files in the folder can have extended attributes, in
// which versitygw stores the metadata of objects. It returns false if a folder of metadata
// already exists beside the objects.
func keepsAttributes(folder string) bool {
	if _, err := os.Stat(filepath.Join(filepath.Dir(folder), "metadata-s3")); err == nil {
		return false
	}
	file, err := os.CreateTemp(filepath.Dir(folder), "attribute-")
	if err != nil {
		return false
	}
	defer os.Remove(file.Name())
	defer file.Close()
	return unix.Setxattr(file.Name(), "user.local", []byte("1"), 0) == nil
}
