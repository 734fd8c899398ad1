package sqs

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/minim-dev/minim/infra/local/disk/disktest"
)

// TestFullDisk fills the disk of a journal: acknowledged messages survive a restart even on the full disk,
// further messages are rejected, and nothing is damaged when there is space again.
func TestFullDisk(t *testing.T) {
	disktest.Run(t, 64, func(folder string) {
		path := filepath.Join(folder, "messages")
		l := opened(t, path)
		var want []string
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, id := range []string{"deleted", "first"} {
			must(write(l, id, "q"))
			l.place(id, "emulators-"+id)
			l.received(id, "handle-"+id, "q")
		}
		free := disktest.Fill(t, folder, 4096)
		refused := 0
		for i := 0; refused < 3; i++ {
			id := fmt.Sprintf("%d-%s", i, strings.Repeat("x", 300+i))
			if err := write(l, id, "q"); err != nil {
				refused++
			} else {
				want = append(want, id)
			}
		}
		for len(l.unwritten) == 0 { // fill the last bytes
			l.received("first", "handle-first", "q")
		}
		if err := l.deleted("handle-deleted"); err == nil {
			t.Error("a deletion was written to a full disk")
		}
		if got := ids(l); !slices.Equal(got, append([]string{"first"}, want...)) {
			t.Errorf("outstanding: %q", got)
		}
		// Only the deletion is not on the disk, so that message is redelivered.
		if got := ids(opened(t, path)); !slices.Equal(got, append([]string{"deleted", "first"}, want...)) {
			t.Errorf("after a restart: %q", got)
		}
		free()
		must(write(l, "last", "q"))
		if got := ids(opened(t, path)); !slices.Equal(got, append(append([]string{"first"}, want...), "last")) {
			t.Errorf("with space again: %q", got)
		}
	})
}

// TestReserve fills the disk of a journal in use: messages are still accepted, and none is lost by a
// restart.
func TestReserve(t *testing.T) {
	disktest.Run(t, 8192, func(folder string) {
		path := filepath.Join(folder, "messages")
		l := opened(t, path)
		var want []string
		for i := range 1000 {
			if i == 1 {
				defer disktest.Fill(t, folder, 0)()
			}
			id := fmt.Sprintf("%d-%s", i, strings.Repeat("x", 300))
			if err := write(l, id, "q"); err != nil {
				t.Fatalf("message %d on the full disk: %v", i, err)
			}
			want = append(want, id)
		}
		if got := ids(opened(t, path)); !slices.Equal(got, want) {
			t.Errorf("after a restart there are %d messages, want %d", len(got), len(want))
		}
	})
}
