package table

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
)

// Contents stores the contents of files by recipe in the images table, with the number
// of images that use each. A content that no image uses, or that was claimed and not
// made, becomes one of Overdue. It is safe for concurrent use.
type Contents struct {
	db   *dynamodb.Client
	name string
}

// NewContents returns the contents kept in the table called name.
func NewContents(db *dynamodb.Client, name string) *Contents { return &Contents{db: db, name: name} }

type contentMap struct {
	Type        image.Type   `dynamodbav:"type"`
	Width       int          `dynamodbav:"width"`
	Height      int          `dynamodbav:"height"`
	Color       string       `dynamodbav:"color"`
	Placeholder string       `dynamodbav:"placeholder"`
	ThumbHash   string       `dynamodbav:"thumbHash,omitempty"`
	Variants    []variantMap `dynamodbav:"variants"`
	Took        tookMap      `dynamodbav:"took"`
}

type tookMap struct {
	Decode int64 `dynamodbav:"decode"` // milliseconds
	Resize int64 `dynamodbav:"resize"`
	Encode int64 `dynamodbav:"encode"`
	Upload int64 `dynamodbav:"upload"`
}

type variantMap struct {
	Name   string     `dynamodbav:"name"`
	Key    string     `dynamodbav:"key"`
	Type   image.Type `dynamodbav:"type"`
	Width  int        `dynamodbav:"width"`
	Height int        `dynamodbav:"height"`
	Bytes  int64      `dynamodbav:"bytes"`
}

// Claim claims the exclusive right to make a content until claim.Until. If the content
// exists already, it is returned and made is true. If another process holds the
// claim, it returns a Conflict fault.
func (t *Contents) Claim(ctx context.Context, c image.Claim, now time.Time) (content image.Content, made bool, err error) {
	id := contentID(c.SHA256, c.Recipe)
	item := idKey(id)
	item["heldBy"] = textValue(c.Token)
	item["heldUntil"] = numberValue(c.Until.UnixMilli())
	item["shelf"] = textValue(indexPartition(id))
	item["due"] = textValue(stamp(c.Due()))
	_, err = t.db.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:                           &t.name,
		Item:                                item,
		ConditionExpression:                 aws.String("attribute_not_exists(id) OR heldUntil < :now OR heldBy = :token"),
		ExpressionAttributeValues:           map[string]types.AttributeValue{":now": numberValue(now.UnixMilli()), ":token": textValue(c.Token)},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if err == nil {
		return image.Content{}, false, nil
	}
	refused, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
	if !ok {
		return image.Content{}, false, fmt.Errorf("claim content %s: %w", c.SHA256, err)
	}
	var holder struct {
		Content *contentMap `dynamodbav:"content"`
	}
	if err := attributevalue.UnmarshalMap(refused.Item, &holder); err != nil {
		return image.Content{}, false, fmt.Errorf("decode content %s: %w", c.SHA256, err)
	}
	if holder.Content == nil {
		return image.Content{}, false, fault.Wrap(fault.Conflict, "The image is being processed.", refused)
	}
	return holder.Content.content(), true, nil
}

// Finish records the content that was made under the claim. If the claim was lost in
// the meantime, it returns a Conflict fault.
func (t *Contents) Finish(ctx context.Context, c image.Claim, content image.Content) error {
	encoded, err := attributevalue.Marshal(contentOf(content))
	if err != nil {
		return fmt.Errorf("encode content %s: %w", c.SHA256, err)
	}
	err = transact(ctx, t.db, types.TransactWriteItem{Update: &types.Update{
		TableName:                 &t.name,
		Key:                       idKey(contentID(c.SHA256, c.Recipe)),
		UpdateExpression:          aws.String("SET content = :content REMOVE heldBy, heldUntil"),
		ConditionExpression:       aws.String("heldBy = :token"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":token": textValue(c.Token), ":content": encoded},
	}})
	if refusedAt(err, 0) {
		return fault.Wrap(fault.Conflict, "Another process has claimed the image.", err)
	}
	if err != nil {
		return fmt.Errorf("finish content %s: %w", c.SHA256, err)
	}
	return nil
}

// ClaimForDeletion claims a content that no image uses. From then on it cannot be
// used, nor made again before the claim ends. If it is in use or does not exist,
// claimed is false. If another process holds a claim, it is a Conflict fault.
func (t *Contents) ClaimForDeletion(ctx context.Context, c image.Claim, now time.Time) (claimed bool, err error) {
	id := contentID(c.SHA256, c.Recipe)
	_, err = t.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:        &t.name,
		Key:              idKey(id),
		UpdateExpression: aws.String("SET heldBy = :token, heldUntil = :until, shelf = :partition, due = :due REMOVE content"),
		ConditionExpression: aws.String("attribute_exists(id) AND (attribute_not_exists(pictures) OR pictures < :one)" +
			" AND (attribute_not_exists(heldUntil) OR heldUntil < :now OR heldBy = :token)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":token": textValue(c.Token), ":until": numberValue(c.Until.UnixMilli()), ":now": numberValue(now.UnixMilli()),
			":partition": textValue(indexPartition(id)), ":due": textValue(stamp(c.Due())), ":one": numberValue(1),
		},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if err == nil {
		return true, nil
	}
	refused, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
	if !ok {
		return false, fmt.Errorf("claim content for deletion %s: %w", c.SHA256, err)
	}
	if refused.Item["heldUntil"] != nil {
		return false, fault.Wrap(fault.Conflict, "The image is being processed.", refused)
	}
	return false, t.complete(ctx, id)
}

// complete removes a content that is in use from the index of unfinished items.
func (t *Contents) complete(ctx context.Context, id string) error {
	_, err := t.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 &t.name,
		Key:                       idKey(id),
		UpdateExpression:          aws.String("REMOVE shelf, due"),
		ConditionExpression:       aws.String("pictures >= :one"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":one": numberValue(1)},
	})
	if err != nil && !conditionFailed(err) {
		return fmt.Errorf("complete content %s: %w", id, err)
	}
	return nil
}

// use is a part of a transaction by which one more image uses a content,
// which must have been made.
func (t *Images) use(sha256, recipe string) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName:                 &t.name,
		Key:                       idKey(contentID(sha256, recipe)),
		UpdateExpression:          aws.String("ADD pictures :one REMOVE shelf, due"),
		ConditionExpression:       aws.String("attribute_exists(content)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":one": numberValue(1)},
	}}
}

// leave is a part of a transaction by which an image stops using a content.
func (t *Images) leave(sha256, recipe string, now time.Time) types.TransactWriteItem {
	id := contentID(sha256, recipe)
	return types.TransactWriteItem{Update: &types.Update{
		TableName:           &t.name,
		Key:                 idKey(id),
		UpdateExpression:    aws.String("ADD pictures :less SET shelf = :partition, due = :now"),
		ConditionExpression: aws.String("pictures >= :one"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":less": numberValue(-1), ":one": numberValue(1), ":partition": textValue(indexPartition(id)), ":now": textValue(stamp(now)),
		},
	}}
}

// Release releases a claim, so that another process can claim the content at once. The
// item stays unfinished, because files may have been stored under the claim. It does
// not change a lost claim or a finished content.
func (t *Contents) Release(ctx context.Context, c image.Claim) error {
	_, err := t.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 &t.name,
		Key:                       idKey(contentID(c.SHA256, c.Recipe)),
		UpdateExpression:          aws.String("SET heldUntil = :over"),
		ConditionExpression:       aws.String("heldBy = :token"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":token": textValue(c.Token), ":over": numberValue(0)},
	})
	if err != nil && !conditionFailed(err) {
		return fmt.Errorf("release content %s: %w", c.SHA256, err)
	}
	return nil
}

// Delete removes the record of a content that was claimed for deletion, after its files.
// If the claim was lost meanwhile, nothing happens.
func (t *Contents) Delete(ctx context.Context, c image.Claim) error {
	_, err := t.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName:                 &t.name,
		Key:                       idKey(contentID(c.SHA256, c.Recipe)),
		ConditionExpression:       aws.String("heldBy = :token"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":token": textValue(c.Token)},
	})
	if err != nil && !conditionFailed(err) {
		return fmt.Errorf("delete content %s: %w", c.SHA256, err)
	}
	return nil
}

func contentOf(c image.Content) contentMap {
	return contentMap{
		Type: c.Type, Width: c.Width, Height: c.Height, Color: c.Color, Placeholder: c.Placeholder, ThumbHash: c.ThumbHash,
		Variants: variantMaps(c.Variants), Took: tookMap(c.Took),
	}
}

func variantMaps(variants []image.Variant) []variantMap {
	maps := make([]variantMap, len(variants))
	for i, v := range variants {
		maps[i] = variantMap(v)
	}
	return maps
}

func variants(maps []variantMap) []image.Variant {
	variants := make([]image.Variant, len(maps))
	for i, m := range maps {
		variants[i] = image.Variant(m)
	}
	return variants
}

func (m *contentMap) content() image.Content {
	if m == nil {
		return image.Content{}
	}
	return image.Content{
		Type: m.Type, Width: m.Width, Height: m.Height, Color: m.Color, Placeholder: m.Placeholder, ThumbHash: m.ThumbHash,
		Variants: variants(m.Variants), Took: image.Took(m.Took),
	}
}
