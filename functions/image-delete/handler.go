package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/web"
)

// tries limits the attempts if the image changes between our read and our write.
const tries = 3

type imageStore interface {
	Get(ctx context.Context, id string) (image.Image, error)
	Delete(ctx context.Context, i image.Image, now time.Time) error
}

type starter interface {
	Start(ctx context.Context, event any) error
}

type handler struct {
	images imageStore
	sweep  starter
	now    func() time.Time
	log    *slog.Logger
}

// Handle answers 204 once the image is marked as deleted: from then on nobody can
// see it, and a file that arrives later does not restore it. Its files are deleted
// shortly after. Another owner's image is not found.
func (h *handler) Handle(ctx context.Context, r web.Request) (web.Response, error) {
	caller, err := r.Caller(key.ImagesWrite)
	if err != nil {
		return web.Response{}, err
	}
	id := r.Path("id")
	if err := h.delete(ctx, caller, id); err != nil {
		return web.Response{}, err
	}
	// If this fails, the next scheduled sweep does it.
	if err := h.sweep.Start(ctx, image.Sweep{ID: id}); err != nil {
		h.log.ErrorContext(ctx, "sweep not started", "id", id, "error", err)
	}
	return web.Empty(http.StatusNoContent), nil
}

func (h *handler) delete(ctx context.Context, caller web.Caller, id string) error {
	for try := 1; ; try++ {
		img, err := image.Owned(ctx, h.images.Get, id, caller.Owns)
		if err != nil {
			return err
		}
		if err := h.images.Delete(ctx, img, h.now()); try == tries || !fault.Is(err, fault.Conflict) {
			return err
		}
	}
}
