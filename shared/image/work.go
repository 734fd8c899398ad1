package image

// Sweep asks image-sweep to look after pictures: after one, or after all that
// are overdue.
type Sweep struct {
	ID string `json:"id,omitempty"` // of the one picture
}

// Renewal asks image-resize to make the variants of a picture that is ready
// once more, by the current recipe and around its focus.
type Renewal struct {
	Renew string `json:"renew,omitempty"` // the picture's id
}

// Overdue is an unfinished item whose deadline has passed: a picture, or a
// content that was claimed and not made or may have lost its last picture.
type Overdue struct {
	Picture        string // ID; "" for a content
	SHA256, Recipe string // of a content
}
