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

// The codecs. Raise the number of one when other bytes come out of it.
const (
	Fast    Codec = "fast2" // opaque pictures in planes of YCbCr, by package jpeg
	Imaging Codec = "std2"  // all pictures in RGB, by imaging and the standard encoder of JPEG
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

// Recipe is how a picture becomes variants.
type Recipe struct {
	Codec   Codec
	Widths  []int // of the ladder
	Card    Size  // for previews in other people's pages; none when zero
	Square  int   // side of the thumbnail; none when zero
	Quality int   // of JPEG
}

// Size is a width and a height in pixels.
type Size struct{ Width, Height int }

// Current is the recipe that pictures are processed by now.
func Current() Recipe {
	return Recipe{
		Codec:   Fast,
		Widths:  []int{320, 640, 1280, 1920},
		Card:    Size{1200, 630},
		Square:  320,
		Quality: 80,
	}
}

// Name identifies the recipe in the names of its variants: another recipe
// never touches them, so they can be cached for ever.
func (r Recipe) Name() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %v %v %d %d", r.Codec, r.Widths, r.Card, r.Square, r.Quality))
	return hex.EncodeToString(sum[:4])
}

// Key is the name of the object that holds a variant of the file with the
// given SHA-256.
func (r Recipe) Key(sha256, variant string, t Type) string {
	extension := "jpg"
	if t == PNG {
		extension = "png"
	}
	return fmt.Sprintf("i/%s/%s/%s.%s", sha256, r.Name(), variant, extension)
}

// Step makes one variant: the whole picture at a size, or, cropped, as much
// of its middle as has the size's proportions.
type Step struct {
	Name string
	Size
	Crop  bool
	scale float64 // of the whole picture before cropping
}

// Plan is how to make all variants in a cascade: the source is resized once,
// to Base, and each step is taken from the last whole picture before it. No
// step needs more pixels than the one before.
type Plan struct {
	Base  Size
	Steps []Step
}

// Plan plans for an upright picture of the given size. Nothing is ever scaled
// up: a picture below the first width gets a variant of its own size.
func (r Recipe) Plan(width, height int) Plan {
	var steps []Step
	whole := func(w int) {
		scale := float64(w) / float64(width)
		size := Size{w, max(1, int(math.Round(float64(height)*scale)))}
		steps = append(steps, Step{Name: fmt.Sprintf("w%d", w), Size: size, scale: scale})
	}
	crop := func(name string, size Size) {
		scale := max(float64(size.Width)/float64(width), float64(size.Height)/float64(height))
		steps = append(steps, Step{Name: name, Size: size, Crop: true, scale: scale})
	}
	for _, w := range r.Widths {
		if w <= width {
			whole(w)
		}
	}
	if len(steps) == 0 {
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

// base is the size of the whole picture that the largest step is made from.
func base(largest Step, width, height int) Size {
	if !largest.Crop {
		return largest.Size
	}
	return Size{
		Width:  min(width, int(math.Ceil(float64(width)*largest.scale))),
		Height: min(height, int(math.Ceil(float64(height)*largest.scale))),
	}
}
