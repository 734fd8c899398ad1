package table

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
)

// keyPage is how many API keys one query returns.
const keyPage = 100

// APIKeys keeps API keys, without their secrets.
type APIKeys struct {
	db   *dynamodb.Client
	name string
}

// NewAPIKeys returns the API keys kept in the named table.
func NewAPIKeys(db *dynamodb.Client, name string) *APIKeys { return &APIKeys{db: db, name: name} }

var errNoAPIKey = fault.New(fault.NotFound, "There is no such API key.")

// ErrKeyExists is a Conflict fault: the ID of a new API key is taken.
var ErrKeyExists = fault.New(fault.Conflict, "There is an API key with this ID.")

// Get returns the key with the id, or a NotFound fault. The read is consistent: a key that has been deleted is never
// returned.
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
		return key.Key{}, errNoAPIKey
	}
	return decodeAPIKey(out.Item)
}

// List returns an owner's keys, newest first. It reads an index: a new key may be missing in the first second.
func (a *APIKeys) List(ctx context.Context, owner string) ([]key.Key, error) {
	keys := []key.Key{}
	for after := ""; ; {
		items, next, err := byOwner(ctx, a.db, a.name, owner, after, keyPage)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			found, err := decodeAPIKey(item)
			if err != nil {
				return nil, err
			}
			keys = append(keys, found)
		}
		if after = next; after == "" {
			return keys, nil
		}
	}
}

// Create stores a key that must not exist yet; otherwise it returns ErrKeyExists. If the owner has key.MaxKeys, it is
// a Conflict fault. Keys are counted in the same transaction, because an index is too late for requests at the same time.
func (a *APIKeys) Create(ctx context.Context, k key.Key) error {
	item, err := encodeAPIKey(k)
	if err != nil {
		return err
	}
	listed, err := a.listed(ctx, k.Owner)
	if err != nil {
		return err
	}
	if listed >= key.MaxKeys {
		return errTooManyKeys
	}
	count := a.count(k.Owner, listed, 1)
	count.ConditionExpression = aws.String("attribute_not_exists(id) OR #keys < :most")
	count.ExpressionAttributeValues[":most"] = numberValue(key.MaxKeys)
	err = transact(ctx, a.db, types.TransactWriteItem{Put: &types.Put{
		TableName: &a.name, Item: item, ConditionExpression: aws.String("attribute_not_exists(id)"),
	}}, types.TransactWriteItem{Update: count})
	switch {
	case refusedAt(err, 0):
		return ErrKeyExists
	case refusedAt(err, 1):
		return errTooManyKeys
	case err != nil:
		return fmt.Errorf("create API key: %w", err)
	}
	return nil
}

var errTooManyKeys = fault.New(fault.Conflict, fmt.Sprintf("There are %d API keys, the most that one owner can have. Revoke one first.", key.MaxKeys))

// listed returns how many keys the owner has, or 0 if they are counted: only those of owners who have not made a
// key since keys are counted must be.
func (a *APIKeys) listed(ctx context.Context, owner string) (int, error) {
	out, err := a.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: &a.name, Key: idKey(keyCountID(owner)), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return 0, fmt.Errorf("get number of API keys: %w", err)
	}
	if out.Item != nil {
		return 0, nil
	}
	keys, err := a.List(ctx, owner)
	return len(keys), err
}

// count is the write that counts more keys of an owner, who has that many if they were not counted before.
func (a *APIKeys) count(owner string, listed, more int) *types.Update {
	return &types.Update{
		TableName: &a.name, Key: idKey(keyCountID(owner)),
		UpdateExpression:         aws.String("SET #keys = if_not_exists(#keys, :listed) + :more"),
		ExpressionAttributeNames: map[string]string{"#keys": "keys"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":listed": numberValue(int64(listed)), ":more": numberValue(int64(more)),
		},
	}
}

// Delete deletes a key: its token is refused from then on. If there is none, it is a NotFound fault.
func (a *APIKeys) Delete(ctx context.Context, k key.Key) error {
	listed, err := a.listed(ctx, k.Owner)
	if err != nil {
		return err
	}
	err = transact(ctx, a.db, types.TransactWriteItem{Delete: &types.Delete{
		TableName: &a.name, Key: idKey(k.ID), ConditionExpression: aws.String("attribute_exists(id)"),
	}}, types.TransactWriteItem{Update: a.count(k.Owner, listed, -1)})
	if refusedAt(err, 0) {
		return errNoAPIKey
	}
	if err != nil {
		return fmt.Errorf("delete API key: %w", err)
	}
	return nil
}

// Rotate stores the secrets of a key whose digest was another one. If it has changed or is gone, it is a Conflict fault.
func (a *APIKeys) Rotate(ctx context.Context, rotated key.Key, was []byte) error {
	former, err := attributevalue.Marshal(formerItems(rotated))
	if err != nil {
		return fmt.Errorf("encode API key: %w", err)
	}
	err = transact(ctx, a.db, types.TransactWriteItem{Update: &types.Update{
		TableName: &a.name, Key: idKey(rotated.ID),
		UpdateExpression:    aws.String("SET digest = :digest, former = :former"),
		ConditionExpression: aws.String("digest = :was"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":digest": &types.AttributeValueMemberB{Value: rotated.Digest}, ":was": &types.AttributeValueMemberB{Value: was}, ":former": former,
		},
	}})
	if refusedAt(err, 0) {
		return fault.Wrap(fault.Conflict, "Somebody else has rotated or revoked the API key.", err)
	}
	if err != nil {
		return fmt.Errorf("rotate API key: %w", err)
	}
	return nil
}

// Use stores that a key is used on a day, unless it has been deleted or that is stored already.
func (a *APIKeys) Use(ctx context.Context, id, day string) error {
	_, err := a.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &a.name, Key: idKey(id),
		UpdateExpression:          aws.String("SET usedOn = :day"),
		ConditionExpression:       aws.String("attribute_exists(id) AND (attribute_not_exists(usedOn) OR usedOn < :day)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":day": textValue(day)},
	})
	if err != nil && !conditionFailed(err) {
		return fmt.Errorf("store use of API key: %w", err)
	}
	return nil
}

// Owners returns all owners of keys, each once and in order. It scans the table, because only the nightly report run
// needs it and there are few keys.
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
			if owner := textOf(item["owner"]); owner != "" { // numbers of keys have none
				owners = append(owners, owner)
			}
		}
	}
	slices.Sort(owners)
	return slices.Compact(owners), nil
}

type apiKeyItem struct {
	ID        string       `dynamodbav:"id"`
	Owner     string       `dynamodbav:"owner"`
	Name      string       `dynamodbav:"name,omitempty"`
	Scopes    []key.Scope  `dynamodbav:"scopes"`
	Digest    []byte       `dynamodbav:"digest"`
	Former    []formerItem `dynamodbav:"former,omitempty"`
	Disabled  bool         `dynamodbav:"disabled,omitempty"`
	Version   int          `dynamodbav:"version,omitempty"`
	CreatedBy string       `dynamodbav:"createdBy,omitempty"`
	CreatedAt string       `dynamodbav:"createdAt"`
	ExpiresAt string       `dynamodbav:"expiresAt,omitempty"`
	UsedOn    string       `dynamodbav:"usedOn,omitempty"`
}

type formerItem struct {
	Digest []byte `dynamodbav:"digest"`
	Until  string `dynamodbav:"until"`
}

func formerItems(k key.Key) []formerItem {
	items := []formerItem{}
	for _, former := range k.Former {
		items = append(items, formerItem{former.Digest, stamp(former.Until)})
	}
	return items
}

func encodeAPIKey(k key.Key) (map[string]types.AttributeValue, error) {
	item := apiKeyItem{
		ID: k.ID, Owner: k.Owner, Name: k.Name, Scopes: k.Scopes, Digest: k.Digest, Former: formerItems(k), Disabled: k.Disabled, Version: k.Version,
		CreatedBy: k.CreatedBy, CreatedAt: stamp(k.CreatedAt), UsedOn: k.UsedOn,
	}
	if !k.ExpiresAt.IsZero() {
		item.ExpiresAt = stamp(k.ExpiresAt)
	}
	encoded, err := attributevalue.MarshalMap(item)
	if err != nil {
		return nil, fmt.Errorf("encode API key: %w", err)
	}
	return encoded, nil
}

func decodeAPIKey(attributes map[string]types.AttributeValue) (key.Key, error) {
	var item apiKeyItem
	if err := attributevalue.UnmarshalMap(attributes, &item); err != nil {
		return key.Key{}, fmt.Errorf("decode API key: %w", err)
	}
	k := key.Key{
		ID: item.ID, Owner: item.Owner, Name: item.Name, Scopes: item.Scopes, Digest: item.Digest, Disabled: item.Disabled, Version: item.Version,
		CreatedBy: item.CreatedBy, UsedOn: item.UsedOn,
	}
	var wrong [2]error
	k.CreatedAt, wrong[0] = parseStamp(item.CreatedAt)
	k.ExpiresAt, wrong[1] = parseStamp(item.ExpiresAt)
	errs := wrong[:]
	for _, former := range item.Former {
		until, err := parseStamp(former.Until)
		errs = append(errs, err)
		k.Former = append(k.Former, key.Former{Digest: former.Digest, Until: until})
	}
	if err := errors.Join(errs...); err != nil {
		return key.Key{}, fmt.Errorf("decode API key: %w", err)
	}
	return k, nil
}
