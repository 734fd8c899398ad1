// Package copy tests make copy: what it creates with all features, without one, and without any compiles, and its
// stack compiles. With -complete each copy also passes its own checks and tests, and answers a request.
package copy
