package image

// Sweep is image-sweep's event: it handles one image, or all overdue ones.
type Sweep struct {
	ID string `json:"id,omitempty"` // of the one image
}

// Renewal is image-resize's event to make the variants of a ready image again, with
// the current recipe and focus.
type Renewal struct {
	Renew string `json:"renew,omitempty"` // the image's id
}

// Overdue is an unfinished item whose deadline has passed: an image, or a
// content that was claimed and not made or may have lost its last image.
type Overdue struct {
	Image          string // ID; "" for a content
	SHA256, Recipe string // of a content
}
