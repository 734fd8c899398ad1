package image

// Sweep asks image-sweep to look after images: after one, or after all that
// are overdue.
type Sweep struct {
	ID string `json:"id,omitempty"` // of the one image
}

// Renewal asks image-resize to make the variants of an image that is ready
// once more, by the current recipe and around its focus.
type Renewal struct {
	Renew string `json:"renew,omitempty"` // the image's id
}

// Overdue is an unfinished item whose deadline has passed: an image, or a
// content that was claimed and not made or may have lost its last image.
type Overdue struct {
	Image          string // ID; "" for a content
	SHA256, Recipe string // of a content
}
