package image

// Sweep asks image-sweep to look after pictures: after one, or after all that
// are overdue.
type Sweep struct {
	ID string `json:"id,omitempty"` // of the one picture
}
