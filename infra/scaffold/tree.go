package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// tree is the repository with the planned changes.
type tree struct {
	root    string
	changes []change
}

// change is a file's old contents, nil for a new file, and its new contents.
type change struct {
	path     string // from the root
	old, new []byte
}

// read returns a file of the repository with the planned changes.
func (t *tree) read(path string) (string, error) {
	if planned := t.planned(path); planned != nil {
		return string(planned.new), nil
	}
	text, err := os.ReadFile(filepath.Join(t.root, path))
	return string(text), err
}

// planned returns the change of a file, nil if there is none.
func (t *tree) planned(path string) *change {
	for i := range t.changes {
		if t.changes[i].path == path {
			return &t.changes[i]
		}
	}
	return nil
}

// exists reports whether the file or folder exists.
func (t *tree) exists(path string) bool {
	_, err := os.Lstat(filepath.Join(t.root, path))
	return !errors.Is(err, fs.ErrNotExist)
}

// make plans a new file.
func (t *tree) make(path string, text []byte) {
	t.changes = append(t.changes, change{path: path, new: text})
}

// edit plans a change of a file. The function gets the contents and returns the new ones.
func (t *tree) edit(path string, with func(text string) (string, error)) error {
	old, err := t.read(path)
	if err != nil {
		return err
	}
	edited, err := with(old)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if planned := t.planned(path); planned != nil {
		planned.new = []byte(edited)
		return nil
	}
	if edited != old {
		t.changes = append(t.changes, change{path: path, old: []byte(old), new: []byte(edited)})
	}
	return nil
}

// write makes the changes, or none of them.
func (t *tree) write() error {
	for i, c := range t.changes {
		if err := t.put(c.path, c.new); err != nil {
			t.prune(c.path)
			return errors.Join(err, t.undo(t.changes[:i]))
		}
	}
	return nil
}

// put replaces a file atomically: readers never see an incomplete file.
func (t *tree) put(path string, text []byte) error {
	path = filepath.Join(t.root, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.Write(text)
	err = errors.Join(err, temporary.Chmod(mode), temporary.Close())
	if err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}

// undo restores the old contents.
func (t *tree) undo(done []change) error {
	var errs []error
	for _, c := range slices.Backward(done) {
		if c.old != nil {
			errs = append(errs, t.put(c.path, c.old))
			continue
		}
		errs = append(errs, os.Remove(filepath.Join(t.root, c.path)))
		t.prune(c.path)
	}
	return errors.Join(errs...)
}

// prune removes the empty folders above a file.
func (t *tree) prune(path string) {
	for folder := filepath.Dir(filepath.Join(t.root, path)); ; folder = filepath.Dir(folder) {
		if info, err := os.Lstat(folder); err == nil && !info.IsDir() {
			return
		}
		if err := os.Remove(folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return
		}
	}
}
