package main

import (
	"context"
	"net/http"
	"slices"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/qr"
	"github.com/minim-dev/minim/shared/web"
)

// maxLogo is the largest variant that is read, in bytes.
const maxLogo = 1 << 20

type linkStore interface {
	Get(ctx context.Context, code string) (link.Link, error)
}

type imageStore interface {
	Get(ctx context.Context, id string) (image.Image, error)
}

type fileStore interface {
	Get(ctx context.Context, key string, limit int64) ([]byte, error)
}

type handler struct {
	site   link.Site
	links  linkStore
	images imageStore
	files  fileStore
}

// Handle answers 200 with the QR code, or 304 if the caller has it. Another owner's
// link does not exist, nor does another owner's image.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.LinksRead, "format", "size", "margin", "level", "color", "background", "logo")
	if err != nil {
		return web.Response{}, err
	}
	options, err := qr.Parse(r.Query)
	if err != nil {
		return web.Response{}, err
	}
	l, err := link.Owned(ctx, h.links.Get, r.Path("code"), caller.Owns)
	if err != nil {
		return web.Response{}, err
	}
	if options.LogoID != "" {
		if options.Logo, err = h.logo(ctx, caller, options.LogoID); err != nil {
			return web.Response{}, err
		}
	}
	drawing, err := qr.Draw(h.site.ScanURL(l.Code), options)
	if err != nil {
		return web.Response{}, err
	}
	return web.Bytes(http.StatusOK, drawing.MediaType, drawing.Data).Tagged(r, drawing.Tag()), nil
}

// logo reads the square variant of an image of the caller.
func (h *handler) logo(ctx context.Context, caller web.Caller, id string) (*qr.Logo, error) {
	if err := caller.Needs(key.ImagesRead); err != nil {
		return nil, err
	}
	picture, err := image.Owned(ctx, h.images.Get, id, caller.Owns)
	if fault.Is(err, fault.NotFound) {
		return nil, fault.Fields(fault.Field{Name: "logo", Message: "You have no such image."})
	}
	if err != nil {
		return nil, err
	}
	variants := picture.Shown()
	square := slices.IndexFunc(variants, func(v image.Variant) bool { return v.Name == "square" })
	if picture.Status != image.Ready || square < 0 {
		return nil, fault.Fields(fault.Field{Name: "logo", Message: "This image has no square variant yet."})
	}
	data, err := h.files.Get(ctx, variants[square].Key, maxLogo)
	if err != nil {
		return nil, err
	}
	return qr.NewLogo(string(variants[square].Type), data)
}
