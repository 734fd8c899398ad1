// Package hostile holds the image pipeline to files that were made to harm it:
// bombs, truncations, polyglots, mutations. Each must be refused for the right
// reason or become clean variants, within 256 MiB and the time of 12 decodes of a
// 12-megapixel JPEG.
package hostile
