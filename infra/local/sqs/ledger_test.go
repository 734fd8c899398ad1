package sqs

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// write records a message to a queue in a journal.
func write(l *ledger, id, queue string) error {
	return l.sent(queue, "", time.UnixMilli(1), map[string]message{id: {"MessageBody": json.RawMessage(`"` + id + `"`)}}, []string{id})
}

func opened(t *testing.T, path string) *ledger {
	t.Helper()
	l, err := open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.close() })
	return l
}

func ids(l *ledger) (all []string) {
	for _, e := range l.outstanding() {
		all = append(all, e.ID)
	}
	return all
}

// inMemory returns a folder in memory, where a sync is fast, if the system has one.
func inMemory(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "minim-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

// TestCutOff truncates a journal at each byte: the events of complete lines are read, and so are events
// that are appended later.
func TestCutOff(t *testing.T) {
	path := filepath.Join(inMemory(t), "messages")
	l := opened(t, path)
	for _, id := range []string{"a", "b", "c"} {
		if err := write(l, id, "q"); err != nil {
			t.Fatal(err)
		}
		l.place(id, "emulators-"+id)
	}
	l.received("b", "handle", "q")
	if err := l.deleted("handle"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || bytes.Count(text, []byte("\n")) != 5 {
		t.Fatalf("%v\n%s", err, text)
	}
	want := [][]string{nil, {"a"}, {"a", "b"}, {"a", "b", "c"}, {"a", "b", "c"}, {"a", "c"}} // by number of complete lines
	text = text[:l.size]                                                                     // without the reserved space
	for size := range len(text) + 1 {
		if err := os.WriteFile(path, text[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		lines := bytes.Count(text[:size], []byte("\n"))
		for range 2 { // the second time, after an append
			l := opened(t, path)
			if info, err := os.Stat(path); err != nil || info.Size() != l.size {
				t.Fatalf("%d bytes: %v, %v", size, info, err)
			}
			if got := ids(l); !slices.Equal(got, want[lines]) {
				t.Fatalf("%d bytes: got %q, want %q", size, got, want[lines])
			}
			if err := write(l, "new", "q"); err != nil {
				t.Fatal(err)
			}
			if got := ids(opened(t, path)); !slices.Equal(got, append(slices.Clone(want[lines]), "new")) {
				t.Fatalf("%d bytes and one more line: got %q", size, got)
			}
			if err := l.drop(func(e entry) bool { return e.ID == "new" }); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages")
	if err := os.WriteFile(path, []byte(`{"sent":{"id":"1","qu`+"\n"+`{"deleted":"1"}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open(path); err == nil || !strings.Contains(err.Error(), path+": line 1 is damaged; remove the file") {
		t.Error(err)
	}
}

// TestReceives: the receive count starts again in a dead-letter queue. A message that was received there
// once does not move to that queue's own dead-letter queue.
func TestReceives(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages")
	l := opened(t, path)
	if err := write(l, "a", "q"); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{"q", "q", "dead", "dead"} {
		l.received("a", "handle", from)
		again := opened(t, path).outstanding()
		if len(again) != 1 || again[0].Queue != from {
			t.Fatalf("got %+v, want it in %s", again, from)
		}
	}
	p := &Proxy{queues: map[string]map[string]string{
		"q":    {"RedrivePolicy": `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":2}`},
		"dead": {"RedrivePolicy": `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:grave","maxReceiveCount":"3"}`},
	}}
	for _, want := range []string{"dead", "grave"} { // received twice, and three times
		if got := p.home(opened(t, path).outstanding()[0]); got != want {
			t.Errorf("the message is in %s, want %s", got, want)
		}
		l.received("a", "handle", "dead")
	}
}

// TestCompact: the journal of a busy queue stays small, and messages remain in order.
func TestCompact(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages")
	l := opened(t, path)
	for _, id := range []string{"z", "a"} {
		if err := write(l, id, "q"); err != nil {
			t.Fatal(err)
		}
	}
	for range slack + 10 {
		l.received("z", "handle", "q")
	}
	if got := ids(opened(t, path)); !slices.Equal(got, []string{"z", "a"}) || l.lines > 20 {
		t.Errorf("%q in %d lines", got, l.lines)
	}
	if again := opened(t, path).outstanding(); again[0].Receives < slack {
		t.Errorf("received %d times", again[0].Receives)
	}
}
