package image

import (
	"math"

	"github.com/minim-dev/minim/shared/fault"
)

// Edit is an owner's change of an image. Fields that are nil stay unchanged.
type Edit struct {
	Alt   *string `json:"alt"`
	Focus *Point  `json:"focus"`
}

// Apply returns the changed image. A mistake in the edit is an Invalid fault, and a
// focus for an image without crops a Conflict. The focus is rounded to the hundredth;
// a new one makes the image Renewing.
func (e Edit) Apply(i Image) (Image, error) {
	var wrong []fault.Field
	if e.Alt == nil && e.Focus == nil {
		return i, fault.New(fault.Invalid, "There is nothing to change; expected alt or focus.")
	}
	if e.Alt != nil {
		i.Upload.Alt = *e.Alt
		if !plain(*e.Alt, maxAlt) {
			wrong = append(wrong, altMistake())
		}
	}
	if e.Focus != nil {
		focus, ok := e.Focus.focus()
		if !ok {
			wrong = append(wrong, fault.Field{Name: "focus", Message: "Expected x and y, each from 0 to 1."})
		}
		if focus != i.Focus {
			i.Focus, i.Renewing = focus, true
		}
	}
	if err := fault.Fields(wrong...); err != nil {
		return i, err
	}
	if e.Focus != nil && i.Status != Ready {
		return i, fault.New(fault.Conflict, "The image is not ready: its focus can be set when it is.")
	}
	return i, nil
}

func (p Point) focus() (Focus, bool) {
	if !(p.X >= 0 && p.X <= 1 && p.Y >= 0 && p.Y <= 1) {
		return Focus{}, false
	}
	return Focus{int(math.Round(p.X*100)) - 50, int(math.Round(p.Y*100)) - 50}, true
}
