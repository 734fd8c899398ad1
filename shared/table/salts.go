package table

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const (
	saltAttribute = "salt"
	saltBytes     = 32
)

// Salts are random, one for each day, the same for all environments. The salt of a day is
// deleted before the next one is made, or else by TTL: after that, nobody can determine which
// visitor an ID belongs to.
type Salts struct {
	db   *dynamodb.Client
	name string
}

// NewSalts returns the salts in the named table.
func NewSalts(db *dynamodb.Client, name string) *Salts { return &Salts{db: db, name: name} }

// Of returns the salt of a day, such as 2026-11-21, and creates it if it does not exist.
func (s *Salts) Of(ctx context.Context, day string) ([]byte, error) {
	date, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return nil, fmt.Errorf("salt of a day: %w", err)
	}
	if salt, err := s.get(ctx, day); salt != nil || err != nil {
		return salt, err
	}
	before := date.AddDate(0, 0, -1).Format(time.DateOnly) // first, so that none is left if this fails halfway
	if _, err := s.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &s.name, Key: idKey(before)}); err != nil {
		return nil, fmt.Errorf("delete the salt of the day before: %w", err)
	}
	item, salt := idKey(day), make([]byte, saltBytes)
	rand.Read(salt) // never fails
	item[saltAttribute] = &types.AttributeValueMemberB{Value: salt}
	item["ttl"] = numberValue(date.AddDate(0, 0, 1).Unix())
	_, err = s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.name, Item: item, ConditionExpression: aws.String("attribute_not_exists(id)")})
	if conditionFailed(err) { // another environment's, or our own whose answer was lost
		return s.get(ctx, day)
	}
	if err != nil {
		return nil, fmt.Errorf("put salt: %w", err)
	}
	return salt, nil
}

// get returns nil if there is no salt.
func (s *Salts) get(ctx context.Context, day string) ([]byte, error) {
	out, err := s.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.name, Key: idKey(day), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return nil, fmt.Errorf("get salt: %w", err)
	}
	return bytesOf(out.Item[saltAttribute]), nil
}
