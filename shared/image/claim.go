package image

import "time"

// Claim is the right to make a content, held by one at a time. Who is stopped
// in the middle loses it by Until, so that another can finish the work.
type Claim struct {
	SHA256 string // of the file
	Recipe string // name of the recipe
	Token  string // tells this claim from every other
	Until  time.Time
}

// Due is when somebody must look whether a content that was claimed has become
// one that is in use.
func (c Claim) Due() time.Time { return c.Until.Add(Attempts) }
