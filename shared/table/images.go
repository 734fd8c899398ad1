package table

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
)

// Images keeps the pictures. It is safe for concurrent use.
type Images struct {
	db   *dynamodb.Client
	name string
}

// NewImages returns the pictures kept in the table called name.
func NewImages(db *dynamodb.Client, name string) *Images { return &Images{db: db, name: name} }

type imageItem struct {
	ID          string       `dynamodbav:"id"`
	Owner       string       `dynamodbav:"owner"`
	Status      image.Status `dynamodbav:"status"`
	Filename    string       `dynamodbav:"filename"`
	ContentType string       `dynamodbav:"contentType"`
	Bytes       int64        `dynamodbav:"bytes"`
	SHA256      string       `dynamodbav:"sha256"`
	Alt         string       `dynamodbav:"alt,omitempty"`
	Content     *contentMap  `dynamodbav:"content,omitempty"`
	Refusal     *refusalMap  `dynamodbav:"refusal,omitempty"`
	CreatedAt   string       `dynamodbav:"createdAt"`
	UpdatedAt   string       `dynamodbav:"updatedAt"`
}

type refusalMap struct {
	Code    image.Reason `dynamodbav:"code"`
	Message string       `dynamodbav:"message"`
	Limit   int64        `dynamodbav:"limit"`
	Actual  int64        `dynamodbav:"actual"`
}

// Create records a new picture. If there is one of its id, it is a Conflict
// fault.
func (t *Images) Create(ctx context.Context, i image.Image) error {
	item, err := attributevalue.MarshalMap(imageItem{
		ID: i.ID, Owner: i.Owner, Status: i.Status, Filename: i.Upload.Filename, ContentType: i.Upload.ContentType,
		Bytes: i.Upload.Bytes, SHA256: i.Upload.SHA256, Alt: i.Upload.Alt,
		CreatedAt: stamp(i.Created), UpdatedAt: stamp(i.Modified),
	})
	if err != nil {
		return fmt.Errorf("encode image %s: %w", i.ID, err)
	}
	_, err = t.db.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:           &t.name,
		Item:                item,
		ConditionExpression: aws.String("attribute_not_exists(id)"),
	})
	if conditionFailed(err) {
		return fault.Wrap(fault.Conflict, "There is such a picture already.", err)
	}
	if err != nil {
		return fmt.Errorf("create image %s: %w", i.ID, err)
	}
	return nil
}

// Get returns a picture as it is after every write that was acknowledged, or a
// NotFound fault.
func (t *Images) Get(ctx context.Context, id string) (image.Image, error) {
	out, err := t.db.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: idKey(id), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return image.Image{}, fmt.Errorf("get image %s: %w", id, err)
	}
	if out.Item == nil {
		return image.Image{}, fault.New(fault.NotFound, "There is no such picture.")
	}
	return readImage(out.Item)
}

// Begin marks a Pending picture as Processing. Any other stays as it is.
func (t *Images) Begin(ctx context.Context, id string, now time.Time) error {
	_, err := t.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                &t.name,
		Key:                      idKey(id),
		UpdateExpression:         aws.String("SET #status = :processing, updatedAt = :now"),
		ConditionExpression:      aws.String("#status = :pending"),
		ExpressionAttributeNames: map[string]string{"#status": "status"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":pending":    textValue(string(image.Pending)),
			":processing": textValue(string(image.Processing)),
			":now":        textValue(stamp(now)),
		},
	})
	if err != nil && !conditionFailed(err) {
		return fmt.Errorf("begin image %s: %w", id, err)
	}
	return nil
}

// Finish records what became of a picture: its Status, which must be final,
// with Content or Refusal. A picture that is final already, or that there is
// no more, stays as it is.
func (t *Images) Finish(ctx context.Context, i image.Image) error {
	update := "SET #status = :status, updatedAt = :now, content = :result"
	var result any = contentOf(i.Content)
	if i.Status == image.Failed {
		update = "SET #status = :status, updatedAt = :now, refusal = :result"
		result = refusalMap(*i.Refusal)
	}
	encoded, err := attributevalue.Marshal(result)
	if err != nil {
		return fmt.Errorf("encode image %s: %w", i.ID, err)
	}
	_, err = t.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                &t.name,
		Key:                      idKey(i.ID),
		UpdateExpression:         &update,
		ConditionExpression:      aws.String("#status IN (:pending, :processing)"),
		ExpressionAttributeNames: map[string]string{"#status": "status"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":pending":    textValue(string(image.Pending)),
			":processing": textValue(string(image.Processing)),
			":status":     textValue(string(i.Status)),
			":now":        textValue(stamp(i.Modified)),
			":result":     encoded,
		},
	})
	if err != nil && !conditionFailed(err) {
		return fmt.Errorf("finish image %s: %w", i.ID, err)
	}
	return nil
}

// List returns up to limit pictures of an owner, newest first, from behind the
// position after ("" is the start), and the position of the last one when
// there may be more.
func (t *Images) List(ctx context.Context, owner, after string, limit int) (found []image.Image, next string, err error) {
	input := &dynamodb.QueryInput{
		TableName:                 &t.name,
		IndexName:                 aws.String("byOwner"),
		KeyConditionExpression:    aws.String("#owner = :owner"),
		ExpressionAttributeNames:  map[string]string{"#owner": "owner"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":owner": textValue(owner)},
		ScanIndexForward:          aws.Bool(false),
		Limit:                     aws.Int32(int32(limit)),
	}
	if after != "" {
		createdAt, id, _ := strings.Cut(after, " ")
		input.ExclusiveStartKey = map[string]types.AttributeValue{
			"id": textValue(id), "owner": textValue(owner), "createdAt": textValue(createdAt),
		}
	}
	out, err := t.db.Query(ctx, input)
	if err != nil {
		return nil, "", fmt.Errorf("list images: %w", err)
	}
	found = make([]image.Image, len(out.Items))
	for n, item := range out.Items {
		if found[n], err = readImage(item); err != nil {
			return nil, "", err
		}
	}
	if last := len(found) - 1; out.LastEvaluatedKey != nil && last >= 0 {
		next = stamp(found[last].Created) + " " + found[last].ID
	}
	return found, next, nil
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
	return image.Image{
		ID: read.ID, Owner: read.Owner, Status: read.Status, Created: created, Modified: modified,
		Upload: image.Upload{
			Filename: read.Filename, ContentType: read.ContentType, Bytes: read.Bytes, SHA256: read.SHA256, Alt: read.Alt,
		},
		Content: read.Content.content(),
		Refusal: (*image.Refusal)(read.Refusal),
	}, nil
}

func idKey(id string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"id": textValue(id)}
}
