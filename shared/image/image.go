// Package image is the domain of images: what may be uploaded, what a
// file contains according to its bytes, which files are rejected and why, and which
// variants an image gets. It reads only the structure; package render handles
// pixels.
package image

import (
	"crypto/rand"
	"slices"
	"strings"
	"time"
)

// Status is the progress of an image.
type Status string

// The statuses of an image. Most end as Ready; one that Failed for a temporary reason
// may still become Ready.
const (
	Pending    Status = "pending"    // upload permitted, no file yet
	Processing Status = "processing" // the file is being turned into variants
	Ready      Status = "ready"      // variants can be fetched
	Failed     Status = "failed"     // Refusal has the reason
	Deleted    Status = "deleted"    // invisible; its files are being deleted
)

// UploadTimeout is how long an image may wait for its file before it fails. No
// permitted upload takes longer.
const UploadTimeout = time.Hour

// Attempts is longer than all attempts to process a file together: three, with pauses
// of one and two minutes. An image that was begun earlier and is not complete will
// not complete without a new event.
const Attempts = 10 * time.Minute

// Image is one image of one owner.
type Image struct {
	ID       string
	Owner    string
	Status   Status
	Upload   Upload   // what the owner declared
	Recipe   string   // with which Content was made; "" until Ready
	Content  Content  // the variants; zero until Ready
	Focus    Focus    // the point that crops keep in view
	Crops    Crops    // around the focus; zero if those of Content are right
	Recipes  []string // all recipes whose variants it keeps
	Renewing bool     // new variants are being made; it has the old ones until then
	Refusal  *Refusal // why it Failed, else nil
	Version  int      // grows with every change
	Created  time.Time
	Modified time.Time
}

// Crops are the variants that show a part of the image, made by a recipe of
// their own around its focus. They stand in for those of the same name.
type Crops struct {
	Recipe   string
	Variants []Variant
}

// Content is the result of one recipe for a file. Identical files have identical
// content, regardless of their owners, so it is made once and shared.
type Content struct {
	Type        Type // by the bytes, not by the declaration
	Width       int  // upright
	Height      int
	Color       string // dominant, as #rrggbb
	Placeholder string // BlurHash
	ThumbHash   string // in base64, as its authors write it; may be ""
	Variants    []Variant
	Took        Took // when it was made
}

// Took is the duration of each phase of making a content, in milliseconds.
type Took struct{ Decode, Resize, Encode, Upload int64 }

// Variant is one stored rendition of an image.
type Variant struct {
	Name   string // w640, card, square
	Key    string // of the object, which is also the path below the site
	Type   Type
	Width  int
	Height int
	Bytes  int64
}

// Final reports whether a redelivered event of the file changes nothing: the image is
// Ready, Deleted, or its file was rejected.
func (i Image) Final() bool {
	return i.Status == Ready || i.Status == Deleted || i.Status == Failed && !i.Refusal.Passing()
}

// At returns the image as of a moment: one that has been waiting too long has failed.
func (i Image) At(now time.Time) Image {
	switch {
	case i.Status == Pending && now.Sub(i.Created) > UploadTimeout:
		i.Status, i.Refusal = Failed, RefuseExpired()
	case i.Status == Processing && now.Sub(i.Modified) > UploadTimeout:
		i.Status, i.Refusal = Failed, RefuseUnprocessed()
	}
	return i
}

// Due is the deadline after which image-sweep must handle the image, zero for a
// finished one.
func (i Image) Due() time.Time {
	switch {
	case i.Status == Pending:
		return i.Created.Add(UploadTimeout)
	case i.Status == Processing, i.Renewing:
		return i.Modified.Add(Attempts)
	case i.Status == Deleted: // as long as its file may still arrive
		if late := i.Created.Add(UploadTimeout); late.After(i.Modified) {
			return late
		}
		return i.Modified
	default:
		return time.Time{}
	}
}

// Renewed returns the image with other variants, and whose it keeps: all
// ladders it ever had, since pages may show them, but only its last own crops.
func (i Image) Renewed(recipe string, content Content, crops Crops) Image {
	i.Recipes = slices.DeleteFunc(slices.Clone(i.Recipes), func(r string) bool { return r == i.Crops.Recipe })
	for _, r := range []string{recipe, crops.Recipe} {
		if r != "" && !slices.Contains(i.Recipes, r) {
			i.Recipes = append(i.Recipes, r)
		}
	}
	i.Recipe, i.Content, i.Crops, i.Renewing = recipe, content, crops, false
	return i
}

// Shown lists the variants that the image has now, its own crops in place of
// those around the middle.
func (i Image) Shown() []Variant {
	shown := slices.Clone(i.Content.Variants)
	for _, crop := range i.Crops.Variants {
		if at := slices.IndexFunc(shown, func(v Variant) bool { return v.Name == crop.Name }); at >= 0 {
			shown[at] = crop
		}
	}
	return shown
}

const (
	uploadPrefix = "uploads/"
	idLength     = 26 // as crypto/rand.Text makes them
)

// NewID returns an ID that cannot be guessed.
func NewID() string { return strings.ToLower(rand.Text()) }

// UploadKey is the key of the object that a client may put for the image.
func UploadKey(id string) string { return uploadPrefix + id }

// IDOfUpload returns the id of the image whose upload has the given key.
func IDOfUpload(key string) (id string, ok bool) {
	id, ok = strings.CutPrefix(key, uploadPrefix)
	return id, ok && ValidID(id)
}

// ValidID reports whether id has the form of an image's id, so that no other
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
