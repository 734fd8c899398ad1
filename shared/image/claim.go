package image

import "time"

// Claim is the exclusive right of one process to make a content. It expires at Until,
// so that another process can finish the work.
type Claim struct {
	SHA256 string // of the file
	Recipe string // name of the recipe
	Token  string // distinguishes this claim from all others
	Until  time.Time
}

// Due is when image-sweep must check whether a claimed content is in use.
func (c Claim) Due() time.Time { return c.Until.Add(Attempts) }
