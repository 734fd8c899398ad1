// Package rules tests the source itself: permitted imports, limits of length, and
// calls that only some places may make. Exceptions are in allow_test.go with their
// reasons; an exception that is no longer needed is an error too.
package rules
