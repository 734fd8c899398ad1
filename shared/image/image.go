// Package image is the domain of pictures: what may be uploaded, what a file
// holds as told by its bytes, which files are refused and why, and which
// variants a picture gets. It reads structure only; pixels are the business of
// package render.
package image

import (
	"crypto/rand"
	"strings"
	"time"
)

// Status is how far a picture has come.
type Status string

// The life of a picture: Ready and Failed are final.
const (
	Pending    Status = "pending"    // upload allowed, nothing arrived yet
	Processing Status = "processing" // the file is being turned into variants
	Ready      Status = "ready"      // variants can be fetched
	Failed     Status = "failed"     // refused for good; Refusal says why
)

// Patience is how long a picture may take from the permission to upload it to
// its variants. After that it reads as failed.
const Patience = time.Hour

// Image is one picture of one owner.
type Image struct {
	ID       string
	Owner    string
	Status   Status
	Upload   Upload   // what the owner declared
	Content  Content  // what the bytes became; zero until Ready
	Refusal  *Refusal // why it Failed, else nil
	Created  time.Time
	Modified time.Time
}

// Content is what became of some bytes by one recipe. Equal bytes give equal
// content, whoever uploads them, so it is made once and shared.
type Content struct {
	Type        Type // by the bytes, not by the declaration
	Width       int  // upright
	Height      int
	Color       string // dominant, as #rrggbb
	Placeholder string // BlurHash
	Variants    []Variant
}

// Variant is one stored rendition of a picture.
type Variant struct {
	Name   string // w640, card, square
	Key    string // of the object, which is also the path below the site
	Type   Type
	Width  int
	Height int
	Bytes  int64
}

// Done reports whether nothing will change any more.
func (i Image) Done() bool { return i.Status == Ready || i.Status == Failed }

// At returns the picture as it reads at a moment: one that has been waiting
// for longer than Patience has failed.
func (i Image) At(now time.Time) Image {
	if !i.Done() && now.Sub(i.Created) > Patience {
		i.Status = Failed
		i.Refusal = refuse(Expired, 0, 0, "The picture did not arrive or could not be processed within an hour. Please upload it again.")
	}
	return i
}

const (
	uploadPrefix = "uploads/"
	idLength     = 26 // as crypto/rand.Text makes them
)

// NewID returns an id that nobody can guess.
func NewID() string { return strings.ToLower(rand.Text()) }

// UploadKey is the key of the object that a client may put for the picture.
func UploadKey(id string) string { return uploadPrefix + id }

// IDOfUpload returns the id of the picture whose upload has the given key.
func IDOfUpload(key string) (id string, ok bool) {
	id, ok = strings.CutPrefix(key, uploadPrefix)
	return id, ok && ValidID(id)
}

// ValidID reports whether id has the form of a picture's id, so that no other
// key of the store can be reached through one.
func ValidID(id string) bool {
	if len(id) != idLength {
		return false
	}
	for _, c := range []byte(id) {
		if (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}
