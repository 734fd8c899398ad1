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

// Contents keeps what became of a file by a recipe, whoever uploaded it, in
// the table of the images. It is safe for concurrent use.
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
	Variants    []variantMap `dynamodbav:"variants"`
}

type variantMap struct {
	Name   string     `dynamodbav:"name"`
	Key    string     `dynamodbav:"key"`
	Type   image.Type `dynamodbav:"type"`
	Width  int        `dynamodbav:"width"`
	Height int        `dynamodbav:"height"`
	Bytes  int64      `dynamodbav:"bytes"`
}

// Claim asks for the right to make a content. When it has been made already, it
// is returned and made is true. When somebody else holds the claim, it is a
// Conflict fault. Else the claim is the caller's up to claim.Until.
func (t *Contents) Claim(ctx context.Context, c image.Claim, now time.Time) (content image.Content, made bool, err error) {
	item := idKey(contentID(c.SHA256, c.Recipe))
	item["heldBy"] = textValue(c.Token)
	item["heldUntil"] = numberValue(c.Until.UnixMilli())
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
		return image.Content{}, false, fault.Wrap(fault.Conflict, "The picture is being processed.", refused)
	}
	return holder.Content.content(), true, nil
}

// Finish records the content that was made under the claim, for good. If the
// claim was lost meanwhile, it is a Conflict fault.
func (t *Contents) Finish(ctx context.Context, c image.Claim, content image.Content) error {
	encoded, err := attributevalue.Marshal(contentOf(content))
	if err != nil {
		return fmt.Errorf("encode content %s: %w", c.SHA256, err)
	}
	_, err = t.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 &t.name,
		Key:                       idKey(contentID(c.SHA256, c.Recipe)),
		UpdateExpression:          aws.String("SET content = :content REMOVE heldBy, heldUntil"),
		ConditionExpression:       aws.String("heldBy = :token"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":token": textValue(c.Token), ":content": encoded},
	})
	if conditionFailed(err) {
		return fault.Wrap(fault.Conflict, "Somebody else processes the picture now.", err)
	}
	if err != nil {
		return fmt.Errorf("finish content %s: %w", c.SHA256, err)
	}
	return nil
}

// Release gives a claim back. One that was lost or has become a content stays.
func (t *Contents) Release(ctx context.Context, c image.Claim) error {
	_, err := t.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName:                 &t.name,
		Key:                       idKey(contentID(c.SHA256, c.Recipe)),
		ConditionExpression:       aws.String("heldBy = :token"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":token": textValue(c.Token)},
	})
	if err != nil && !conditionFailed(err) {
		return fmt.Errorf("release content %s: %w", c.SHA256, err)
	}
	return nil
}

func contentOf(c image.Content) contentMap {
	m := contentMap{
		Type: c.Type, Width: c.Width, Height: c.Height, Color: c.Color, Placeholder: c.Placeholder,
		Variants: make([]variantMap, len(c.Variants)),
	}
	for i, v := range c.Variants {
		m.Variants[i] = variantMap(v)
	}
	return m
}

func (m *contentMap) content() image.Content {
	if m == nil {
		return image.Content{}
	}
	c := image.Content{
		Type: m.Type, Width: m.Width, Height: m.Height, Color: m.Color, Placeholder: m.Placeholder,
		Variants: make([]image.Variant, len(m.Variants)),
	}
	for i, v := range m.Variants {
		c.Variants[i] = image.Variant(v)
	}
	return c
}
