package sqs

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestGroups: while the disk is busy, senders wait, but nobody else does; then their messages are written together, in
// order.
func TestGroups(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages")
	l := opened(t, path)
	l.writer <- struct{}{} // the disk is busy
	const senders = 20
	answered := make(chan error, senders)
	for i := range senders {
		go func() { answered <- write(l, fmt.Sprint(i), "q") }()
	}
	for deadline := time.Now().Add(10 * time.Second); len(ids(l)) < senders; time.Sleep(time.Millisecond) { // needs mu
		if time.Now().After(deadline) {
			t.Fatalf("%d messages are known", len(ids(l)))
		}
	}
	if l.trace("0") != "" || !l.waits([]string{"0"}) {
		t.Error("the ledger is wrong while the disk is busy")
	}
	if text, err := os.ReadFile(path); err != nil || len(text) > 0 || len(answered) > 0 {
		t.Fatalf("%d senders were answered; the journal has %d bytes, %v", len(answered), len(text), err)
	}
	<-l.writer
	for range senders {
		if err := <-answered; err != nil {
			t.Error(err)
		}
	}
	if got, want := ids(opened(t, path)), ids(l); len(got) != senders || !slices.Equal(got, want) {
		t.Errorf("on disk: %q, want %q", got, want)
	}
}

// TestAnsweredIsOnDisk: when a sender is answered, a copy of the file as a kill would leave it contains its message.
func TestAnsweredIsOnDisk(t *testing.T) {
	path := filepath.Join(inMemory(t), "messages")
	l := opened(t, path)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 50 {
				id := fmt.Sprintf("%d-%d-", i, n)
				if err := write(l, id, "q"); err != nil {
					t.Error(err)
				}
				text, err := os.ReadFile(path)
				if err != nil || !bytes.Contains(text, []byte(`"id":"`+id+`"`)) {
					t.Errorf("%s was answered, but is not on disk: %v", id, err)
				}
				l.place(id, "emulators-"+id)
				l.received(id, "handle-"+id, "q")
				if err := l.deleted("handle-" + id); n%2 == 0 && err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if got := ids(opened(t, path)); len(got) > 0 {
		t.Errorf("outstanding after a restart: %q", got)
	}
}

// TestFailedGroup: if a group cannot be written, its senders get an error, and its messages are not outstanding. The
// other events are written with the next group.
func TestFailedGroup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages")
	l := opened(t, path)
	if err := write(l, "first", "q"); err != nil {
		t.Fatal(err)
	}
	l.received("first", "handle", "q")
	writable := l.file
	readOnly, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer readOnly.Close()
	l.file = readOnly
	if err := write(l, "refused", "q"); err == nil || !strings.Contains(err.Error(), "write to the journal of messages") {
		t.Errorf("the sender got %v", err)
	}
	if err := l.deleted("handle"); err == nil {
		t.Error("a deletion was acknowledged")
	}
	if got := ids(l); len(got) > 0 {
		t.Errorf("outstanding: %q", got)
	}
	if got := ids(opened(t, path)); !slices.Equal(got, []string{"first"}) {
		t.Errorf("after a restart: %q", got)
	}
	l.file = writable
	if err := write(l, "next", "q"); err != nil {
		t.Fatal(err)
	}
	if got := ids(opened(t, path)); !slices.Equal(got, []string{"next"}) {
		t.Errorf("when the disk works again: %q", got)
	}
}
