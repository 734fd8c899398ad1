// Package hostile holds the image pipeline to files that were made to harm it:
// bombs, truncations, polyglots, mutations. Each must be refused for the right
// reason or become clean variants, within a second and 256 MiB.
package hostile
