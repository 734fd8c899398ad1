// Package rules tests the source itself: who may import whom, how long things may
// get, and what only some places may do. An exception stands in allow_test.go,
// with its reason; one that is no longer needed is an error as well.
package rules
