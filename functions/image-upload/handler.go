package main

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/blob"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
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

type recordStore interface {
	Repeated(ctx context.Context, r table.IdempotencyRecord, now time.Time) (table.IdempotencyRecord, error)
}

type handler struct {
	images    func(r table.IdempotencyRecord) imageStore // both store the record, if it has a key
	links     func(r table.IdempotencyRecord) linkStore
	records   recordStore
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

// create records a new image and returns its ID, or that of the image which an earlier request
// with the same Idempotency-Key created.
func (h *handler) create(ctx context.Context, id, owner, idempotencyKey string, declared image.Upload) (created string, err error) {
	now := h.now()
	img := image.Image{ID: id, Owner: owner, Status: image.Pending, Upload: declared, Created: now, Modified: now}
	record := table.IdempotencyRecord{Owner: owner, Key: idempotencyKey, Status: http.StatusCreated, Body: img.ID}
	if idempotencyKey != "" {
		digest, err := link.Digest(declared, false, "")
		if err != nil {
			return "", err
		}
		record.Request = "POST /api/images " + digest
		first, err := h.records.Repeated(ctx, record, now)
		if !fault.Is(err, fault.NotFound) {
			return first.Body, err
		}
	}
	if declared.Code == "" {
		err = h.images(record).Create(ctx, img)
	} else {
		err = h.links(record).Create(ctx, img, img.Link(h.site, h.newLinkID(now)))
	}
	if errors.Is(err, table.ErrRepeated) {
		first, err := h.records.Repeated(ctx, record, now)
		return first.Body, err
	}
	return img.ID, err
}

// Handle answers 201 with the presigned request for the declared file. ID and key are
// generated here. The record is written first, because a file without one is ignored. A
// repeated Idempotency-Key gets the same image, and a new permission, since the first one may
// have expired.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.ImagesWrite)
	if err != nil {
		return web.Response{}, err
	}
	var declared image.Upload
	malformed := r.JSON(&declared)
	declared, mistakes := declared.Check()
	idempotencyKey, err := r.IdempotencyKey()
	if err := fault.Join(malformed, mistakes, err); err != nil {
		return web.Response{}, err
	}
	if declared.Code != "" {
		if err := caller.Needs(key.LinksWrite); err != nil {
			return web.Response{}, err
		}
	}
	id := h.newID()
	response, err := h.permit(ctx, id, declared)
	if err != nil {
		return web.Response{}, err
	}
	created, err := h.create(ctx, id, caller.Owner, idempotencyKey, declared)
	if err != nil || created == id {
		return response, err
	}
	return h.permit(ctx, created, declared)
}

// permit answers with the permission to upload the file of an image.
func (h *handler) permit(ctx context.Context, id string, declared image.Upload) (web.Response, error) {
	expires := h.now().Add(good)
	wanted := blob.Upload{Key: image.UploadKey(id), ContentType: declared.ContentType, Bytes: declared.Bytes}
	if _, err := hex.Decode(wanted.SHA256[:], []byte(declared.SHA256)); err != nil {
		return web.Response{}, err
	}
	permission, err := h.uploads.Permit(ctx, wanted, good)
	if err != nil {
		return web.Response{}, err
	}
	return web.JSON(http.StatusCreated, answer{
		ID:     id,
		Status: image.Pending,
		Upload: upload{
			Method:    permission.Method,
			URL:       permission.URL,
			Headers:   permission.Headers,
			ExpiresAt: expires.UTC().Format(image.TimeFormat),
		},
	}).With("Location", "/api/images/"+id), nil
}
