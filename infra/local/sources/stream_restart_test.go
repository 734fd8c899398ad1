package sources

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/infra/local/emulators"
)

// TestFirstChangesAfterRestart reads the streams of three tables of DynamoDB Local across two restarts.
// Nothing is written before the first restart. DynamoDB Local then numbers changes from 1 again, although
// the shard of the third table begins at 3.
func TestFirstChangesAfterRestart(t *testing.T) {
	state, marks := t.TempDir(), t.TempDir()
	names := []string{"table-0", "table-1", "table-2"}
	functions := []*follower{{}, {}, {}}
	var want [3][]string
	for life := range 3 {
		p := startedWith(t, emulators.Options{State: state})
		tables := make([]*realTable, len(names))
		stops := make([]func(), len(names))
		for i, name := range names {
			tables[i] = openTable(t, p, name)
			if life == 0 {
				tables[i].create()
			}
			var f *Follower
			f, stops[i] = follow(t, Stream{}, filepath.Join(marks, name), tables[i].options(functions[i]))
			eventually(t, "the shard is read", func() bool { return len(f.State().Shards) == 1 })
		}
		for i := len(names) - 1; i >= 0 && life > 0; i-- { // writes the lowest number to the highest shard
			for n := range 2 {
				item := fmt.Sprintf("%s in life %d: %d", names[i], life, n)
				tables[i].put(item)
				want[i] = append(want[i], item)
				eventually(t, item, func() bool { return slices.Contains(functions[i].items(), item) })
			}
		}
		for _, stop := range stops {
			stop()
		}
		p.Close()
	}
	for i, f := range functions {
		if d := cmp.Diff(want[i], f.items()); d != "" {
			t.Errorf("%s: -want +got:\n%s", names[i], d)
		}
	}
}
