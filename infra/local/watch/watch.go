// Package watch reports changes of files.
package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Editors write a file in several steps, and several files at once. So a change is reported
// after quiet without further changes, or after longest.
const (
	quiet   = 30 * time.Millisecond
	longest = time.Second
)

// Watcher reports changes to some files and folders.
type Watcher struct {
	events  *fsnotify.Watcher
	folders []string        // watched with everything below them
	files   map[string]bool // single watched files in other folders
}

// Open begins to watch files and folders, including all existing and new files below the
// folders. It ignores node_modules and names that begin with a dot.
func Open(paths ...string) (*Watcher, error) {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch files: %w", err)
	}
	w := &Watcher{events: events, files: map[string]bool{}}
	for _, path := range paths {
		if err := w.add(filepath.Clean(path)); err != nil {
			return nil, errors.Join(fmt.Errorf("watch %s: %w", path, err), w.Close())
		}
	}
	return w, nil
}

// Close stops watching.
func (w *Watcher) Close() error { return w.events.Close() }

func (w *Watcher) add(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() { // editors replace files, so their folder must be watched
		w.files[path] = true
		return w.events.Add(filepath.Dir(path))
	}
	w.folders = append(w.folders, path)
	_, err = w.enter(path)
	return err
}

// enter watches a folder and those below it, and returns the files in them.
func (w *Watcher) enter(folder string) (files []string, err error) {
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // already deleted
		case err != nil:
			return err
		case path != folder && hidden(path) && entry.IsDir():
			return filepath.SkipDir
		case !entry.IsDir():
			files = append(files, path)
			return nil
		}
		if err := w.events.Add(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
	return files, err
}

// Next waits for changes and returns the changed files, sorted. Changes between two calls
// are returned by the second one. The error is that of the context, or of the system if it
// can no longer report changes.
func (w *Watcher) Next(ctx context.Context) ([]string, error) {
	changed := map[string]bool{}
	var latest, settled <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-settled:
			return slices.Sorted(maps.Keys(changed)), nil
		case <-latest:
			return slices.Sorted(maps.Keys(changed)), nil
		case err, ok := <-w.events.Errors:
			if !ok {
				return nil, errors.New("watch files: ended")
			}
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				return nil, fmt.Errorf("watch files: %w", err)
			}
			for _, folder := range w.folders { // the system lost changes: report all folders
				changed[folder] = true
			}
		case e, ok := <-w.events.Events:
			if !ok {
				return nil, errors.New("watch files: ended")
			}
			if err := w.note(e, changed); err != nil {
				return nil, err
			}
		}
		if len(changed) > 0 {
			settled = time.After(quiet)
			if latest == nil {
				latest = time.After(longest)
			}
		}
	}
}

// note adds an event to the changed files.
func (w *Watcher) note(e fsnotify.Event, changed map[string]bool) error {
	path := filepath.Clean(e.Name)
	if e.Op == fsnotify.Chmod || hidden(path) || !w.counts(path) {
		return nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		if !e.Has(fsnotify.Create) {
			return nil // the folder's files have their own events
		}
		files, err := w.enter(path)
		for _, file := range files { // files that were written before the folder was watched
			if !hidden(file) {
				changed[file] = true
			}
		}
		return err
	}
	changed[path] = true
	return nil
}

func (w *Watcher) counts(path string) bool {
	return w.files[path] || slices.ContainsFunc(w.folders, func(folder string) bool {
		return strings.HasPrefix(path, folder+string(filepath.Separator))
	})
}

// hidden reports whether a path is not source code: a temporary file of an editor, or a downloaded file.
func hidden(path string) bool {
	name := filepath.Base(path)
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") || name == "node_modules"
}
