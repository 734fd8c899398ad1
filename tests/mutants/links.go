package main

// links are mutations of short links: codes, the redirect and its cache.
func links() []mutation {
	return []mutation{}
}
