package render

import (
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/image/jpeg"
	"github.com/minim-dev/minim/shared/image/png"
)

// keep puts the file itself, without its metadata, in the place of a variant of
// the same size that is not smaller: to encode it again has only lost quality.
func (r *Result) keep(data []byte, info image.Info, recipe image.Recipe) error {
	if info.Orientation != 1 || info.Truncated || r.Truncated {
		return nil
	}
	for i, step := range recipe.Plan(r.Width, r.Height).Steps {
		if step.Crop || step.Width != r.Width || step.Height != r.Height {
			continue
		}
		body, err := stripped(data, info)
		if err != nil {
			return err
		}
		if body != nil && len(body) <= len(r.Files[i].Body) {
			r.Files[i].Type, r.Files[i].Body = info.Type, body
		}
	}
	return nil
}

// stripped returns the file without metadata, nil when it is of a kind that is
// not written.
func stripped(data []byte, info image.Info) ([]byte, error) {
	switch info.Type {
	case image.JPEG:
		if _, err := jpeg.Open(data); err != nil {
			return nil, nil
		}
		profile := info.Profile
		if info.Components == 1 {
			profile = nil // it describes colours
		}
		return jpeg.Strip(data, profile), nil
	case image.PNG:
		return png.Strip(data, info.Profile)
	default:
		return nil, nil
	}
}
