package table

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
)

// APIKeys keeps API keys, without their secrets.
type APIKeys struct {
	db   *dynamodb.Client
	name string
}

// NewAPIKeys returns the API keys kept in the named table.
func NewAPIKeys(db *dynamodb.Client, name string) *APIKeys { return &APIKeys{db: db, name: name} }

// Get returns the key with the id, or a NotFound fault.
func (a *APIKeys) Get(ctx context.Context, id string) (key.Key, error) {
	out, err := a.db.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &a.name,
		Key:            idKey(id),
		ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return key.Key{}, fmt.Errorf("get API key: %w", err)
	}
	if out.Item == nil {
		return key.Key{}, fault.New(fault.NotFound, "There is no such API key.")
	}
	var item apiKeyItem
	if err := attributevalue.UnmarshalMap(out.Item, &item); err != nil {
		return key.Key{}, fmt.Errorf("decode API key: %w", err)
	}
	k := key.Key{ID: item.ID, Owner: item.Owner, Scopes: item.Scopes, Digest: item.Digest, Disabled: item.Disabled, Version: item.Version}
	if k.CreatedAt, err = parseStamp(item.CreatedAt); err != nil {
		return key.Key{}, fmt.Errorf("decode API key: %w", err)
	}
	if k.ExpiresAt, err = parseStamp(item.ExpiresAt); err != nil {
		return key.Key{}, fmt.Errorf("decode API key: %w", err)
	}
	return k, nil
}

// Create stores a key that must not exist yet; otherwise it is a Conflict
// fault.
func (a *APIKeys) Create(ctx context.Context, k key.Key) error {
	item := apiKeyItem{
		ID: k.ID, Owner: k.Owner, Scopes: k.Scopes, Digest: k.Digest, Disabled: k.Disabled, Version: k.Version, CreatedAt: stamp(k.CreatedAt),
	}
	if !k.ExpiresAt.IsZero() {
		item.ExpiresAt = stamp(k.ExpiresAt)
	}
	encoded, err := attributevalue.MarshalMap(item)
	if err != nil {
		return fmt.Errorf("encode API key: %w", err)
	}
	err = transact(ctx, a.db, types.TransactWriteItem{Put: &types.Put{
		TableName: &a.name, Item: encoded, ConditionExpression: aws.String("attribute_not_exists(id)"),
	}})
	if refusedAt(err, 0) {
		return fault.Wrap(fault.Conflict, "The API key "+k.ID+" exists.", err)
	}
	if err != nil {
		return fmt.Errorf("create API key: %w", err)
	}
	return nil
}

// Owners returns all owners of keys, each once and in order. It scans the table: an
// index by owner is not worth its cost, because only the nightly report run needs it
// and there are few keys.
func (a *APIKeys) Owners(ctx context.Context) ([]string, error) {
	var owners []string
	pages := dynamodb.NewScanPaginator(a.db, &dynamodb.ScanInput{
		TableName:                &a.name,
		ProjectionExpression:     aws.String("#owner"),
		ExpressionAttributeNames: map[string]string{"#owner": "owner"},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("scan owners of API keys: %w", err)
		}
		for _, item := range page.Items {
			owners = append(owners, textOf(item["owner"]))
		}
	}
	slices.Sort(owners)
	return slices.Compact(owners), nil
}

type apiKeyItem struct {
	ID        string      `dynamodbav:"id"`
	Owner     string      `dynamodbav:"owner"`
	Scopes    []key.Scope `dynamodbav:"scopes"`
	Digest    []byte      `dynamodbav:"digest"`
	Disabled  bool        `dynamodbav:"disabled,omitempty"`
	Version   int         `dynamodbav:"version,omitempty"`
	CreatedAt string      `dynamodbav:"createdAt"`
	ExpiresAt string      `dynamodbav:"expiresAt,omitempty"`
}
