//go:build unix && !linux && !darwin

package emulators

// keepsAttributes returns false: without extended attributes, metadata is stored beside the objects.
func keepsAttributes(string) bool { return false }
