//go:build !linux

package e2e

import "testing"

// withSmallDisk has no such disk here.
func withSmallDisk(t *testing.T, _ int, test func(*testing.T, string, func() func())) {
	t.Log("LEFT OUT: the full disk; it needs Linux")
	test(t, t.TempDir(), nil)
}
