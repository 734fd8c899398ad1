package main

import (
	"context"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

// good is how long an upload may be started after its permission; 25 MB may take
// longer on a slow line.
const good = 15 * time.Minute

type imageStore interface {
	Create(ctx context.Context, i image.Image) error
}

type linkStore interface {
	Create(ctx context.Context, i image.Image, l link.Link) error
}

type bucket interface {
	Permit(ctx context.Context, u blob.Upload, good time.Duration) (blob.Permission, error)
}

type handler struct {
	images    imageStore
	links     linkStore
	uploads   bucket
	site      string
	newID     func() string
	newLinkID func(at time.Time) string
	now       func() time.Time
}

type answer struct {
	ID     string       `json:"id"`
	Status image.Status `json:"status"`
	Upload upload       `json:"upload"`
}

type upload struct {
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"`
	ExpiresAt string            `json:"expiresAt"`
}

func (h *handler) create(ctx context.Context, img image.Image) error {
	if img.Upload.Code == "" {
		return h.images.Create(ctx, img)
	}
	return h.links.Create(ctx, img, img.Link(h.site, h.newLinkID(img.Created)))
}

// Handle answers 201 with the presigned request for the declared file. ID and key are
// generated here. The record is written first, because a file without one is ignored.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.ImagesWrite)
	if err != nil {
		return web.Response{}, err
	}
	var declared image.Upload
	if err := r.JSON(&declared); err != nil {
		return web.Response{}, err
	}
	if declared, err = declared.Check(); err != nil {
		return web.Response{}, err
	}
	if declared.Code != "" {
		if err := caller.Needs(key.LinksWrite); err != nil {
			return web.Response{}, err
		}
	}
	now := h.now()
	img := image.Image{
		ID: h.newID(), Owner: caller.Owner, Status: image.Pending, Upload: declared, Created: now, Modified: now,
	}
	wanted := blob.Upload{Key: image.UploadKey(img.ID), ContentType: declared.ContentType, Bytes: declared.Bytes}
	if _, err := hex.Decode(wanted.SHA256[:], []byte(declared.SHA256)); err != nil {
		return web.Response{}, err
	}
	permission, err := h.uploads.Permit(ctx, wanted, good)
	if err != nil {
		return web.Response{}, err
	}
	if err := h.create(ctx, img); err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusCreated, answer{
		ID:     img.ID,
		Status: img.Status,
		Upload: upload{
			Method:    permission.Method,
			URL:       permission.URL,
			Headers:   permission.Headers,
			ExpiresAt: now.Add(good).UTC().Format(image.TimeFormat),
		},
	}).With("Location", "/api/images/"+img.ID), nil
}
