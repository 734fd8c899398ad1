package key

// Scopes returns every scope there is, in order.
func Scopes() []string {
	return []string{"links:read", "links:write", "admin"}
}
