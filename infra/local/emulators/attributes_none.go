//go:build unix && !linux && !darwin

package emulators

// keepsAttributes: without extended attributes metadata lies beside the objects.
func keepsAttributes(string) bool { return false }
