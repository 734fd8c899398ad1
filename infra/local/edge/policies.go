package edge

// ManagedRequestPolicy finds a managed cache policy or origin request policy
// by its id, and reports whether this package knows it.
func ManagedRequestPolicy(id string) (RequestPolicy, bool) {
	return RequestPolicy{}, false
}

// StrictTransportSecurity spells the value of the header of that name.
func StrictTransportSecurity(maxAge int, subdomains, preload bool) string {
	return ""
}
