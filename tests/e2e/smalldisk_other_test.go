//go:build !linux

package e2e

import "testing"

// withSmallDisk calls test with a plain folder: small disks need Linux.
func withSmallDisk(t *testing.T, _ int, test func(*testing.T, string, func() func())) {
	t.Log("LEFT OUT: the full disk; it needs Linux")
	test(t, t.TempDir(), nil)
}
