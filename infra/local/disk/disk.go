// Package disk writes files atomically.
package disk

import (
	"errors"
	"os"
	"path/filepath"
)

// Replace replaces the content of a file atomically. Only the file's owner may read it.
// Readers see either the old or the new content, complete; after an error, the old one.
func Replace(path string, data []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".new-")
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
