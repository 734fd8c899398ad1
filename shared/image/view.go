package image

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// TimeFormat is how the API writes times, which are in UTC.
const TimeFormat = "2006-01-02T15:04:05.000Z"

// View is an image as the API shows it.
type View struct {
	ID          string        `json:"id"`
	Status      Status        `json:"status"`
	Error       *Refusal      `json:"error,omitempty"`
	Filename    string        `json:"filename"`
	ContentType string        `json:"contentType"`
	Bytes       int64         `json:"bytes"`
	Width       int           `json:"width,omitempty"`
	Height      int           `json:"height,omitempty"`
	Color       string        `json:"color,omitempty"`
	Placeholder string        `json:"placeholder,omitempty"`
	ThumbHash   string        `json:"thumbHash,omitempty"`
	Alt         string        `json:"alt"`
	ShortURL    string        `json:"shortUrl,omitempty"`
	Focus       Point         `json:"focus"`
	Renewing    bool          `json:"renewing,omitempty"`
	SrcSet      string        `json:"srcset,omitempty"`
	Sizes       string        `json:"sizes,omitempty"`
	Variants    []VariantView `json:"variants"`
	CreatedAt   string        `json:"createdAt"`
}

// Point is a place in an upright image as the API shows it: shares of its
// width and height, 0 to 1, from the upper left corner.
type Point struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

func (f Focus) point() Point { return Point{float64(50+f.X) / 100, float64(50+f.Y) / 100} }

// VariantView is a variant as the API shows it.
type VariantView struct {
	Name        string `json:"name"`
	Width       int    `json:"width"`
	Height      int    `json:"height"`
	ContentType Type   `json:"contentType"`
	Bytes       int64  `json:"bytes"`
	URL         string `json:"url"`
}

// View shows the image as it reads now; its variants lie below site.
func (i Image) View(site string, now time.Time) View {
	i = i.At(now)
	view := View{
		ID:          i.ID,
		Status:      i.Status,
		Error:       i.Refusal,
		Filename:    i.Upload.Filename,
		ContentType: i.Upload.ContentType,
		Bytes:       i.Upload.Bytes,
		Width:       i.Content.Width,
		Height:      i.Content.Height,
		Color:       i.Content.Color,
		Placeholder: i.Content.Placeholder,
		ThumbHash:   i.Content.ThumbHash,
		Alt:         i.Upload.Alt,
		Focus:       i.Focus.point(),
		Renewing:    i.Renewing,
		Variants:    []VariantView{},
		CreatedAt:   i.Created.UTC().Format(TimeFormat),
	}
	if i.Content.Type != "" {
		view.ContentType = string(i.Content.Type)
	}
	for _, v := range i.Shown() {
		view.Variants = append(view.Variants, VariantView{
			Name: v.Name, Width: v.Width, Height: v.Height, ContentType: v.Type, Bytes: v.Bytes, URL: site + "/" + v.Key,
		})
	}
	if i.Upload.Code != "" && (i.Status != Failed || i.Refusal.Passing()) { // else the code is free again
		view.ShortURL = site + "/" + i.Upload.Code
	}
	view.SrcSet, view.Sizes = i.srcset(site)
	return view
}

// srcset returns what an img element needs to choose among the whole variants,
// shown as wide as the page allows.
func (i Image) srcset(site string) (srcset, sizes string) {
	var offers []string
	widest := 0
	for _, v := range slices.Backward(i.Content.Variants) { // the smallest first
		if strings.HasPrefix(v.Name, "w") {
			offers = append(offers, fmt.Sprintf("%s/%s %dw", site, v.Key, v.Width))
			widest = max(widest, v.Width)
		}
	}
	if offers == nil {
		return "", ""
	}
	return strings.Join(offers, ", "), fmt.Sprintf("(max-width: %dpx) 100vw, %dpx", widest, widest)
}
