package image

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
)

// Codec names the code that makes the variants. It is a part of the recipe's
// name: another one makes other bytes of the same settings.
type Codec string

// The codecs. Raise a codec's number when its output changes.
const (
	Fast    Codec = "fast3" // opaque images in planes of YCbCr, by package jpeg
	Imaging Codec = "std3"  // all images in RGB, by imaging and the standard encoder of JPEG
)

// CodecOf returns the codec of a setting, "fast" or "imaging".
func CodecOf(setting string) (Codec, error) {
	switch setting {
	case "fast":
		return Fast, nil
	case "imaging":
		return Imaging, nil
	default:
		return "", fmt.Errorf("unknown resizer %q: expected fast or imaging", setting)
	}
}

// Recipe defines the variants of an image.
type Recipe struct {
	Codec   Codec
	Widths  []int // of the ladder
	Card    Size  // for previews in other people's pages; none when zero
	Square  int   // side of the thumbnail; none when zero
	Quality int   // of JPEG
	Focus   Focus // what the crops keep in view
}

// Focus is the point of an upright image that its crops keep in view, in
// hundredths of its width and height from the middle, -50 to 50. The zero Focus
// is the middle.
type Focus struct{ X, Y int }

// Within returns where the part of the given size begins in a whole of the
// given size, so that the focus is as near to its middle as the edges allow.
func (f Focus) Within(width, height, partWidth, partHeight float64) (left, top float64) {
	at := func(share int, whole, part float64) float64 {
		return min(max(whole*(50+float64(share))/100-part/2, 0), whole-part)
	}
	return at(f.X, width, partWidth), at(f.Y, height, partHeight)
}

// Size is a width and a height in pixels.
type Size struct{ Width, Height int }

// Current is the recipe for new images.
func Current() Recipe {
	return Recipe{
		Codec:   Fast,
		Widths:  []int{320, 640, 1280, 1920},
		Card:    Size{1200, 630},
		Square:  320,
		Quality: 80,
	}
}

// CropsAt is the recipe that makes only the crops, around a focus.
func (r Recipe) CropsAt(f Focus) Recipe {
	r.Widths, r.Focus = nil, f
	return r
}

// Name identifies the recipe in the names of its variants: another recipe
// never touches them, so they can be cached forever.
func (r Recipe) Name() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %v %v %d %d", r.Codec, r.Widths, r.Card, r.Square, r.Quality))
	name := hex.EncodeToString(sum[:4])
	if r.Focus != (Focus{}) {
		name += fmt.Sprintf("-%dx%d", 50+r.Focus.X, 50+r.Focus.Y)
	}
	return name
}

// Folder is where the variants of the file with the given SHA-256 by the named
// recipe are, and nothing else.
func Folder(sha256, recipe string) string { return "i/" + sha256 + "/" + recipe + "/" }

// Key is the name of the object that holds a variant of the file with the
// given SHA-256.
func (r Recipe) Key(sha256, variant string, t Type) string {
	extension := "jpg"
	if t == PNG {
		extension = "png"
	}
	return Folder(sha256, r.Name()) + variant + "." + extension
}

// Step makes one variant: the whole image at a size, or, cropped, as much
// of it around the focus as has the size's proportions.
type Step struct {
	Name string
	Size
	Crop  bool
	Focus Focus   // of a crop
	scale float64 // of the whole image before cropping
}

// Plan is how to make all variants in a cascade: the source is resized once,
// to Base, and each step is taken from the last whole image before it. No
// step needs more pixels than the one before.
type Plan struct {
	Base  Size
	Steps []Step
}

// Plan plans for an upright image of the given size. Nothing is ever scaled
// up: an image below the first width gets a variant of its own size. A recipe
// has a ladder or a thumbnail, so that a plan is never empty.
func (r Recipe) Plan(width, height int) Plan {
	var steps []Step
	whole := func(w int) {
		scale := float64(w) / float64(width)
		size := Size{w, max(1, int(math.Round(float64(height)*scale)))}
		steps = append(steps, Step{Name: fmt.Sprintf("w%d", w), Size: size, scale: scale})
	}
	crop := func(name string, size Size) {
		scale := max(float64(size.Width)/float64(width), float64(size.Height)/float64(height))
		steps = append(steps, Step{Name: name, Size: size, Crop: true, Focus: r.Focus, scale: scale})
	}
	for _, w := range r.Widths {
		if w <= width {
			whole(w)
		}
	}
	if len(steps) == 0 && len(r.Widths) > 0 {
		whole(width)
	}
	if r.Card != (Size{}) && width >= r.Card.Width && height >= r.Card.Height {
		crop("card", r.Card)
	}
	if side := min(r.Square, width, height); side > 0 {
		crop("square", Size{side, side})
	}
	slices.SortStableFunc(steps, func(a, b Step) int {
		switch {
		case a.scale > b.scale:
			return -1
		case a.scale < b.scale:
			return 1
		default:
			return 0
		}
	})
	return Plan{Base: base(steps[0], width, height), Steps: steps}
}

// base is the size of the whole image that the largest step is made from.
func base(largest Step, width, height int) Size {
	if !largest.Crop {
		return largest.Size
	}
	return Size{
		Width:  min(width, int(math.Ceil(float64(width)*largest.scale))),
		Height: min(height, int(math.Ceil(float64(height)*largest.scale))),
	}
}
