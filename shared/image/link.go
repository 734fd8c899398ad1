package image

import "github.com/minim-dev/minim/shared/link"

// Link is the short link, with a new ID, that the owner asked for with the image. It is
// pending until the image is ready.
func (i Image) Link(site, id string) link.Link {
	return link.Link{
		ID: id, Code: i.Upload.Code, URL: site + "/", Owner: i.Owner, Title: i.Upload.Filename, Redirect: 302,
		Pending: true, Image: i.ID, Version: 1, CreatedAt: i.Created, UpdatedAt: i.Created,
	}
}

// Largest is the widest variant that shows the whole image.
func (c Content) Largest() Variant {
	var largest Variant
	for _, v := range c.Variants {
		if v.Name[0] == 'w' && v.Width > largest.Width {
			largest = v
		}
	}
	return largest
}
