package link_test

import (
	"slices"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/link"
)

func TestNewID(t *testing.T) {
	at := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	var ids []string
	for n := range 1000 {
		id := link.NewID(at.Add(time.Duration(n) * time.Millisecond))
		if link.ValidCode(id) {
			t.Fatalf("%q can be a code", id)
		}
		ids = append(ids, id)
	}
	if !slices.IsSorted(ids) {
		t.Error("IDs do not order by time")
	}
	if one, other := link.NewID(at), link.NewID(at); one == other || len(one) != len(other) || one[:14] != other[:14] {
		t.Errorf("of one millisecond: %s and %s", one, other)
	}
}
