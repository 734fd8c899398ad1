// Package disk writes files that are never half there.
package disk

import (
	"errors"
	"os"
	"path/filepath"
)

// Replace makes data the content of a file that its owner alone may read. Whoever
// reads it finds the old content or the new one, whole; after an error, the old one.
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
