package table

import (
	"cmp"
	"context"
	"fmt"
	"time"

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

// linkItem is a link as it is stored. Deleted links stay, with deletedAt, so that their
// codes remain taken. Links made before there were IDs have none.
type linkItem struct {
	ID        string   `dynamodbav:"id,omitempty"`
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
	DeletedAt string   `dynamodbav:"deletedAt,omitempty"`
}

func encodeLink(l link.Link) (map[string]types.AttributeValue, error) {
	item := linkItem{
		ID: l.ID, Code: l.Code, URL: l.URL, Owner: l.Owner, Title: l.Title, Tags: l.Tags, Redirect: l.Redirect,
		Private: l.Private, Pending: l.Pending, Version: l.Version, CreatedAt: stamp(l.CreatedAt), UpdatedAt: stamp(l.UpdatedAt),
	}
	if !l.ExpiresAt.IsZero() {
		item.ExpiresAt = stamp(l.ExpiresAt)
	}
	if !l.DeletedAt.IsZero() {
		item.DeletedAt = stamp(l.DeletedAt)
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
		ID: cmp.Or(item.ID, item.Code), Code: item.Code, URL: item.URL, Owner: item.Owner, Title: item.Title, Tags: item.Tags,
		Redirect: item.Redirect, Private: item.Private, Pending: item.Pending, Version: item.Version,
	}
	for text, at := range map[*string]*time.Time{
		&item.CreatedAt: &l.CreatedAt, &item.UpdatedAt: &l.UpdatedAt, &item.ExpiresAt: &l.ExpiresAt, &item.DeletedAt: &l.DeletedAt,
	} {
		var err error
		if *at, err = parseStamp(*text); err != nil {
			return link.Link{}, fmt.Errorf("decode link: %w", err)
		}
	}
	return l, nil
}
