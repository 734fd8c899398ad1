package image

import "time"

// TimeFormat is how the API writes times, which are in UTC.
const TimeFormat = "2006-01-02T15:04:05.000Z"

// View is a picture as the API shows it.
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
	Alt         string        `json:"alt"`
	Variants    []VariantView `json:"variants"`
	CreatedAt   string        `json:"createdAt"`
}

// VariantView is a variant as the API shows it.
type VariantView struct {
	Name        string `json:"name"`
	Width       int    `json:"width"`
	Height      int    `json:"height"`
	ContentType Type   `json:"contentType"`
	Bytes       int64  `json:"bytes"`
	URL         string `json:"url"`
}

// View shows the picture as it reads now; its variants lie below site.
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
		Alt:         i.Upload.Alt,
		Variants:    make([]VariantView, 0, len(i.Content.Variants)),
		CreatedAt:   i.Created.UTC().Format(TimeFormat),
	}
	if i.Content.Type != "" {
		view.ContentType = string(i.Content.Type)
	}
	for _, v := range i.Content.Variants {
		view.Variants = append(view.Variants, VariantView{
			Name: v.Name, Width: v.Width, Height: v.Height, ContentType: v.Type, Bytes: v.Bytes, URL: site + "/" + v.Key,
		})
	}
	return view
}
