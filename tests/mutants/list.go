package main

import "slices"

// all are the mutations, by part of the code.
func all() []mutation {
	return slices.Concat(links(), clicks(), images(), access())
}
