//go:build unix && !linux && !darwin

package parts

// keepsAttributes: without extended attributes metadata lies beside the objects.
func keepsAttributes(string) bool { return false }
