package osls

import (
	"bytes"
	"io"
	"regexp"
)

// withoutEndpoints passes on the lines that osls prints, except for its list of the API's addresses.
type withoutEndpoints struct {
	out    io.Writer
	line   []byte // the unfinished line
	inList bool
}

func (w *withoutEndpoints) Write(p []byte) (int, error) {
	w.line = append(w.line, p...)
	for {
		end := bytes.IndexByte(w.line, '\n')
		if end < 0 {
			return len(p), nil
		}
		line := w.line[:end+1]
		w.line = w.line[end+1:]
		if w.hides(line) {
			continue
		}
		if _, err := w.out.Write(line); err != nil {
			return 0, err
		}
	}
}

// hides reports whether the line belongs to the list: its heading, or an indented line below that.
func (w *withoutEndpoints) hides(line []byte) bool {
	switch {
	case regexp.MustCompile(`^endpoints?:`).Match(line):
		w.inList = true
		return true
	case bytes.HasPrefix(line, []byte("  ")):
		return w.inList
	case len(bytes.TrimSpace(line)) > 0:
		w.inList = false
	}
	return false
}

// flush passes on a last line that does not end in a newline.
func (w *withoutEndpoints) flush() error {
	line := w.line
	w.line = nil
	if len(line) == 0 || w.hides(line) {
		return nil
	}
	_, err := w.out.Write(line)
	return err
}
