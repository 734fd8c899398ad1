package watch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func write(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(time.Now().String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestNext(t *testing.T) {
	root := t.TempDir()
	at := func(name string) string { return filepath.Join(root, name) }
	for _, name := range []string{"src/a.go", "src/deep/b.go", "src/node_modules/x.js", "stack.yml", "other.yml"} {
		write(t, at(name))
	}
	w, err := Open(at("src"), at("stack.yml"))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, c := range []struct {
		name   string
		change func()
		want   []string
	}{
		{"a file", func() { write(t, at("src/a.go")) }, []string{"src/a.go"}},
		{"two at once", func() { write(t, at("src/deep/b.go")); write(t, at("src/a.go")) }, []string{"src/a.go", "src/deep/b.go"}},
		{"as editors do", func() {
			write(t, at("src/.a.go.swp"))
			write(t, at("src/a.go~"))
			if err := os.Rename(at("src/a.go~"), at("src/a.go")); err != nil {
				t.Fatal(err)
			}
		}, []string{"src/a.go"}},
		{"removed", func() { os.Remove(at("src/deep/b.go")) }, []string{"src/deep/b.go"}},
		{"new folders", func() { write(t, at("src/new/er/c.go")) }, []string{"src/new/er/c.go"}},
		{"in a new folder", func() { write(t, at("src/new/er/d.go")) }, []string{"src/new/er/d.go"}},
		{"a file among others", func() { write(t, at("other.yml")); write(t, at("stack.yml")) }, []string{"stack.yml"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.change()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			got, err := w.Next(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for i, path := range got {
				got[i], _ = filepath.Rel(root, path)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestNothing: unwatched files and unchanged files are not reported.
func TestNothing(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "a.go"))
	write(t, filepath.Join(root, "node_modules", "x.js"))
	w, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	write(t, filepath.Join(root, "node_modules", "x.js"))
	write(t, filepath.Join(root, ".git", "index"))
	if err := os.Chmod(filepath.Join(root, "a.go"), 0o400); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*quiet)
	defer cancel()
	if got, err := w.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestOpenNothing(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "nowhere")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
