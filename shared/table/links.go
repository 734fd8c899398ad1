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

// Get returns the link with the code, which may be one that it had before, or a NotFound
// fault. It reads all acknowledged writes: a new link works at once.
func (l *Links) Get(ctx context.Context, code string) (link.Link, error) {
	for attempt := 0; ; attempt++ {
		item, err := l.item(ctx, code)
		if err != nil {
			return link.Link{}, err
		}
		alias := textOf(item[aliasAttribute])
		if alias == "" {
			return decodeLink(item)
		}
		target, err := l.item(ctx, alias)
		if err == nil {
			var found link.Link
			if found, err = decodeLink(target); err == nil && found.ID == textOf(item["id"]) {
				return found, nil
			}
		}
		// The code may have changed between the two reads.
		if err != nil && !fault.Is(err, fault.NotFound) || attempt > 0 {
			return link.Link{}, cmp.Or(err, errNoLink)
		}
	}
}

func (l *Links) item(ctx context.Context, code string) (map[string]types.AttributeValue, error) {
	out, err := l.db.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &l.name,
		Key:            linkKey(code),
		ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return nil, fmt.Errorf("get link: %w", err)
	}
	if out.Item == nil {
		return nil, errNoLink
	}
	return out.Item, nil
}

var errNoLink error = fault.New(fault.NotFound, "There is no such link.")

// aliasAttribute is the current code of a link, in the item of a code that it had before.
const aliasAttribute = "alias"

// linkItem is a link as it is stored. Deleted links stay, with deletedAt, so that their
// codes remain taken. Links made before there were IDs have none.
type linkItem struct {
	ID        string   `dynamodbav:"id,omitempty"`
	Code      string   `dynamodbav:"code"`
	URL       string   `dynamodbav:"url"`
	Owner     string   `dynamodbav:"owner"`
	Aliases   []string `dynamodbav:"aliases,omitempty"`
	Title     string   `dynamodbav:"title,omitempty"`
	Note      string   `dynamodbav:"note,omitempty"`
	Tags      []string `dynamodbav:"tags,omitempty"`
	Redirect  int      `dynamodbav:"redirect"`
	Private   bool     `dynamodbav:"private,omitempty"`
	Pending   bool     `dynamodbav:"pending,omitempty"`
	Disabled  bool     `dynamodbav:"disabled,omitempty"`
	TakenDown string   `dynamodbav:"takenDown,omitempty"`
	Image     string   `dynamodbav:"image,omitempty"`
	Version   int      `dynamodbav:"version"`
	CreatedAt string   `dynamodbav:"createdAt"`
	UpdatedAt string   `dynamodbav:"updatedAt"`
	ExpiresAt string   `dynamodbav:"expiresAt,omitempty"`
	DeletedAt string   `dynamodbav:"deletedAt,omitempty"`
	linkOptionsItem
}

func encodeLink(l link.Link) (map[string]types.AttributeValue, error) {
	item := linkItem{
		ID: l.ID, Code: l.Code, URL: l.URL, Owner: l.Owner, Aliases: l.Aliases, Title: l.Title, Note: l.Note, Tags: l.Tags, Redirect: l.Redirect,
		Private: l.Private, Pending: l.Pending, Disabled: l.Disabled, TakenDown: l.TakenDown, Image: l.Image, Version: l.Version, CreatedAt: stamp(l.CreatedAt), UpdatedAt: stamp(l.UpdatedAt),
		linkOptionsItem: encodeOptions(l.Options),
	}
	if !l.ExpiresAt.IsZero() {
		item.ExpiresAt = stamp(l.ExpiresAt)
	}
	if !l.DeletedAt.IsZero() {
		item.DeletedAt = stamp(l.DeletedAt)
	}
	encoded, err := attributevalue.MarshalMapWithOptions(item, encodeTags)
	if err != nil {
		return nil, fmt.Errorf("encode link: %w", err)
	}
	return encoded, nil
}

func decodeLink(encoded map[string]types.AttributeValue) (link.Link, error) {
	var item linkItem
	if err := attributevalue.UnmarshalMapWithOptions(encoded, &item, decodeTags); err != nil {
		return link.Link{}, fmt.Errorf("decode link: %w", err)
	}
	l := link.Link{
		ID: cmp.Or(item.ID, item.Code), Code: item.Code, URL: item.URL, Owner: item.Owner, Aliases: item.Aliases, Title: item.Title, Note: item.Note, Tags: item.Tags,
		Redirect: item.Redirect, Private: item.Private, Pending: item.Pending, Disabled: item.Disabled, TakenDown: item.TakenDown, Image: item.Image, Version: item.Version,
	}
	for text, at := range map[*string]*time.Time{
		&item.CreatedAt: &l.CreatedAt, &item.UpdatedAt: &l.UpdatedAt, &item.ExpiresAt: &l.ExpiresAt, &item.DeletedAt: &l.DeletedAt,
	} {
		var err error
		if *at, err = parseStamp(*text); err != nil {
			return link.Link{}, fmt.Errorf("decode link: %w", err)
		}
	}
	var err error
	if l.Options, err = item.options(); err != nil {
		return link.Link{}, fmt.Errorf("decode link: %w", err)
	}
	return l, nil
}
