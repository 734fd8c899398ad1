package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-lambda-go/events"

	"github.com/minim-dev/minim/shared/batch"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
)

// event is S3's event about objects, or our own about an image.
type event struct {
	events.S3Event
	image.Renewal
}

// Invoke handles either kind of event.
func (h *handler) Invoke(ctx context.Context, e event) error {
	if e.Renew != "" {
		return h.renew(ctx, e.Renew)
	}
	return batch.Objects(h.Handle)(ctx, e.S3Event)
}

// renew makes the variants of a ready image again that were made with another
// recipe or focus. Until they are recorded, the image shows the old ones. It may be
// called any number of times.
func (h *handler) renew(ctx context.Context, id string) error {
	for range rounds {
		before, err := h.images.Get(ctx, id)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil || before.Status != image.Ready {
			return err
		}
		renewed, err := h.renewed(ctx, before)
		if refusal, ok := errors.AsType[*image.Refusal](err); ok {
			h.log.WarnContext(ctx, "image keeps its old variants", "id", id, "code", string(refusal.Code))
			renewed, err = before.Renewed(before.Recipe, before.Content, before.Crops), nil
		}
		if err != nil {
			return err
		}
		renewed.Modified = h.now()
		if err := h.images.Renew(ctx, before, renewed); !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return fmt.Errorf("image %s changed during every attempt", id)
}

func (h *handler) renewed(ctx context.Context, i image.Image) (image.Image, error) {
	recipe, content, crops := i.Recipe, i.Content, i.Crops
	around := h.recipe.CropsAt(i.Focus)
	if i.Focus == (image.Focus{}) { // the content's crops are right
		crops, around = image.Crops{}, h.recipe
	}
	if recipe == h.recipe.Name() && (crops.Recipe == around.Name() || around.Name() == recipe) {
		return i.Renewed(recipe, content, crops), nil
	}
	f, err := h.open(ctx, i, batch.Object{Key: image.UploadKey(i.ID), Size: i.Upload.Bytes})
	if err != nil {
		return i, err
	}
	if recipe != h.recipe.Name() {
		if content, err = h.content(ctx, f, h.recipe); err != nil {
			return i, err
		}
		recipe = h.recipe.Name()
	}
	if around.Name() != recipe && around.Name() != crops.Recipe {
		made, err := h.content(ctx, f, around)
		if err != nil {
			return i, err
		}
		crops = image.Crops{Recipe: around.Name(), Variants: made.Variants}
	}
	return i.Renewed(recipe, content, crops), nil
}
