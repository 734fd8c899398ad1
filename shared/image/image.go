// Package image is the domain of images: what may be uploaded, what a file
// holds as told by its bytes, which files are refused and why, and which
// variants an image gets. It reads structure only; pixels are the business of
// package render.
package image

import (
	"crypto/rand"
	"slices"
	"strings"
	"time"
)

// Status is how far an image has come.
type Status string

// The life of an image. Ready is where most end; one that Failed in passing
// may still become Ready.
const (
	Pending    Status = "pending"    // upload allowed, nothing arrived yet
	Processing Status = "processing" // the file is being turned into variants
	Ready      Status = "ready"      // variants can be fetched
	Failed     Status = "failed"     // Refusal reports why
	Deleted    Status = "deleted"    // shown to nobody; what it leaves behind is being cleared away
)

// UploadTimeout is how long an image may wait for its file. After that it has
// failed. No upload that was permitted with the image goes on for longer.
const UploadTimeout = time.Hour

// Attempts is longer than all attempts to process a file take together: three,
// after pauses of one and two minutes. An image that was begun so long ago,
// and is not done, will not be done by itself.
const Attempts = 10 * time.Minute

// Image is one image of one owner.
type Image struct {
	ID       string
	Owner    string
	Status   Status
	Upload   Upload   // what the owner declared
	Recipe   string   // by which Content was made; "" until Ready
	Content  Content  // what the bytes became; zero until Ready
	Focus    Focus    // what crops shall keep in view
	Crops    Crops    // around the focus; zero when those of Content will do
	Recipes  []string // by which its file was made into variants that it keeps
	Renewing bool     // other variants are being made, until then it has the old ones
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

// Content is what became of some bytes by one recipe. Equal bytes give equal
// content, whoever uploads them, so it is made once and shared.
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

// Took is how many milliseconds the phases of making a content took.
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

// Final reports whether another arrival of the file changes nothing: the
// image is Ready, or was refused for what the file is.
func (i Image) Final() bool {
	return i.Status == Ready || i.Status == Deleted || i.Status == Failed && !i.Refusal.Passing()
}

// At returns the image as it reads at a moment: one that has been waiting
// for too long has failed.
func (i Image) At(now time.Time) Image {
	switch {
	case i.Status == Pending && now.Sub(i.Created) > UploadTimeout:
		i.Status, i.Refusal = Failed, RefuseExpired()
	case i.Status == Processing && now.Sub(i.Modified) > UploadTimeout:
		i.Status, i.Refusal = Failed, RefuseUnprocessed()
	}
	return i
}

// Due is the moment at which somebody must handle the image unless it
// changes before, zero for one at rest.
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

// NewID returns an id that nobody can guess.
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
