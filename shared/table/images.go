package table

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
)

// Images keeps the images. It is safe for concurrent use.
type Images struct {
	db      *dynamodb.Client
	name    string
	records Idempotency
	record  IdempotencyRecord // to be stored with a new image
}

// NewImages returns the images kept in the table called name.
func NewImages(db *dynamodb.Client, name string) *Images { return &Images{db: db, name: name} }

// Recording returns images that store an idempotency record in the named table with each new
// image. If the record's key has been used, Create is ErrRepeated.
func (t *Images) Recording(idempotency string, r IdempotencyRecord) *Images {
	recording := *t
	recording.records, recording.record = NewIdempotency(t.db, idempotency), r
	return &recording
}

type imageItem struct {
	ID          string       `dynamodbav:"id"`
	Owner       string       `dynamodbav:"owner"`
	Status      image.Status `dynamodbav:"status"`
	Filename    string       `dynamodbav:"filename"`
	ContentType string       `dynamodbav:"contentType"`
	Bytes       int64        `dynamodbav:"bytes"`
	SHA256      string       `dynamodbav:"sha256"`
	Alt         string       `dynamodbav:"alt,omitempty"`
	Code        string       `dynamodbav:"code,omitempty"`
	Recipe      string       `dynamodbav:"recipe,omitempty"`
	Content     *contentMap  `dynamodbav:"content,omitempty"`
	Focus       *focusMap    `dynamodbav:"focus,omitempty"`
	Crops       *cropsMap    `dynamodbav:"crops,omitempty"`
	Recipes     []string     `dynamodbav:"recipes,omitempty"`
	Renewing    bool         `dynamodbav:"renewing,omitempty"`
	Refusal     *refusalMap  `dynamodbav:"refusal,omitempty"`
	Version     int          `dynamodbav:"version"`
	CreatedAt   string       `dynamodbav:"createdAt"`
	UpdatedAt   string       `dynamodbav:"updatedAt"`
	Partition   string       `dynamodbav:"shelf,omitempty"` // of the index of unfinished items, with Due
	Due         string       `dynamodbav:"due,omitempty"`
}

type focusMap struct {
	X int `dynamodbav:"x"`
	Y int `dynamodbav:"y"`
}

type cropsMap struct {
	Recipe   string       `dynamodbav:"recipe"`
	Variants []variantMap `dynamodbav:"variants"`
}

type refusalMap struct {
	Code    image.Reason `dynamodbav:"code"`
	Message string       `dynamodbav:"message"`
	Limit   int64        `dynamodbav:"limit"`
	Actual  int64        `dynamodbav:"actual"`
}

// Create records a new, Pending image without a short link. If there is one
// of its id, it is a Conflict fault.
func (t *Images) Create(ctx context.Context, i image.Image) error {
	item, err := newItem(i)
	if err != nil {
		return err
	}
	record, err := t.records.record(t.record, i.Created)
	if err != nil {
		return err
	}
	err = transact(ctx, t.db, append(record, types.TransactWriteItem{Put: &types.Put{
		TableName: &t.name, Item: item, ConditionExpression: aws.String("attribute_not_exists(id)"),
	}})...)
	switch {
	case len(record) > 0 && refusedAt(err, 0):
		return ErrRepeated
	case refusedAt(err, len(record)):
		return fault.Wrap(fault.Conflict, "There is such an image already.", err)
	case err != nil:
		return fmt.Errorf("create image %s: %w", i.ID, err)
	}
	return nil
}

func newItem(i image.Image) (map[string]types.AttributeValue, error) {
	item, err := attributevalue.MarshalMap(imageItem{
		ID: i.ID, Owner: i.Owner, Status: i.Status, Filename: i.Upload.Filename, ContentType: i.Upload.ContentType,
		Bytes: i.Upload.Bytes, SHA256: i.Upload.SHA256, Alt: i.Upload.Alt, Code: i.Upload.Code, Version: i.Version,
		CreatedAt: stamp(i.Created), UpdatedAt: stamp(i.Modified), Partition: indexPartition(i.ID), Due: stamp(i.Due()),
	})
	if err != nil {
		return nil, fmt.Errorf("encode image %s: %w", i.ID, err)
	}
	return item, nil
}

// Get returns an image after all acknowledged writes, or a NotFound fault, also for a
// Deleted one.
func (t *Images) Get(ctx context.Context, id string) (image.Image, error) {
	i, err := t.Remains(ctx, id)
	if err == nil && i.Status == image.Deleted {
		return image.Image{}, fault.New(fault.NotFound, "There is no such image.")
	}
	return i, err
}

// Remains returns an image even if it is Deleted, as long as something of it
// is left.
func (t *Images) Remains(ctx context.Context, id string) (image.Image, error) {
	out, err := t.db.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: idKey(id), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return image.Image{}, fmt.Errorf("get image %s: %w", id, err)
	}
	if out.Item == nil {
		return image.Image{}, fault.New(fault.NotFound, "There is no such image.")
	}
	return readImage(out.Item)
}

// List returns up to limit images of an owner, newest first, from behind the
// position after ("" is the start), and the position of the last one when
// there may be more.
func (t *Images) List(ctx context.Context, owner, after string, limit int) (found []image.Image, next string, err error) {
	items, next, err := byOwner(ctx, t.db, t.name, owner, after, limit)
	if err != nil {
		return nil, "", err
	}
	found = make([]image.Image, len(items))
	for n, item := range items {
		if found[n], err = readImage(item); err != nil {
			return nil, "", err
		}
	}
	return found, next, nil
}

// Ready lists the images that are ready, of all owners, among the next limit
// items of the table, from behind the position after ("" is the start), and the
// position where to go on when that is not the end.
func (t *Images) Ready(ctx context.Context, after string, limit int) (found []image.Image, next string, err error) {
	input := &dynamodb.ScanInput{
		TableName:                 &t.name,
		FilterExpression:          aws.String("#status = :ready"),
		ExpressionAttributeNames:  map[string]string{"#status": "status"},
		ExpressionAttributeValues: statusValues(image.Ready),
		Limit:                     aws.Int32(int32(limit)),
	}
	if after != "" {
		input.ExclusiveStartKey = idKey(after)
	}
	out, err := t.db.Scan(ctx, input)
	if err != nil {
		return nil, "", fmt.Errorf("scan images: %w", err)
	}
	found = make([]image.Image, len(out.Items))
	for n, item := range out.Items {
		if found[n], err = readImage(item); err != nil {
			return nil, "", err
		}
	}
	return found, textOf(out.LastEvaluatedKey["id"]), nil
}

func readImage(item map[string]types.AttributeValue) (image.Image, error) {
	var read imageItem
	if err := attributevalue.UnmarshalMap(item, &read); err != nil {
		return image.Image{}, fmt.Errorf("decode image: %w", err)
	}
	created, err := parseStamp(read.CreatedAt)
	if err != nil {
		return image.Image{}, fmt.Errorf("decode image %s: %w", read.ID, err)
	}
	modified, err := parseStamp(read.UpdatedAt)
	if err != nil {
		return image.Image{}, fmt.Errorf("decode image %s: %w", read.ID, err)
	}
	i := image.Image{
		ID: read.ID, Owner: read.Owner, Status: read.Status, Version: read.Version, Created: created, Modified: modified,
		Upload: image.Upload{
			Filename: read.Filename, ContentType: read.ContentType, Bytes: read.Bytes, SHA256: read.SHA256, Alt: read.Alt, Code: read.Code,
		},
		Recipe: read.Recipe, Content: read.Content.content(), Recipes: read.Recipes, Renewing: read.Renewing,
		Refusal: (*image.Refusal)(read.Refusal),
	}
	if read.Focus != nil {
		i.Focus = image.Focus(*read.Focus)
	}
	if read.Crops != nil && read.Crops.Recipe != "" {
		i.Crops = image.Crops{Recipe: read.Crops.Recipe, Variants: variants(read.Crops.Variants)}
	}
	return i, nil
}
