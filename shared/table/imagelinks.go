package table

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/link"
)

// ImageLinks stores the short links to images in the links table. They are ordinary links
// with the ID of their image. It is safe for
// concurrent use.
type ImageLinks struct {
	db     *dynamodb.Client
	images *Images
	links  string
	index  linkIndex
}

// NewImageLinks returns the links to images, with the names of the tables of images, of
// links and of the links' index.
func NewImageLinks(db *dynamodb.Client, images, links, index string) *ImageLinks {
	return &ImageLinks{db: db, images: NewImages(db, images), links: links, index: linkIndex{db, index}}
}

// Recording returns links that store an idempotency record, as Images do.
func (t *ImageLinks) Recording(idempotency string, r IdempotencyRecord) *ImageLinks {
	recording := *t
	recording.images = t.images.Recording(idempotency, r)
	return &recording
}

// Create records a new, Pending image and its link together. If the code is
// taken, it is a Conflict fault, and nothing has been written.
func (t *ImageLinks) Create(ctx context.Context, i image.Image, l link.Link) error {
	item, err := newItem(i)
	if err != nil {
		return err
	}
	link, err := encodeLink(l)
	if err != nil {
		return err
	}
	record, err := t.images.records.record(t.images.record, i.Created)
	if err != nil {
		return err
	}
	if err := t.index.add(ctx, l, l.Terms()); err != nil {
		return err
	}
	err = transact(ctx, t.db, append([]types.TransactWriteItem{
		{Put: &types.Put{TableName: &t.links, Item: link, ConditionExpression: aws.String("attribute_not_exists(code)")}},
		{Put: &types.Put{TableName: &t.images.name, Item: item, ConditionExpression: aws.String("attribute_not_exists(id)")}},
	}, record...)...)
	if refusedAt(err, 2) {
		return errors.Join(ErrRepeated, t.index.remove(ctx, l, l.Terms()))
	}
	if refusedAt(err, 0) {
		taken := fault.Wrap(fault.Conflict, `The code "`+l.Code+`" is taken.`, err)
		return errors.Join(taken, t.index.remove(ctx, l, l.Terms()))
	}
	if err != nil {
		return fmt.Errorf("create image %s with a link: %w", i.ID, err)
	}
	return nil
}

// Lead sets the destination of an image's link to url. If the link is deleted or belongs to
// something else by now, nothing happens.
func (t *ImageLinks) Lead(ctx context.Context, code, id, url string, now time.Time) error {
	_, err := t.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                &t.links,
		Key:                      linkKey(code),
		UpdateExpression:         aws.String("SET #url = :url, updatedAt = :now, version = version + :one REMOVE pending"),
		ConditionExpression:      aws.String("image = :id AND attribute_not_exists(deletedAt)"),
		ExpressionAttributeNames: map[string]string{"#url": "url"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":url": textValue(url), ":now": textValue(stamp(now)), ":one": numberValue(1), ":id": textValue(id),
		},
	})
	if err != nil && !conditionFailed(err) {
		return fmt.Errorf("lead link to image %s: %w", id, err)
	}
	return nil
}

// Drop deletes the link to an image. Its code stays taken, as with any deleted link.
// If the link is deleted already or belongs to something else by now, it stays as it is.
func (t *ImageLinks) Drop(ctx context.Context, code, id string, now time.Time) error {
	out, err := t.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:           &t.links,
		Key:                 linkKey(code),
		UpdateExpression:    aws.String("SET deletedAt = :now, updatedAt = :now, version = version + :one"),
		ConditionExpression: aws.String("image = :id AND attribute_not_exists(deletedAt)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":id": textValue(id), ":now": textValue(stamp(now)), ":one": numberValue(1),
		},
		ReturnValues:                        types.ReturnValueAllNew,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	refused, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
	switch {
	case ok && (textOf(refused.Item["image"]) != id || refused.Item["deletedAt"] == nil):
		return nil
	case ok: // an earlier attempt may have ended before it wrote the index
		out = &dynamodb.UpdateItemOutput{Attributes: refused.Item}
	case err != nil:
		return fmt.Errorf("delete link to image %s: %w", id, err)
	}
	l, err := decodeLink(out.Attributes)
	if err != nil {
		return err
	}
	return t.index.add(ctx, l, l.Terms())
}

// Release removes the link to an image that will never be ready, so that its code can
// be used again at once: it has never redirected anyone. Other links are not changed.
func (t *ImageLinks) Release(ctx context.Context, code, id string) error {
	out, err := t.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName:                 &t.links,
		Key:                       linkKey(code),
		ConditionExpression:       aws.String("image = :id AND attribute_exists(pending) AND attribute_not_exists(deletedAt)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":id": textValue(id)},
		ReturnValues:              types.ReturnValueAllOld,
	})
	if conditionFailed(err) || err == nil && out.Attributes == nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("release link to image %s: %w", id, err)
	}
	l, err := decodeLink(out.Attributes)
	if err != nil {
		return err
	}
	return t.index.remove(ctx, l, l.Terms())
}
