package table

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
)

// Links reads the links table. LinkMaker writes new links.
type Links struct {
	db   *dynamodb.Client
	name string
}

// NewLinks returns the links kept in the named table.
func NewLinks(db *dynamodb.Client, name string) *Links { return &Links{db: db, name: name} }

// Get returns the link with the code, or a NotFound fault. It sees every write
// that was acknowledged before: a link works at once when it has been made.
func (l *Links) Get(ctx context.Context, code string) (link.Link, error) {
	out, err := l.db.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &l.name,
		Key:            linkKey(code),
		ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return link.Link{}, fmt.Errorf("get link: %w", err)
	}
	if out.Item == nil {
		return link.Link{}, fault.New(fault.NotFound, "There is no such link.")
	}
	return decodeLink(out.Item)
}

type linkItem struct {
	Code      string   `dynamodbav:"code"`
	URL       string   `dynamodbav:"url"`
	Owner     string   `dynamodbav:"owner"`
	Title     string   `dynamodbav:"title,omitempty"`
	Tags      []string `dynamodbav:"tags,omitempty"`
	Redirect  int      `dynamodbav:"redirect"`
	Private   bool     `dynamodbav:"private,omitempty"`
	Pending   bool     `dynamodbav:"pending,omitempty"`
	Version   int      `dynamodbav:"version"`
	CreatedAt string   `dynamodbav:"createdAt"`
	UpdatedAt string   `dynamodbav:"updatedAt"`
	ExpiresAt string   `dynamodbav:"expiresAt,omitempty"`
}

func encodeLink(l link.Link) (map[string]types.AttributeValue, error) {
	item := linkItem{
		Code: l.Code, URL: l.URL, Owner: l.Owner, Title: l.Title, Tags: l.Tags, Redirect: l.Redirect,
		Private: l.Private, Pending: l.Pending, Version: l.Version, CreatedAt: stamp(l.CreatedAt), UpdatedAt: stamp(l.UpdatedAt),
	}
	if !l.ExpiresAt.IsZero() {
		item.ExpiresAt = stamp(l.ExpiresAt)
	}
	encoded, err := attributevalue.MarshalMap(item)
	if err != nil {
		return nil, fmt.Errorf("encode link: %w", err)
	}
	return encoded, nil
}

func decodeLink(encoded map[string]types.AttributeValue) (link.Link, error) {
	var item linkItem
	if err := attributevalue.UnmarshalMap(encoded, &item); err != nil {
		return link.Link{}, fmt.Errorf("decode link: %w", err)
	}
	l := link.Link{
		Code: item.Code, URL: item.URL, Owner: item.Owner, Title: item.Title, Tags: item.Tags,
		Redirect: item.Redirect, Private: item.Private, Pending: item.Pending, Version: item.Version,
	}
	var err error
	if l.CreatedAt, err = parseStamp(item.CreatedAt); err != nil {
		return link.Link{}, fmt.Errorf("decode link: %w", err)
	}
	if l.UpdatedAt, err = parseStamp(item.UpdatedAt); err != nil {
		return link.Link{}, fmt.Errorf("decode link: %w", err)
	}
	if l.ExpiresAt, err = parseStamp(item.ExpiresAt); err != nil {
		return link.Link{}, fmt.Errorf("decode link: %w", err)
	}
	return l, nil
}
