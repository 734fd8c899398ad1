package disk

import (
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
)

// TestLatest: after Write the file has the state that was offered before, or a newer one, even with concurrent writers.
func TestLatest(t *testing.T) {
	l := &Latest{Path: filepath.Join(t.TempDir(), "file")}
	var state sync.Mutex
	n := 0
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 10 {
				state.Lock()
				n++
				mine := n
				l.Offer([]byte(strconv.Itoa(mine)))
				state.Unlock()
				if err := l.Write(); err != nil {
					t.Error(err)
					return
				}
				text, err := os.ReadFile(l.Path)
				if got, _ := strconv.Atoi(string(text)); err != nil || got < mine {
					t.Errorf("the file has %s, %v after %d was written", text, err, mine)
				}
			}
		})
	}
	all.Wait()
	if text, _ := os.ReadFile(l.Path); string(text) != "200" {
		t.Errorf("at last it has %s", text)
	}
}

// TestLatestRetries: Write writes a state that an earlier Write could not write.
func TestLatestRetries(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "later")
	l := &Latest{Path: filepath.Join(folder, "file")}
	l.Offer([]byte("x"))
	if err := l.Write(); err == nil {
		t.Fatal("a folder that is missing takes a file")
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := l.Write(); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(l.Path); string(text) != "x" {
		t.Errorf("the file has %q", text)
	}
}
