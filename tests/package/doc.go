// Package packages tests make package: the same source gives the same bytes
// wherever it is packaged, without credentials, and the zips stay small.
package packages
