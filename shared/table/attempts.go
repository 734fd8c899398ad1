package table

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const (
	maxAttempts    = 5
	attemptsWindow = time.Minute
)

// Attempts limits how often a visitor can try the password of a link: five times in
// the minute that begins with the first try.
type Attempts struct {
	db   *dynamodb.Client
	name string
}

// NewAttempts returns the attempts kept in the idempotency table of that name.
func NewAttempts(db *dynamodb.Client, idempotency string) *Attempts {
	return &Attempts{db: db, name: idempotency}
}

// Begin counts an attempt before its password is compared, so that concurrent attempts
// are counted, too. If there have been too many, it returns how long to wait; otherwise zero.
func (a *Attempts) Begin(ctx context.Context, link, visitor string, now time.Time) (wait time.Duration, err error) {
	key, until := idKey(attemptsID(link, visitor)), now.Add(attemptsWindow)
	for {
		last, err := a.count(ctx, key, now, until)
		if err != nil || last == nil {
			return 0, err
		}
		ends := time.UnixMilli(numberOf(last["until"]))
		if ends.After(now) {
			return ends.Sub(now), nil
		}
		// The minute is over: the next one begins, unless others begin it at the same time.
		_, err = a.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
			TableName: &a.name, Key: key,
			UpdateExpression:         aws.String("SET attempts = :one, #until = :until, #ttl = :ttl"),
			ConditionExpression:      aws.String("#until = :last"),
			ExpressionAttributeNames: map[string]string{"#until": "until", "#ttl": "ttl"},
			ExpressionAttributeValues: map[string]types.AttributeValue{
				":one": numberValue(1), ":until": numberValue(until.UnixMilli()), ":ttl": numberValue(until.Unix() + 1), ":last": last["until"],
			},
		})
		if !conditionFailed(err) {
			if err != nil {
				err = fmt.Errorf("begin to count attempts: %w", err)
			}
			return 0, err
		}
	}
}

// count adds an attempt. If there have been too many or their minute is over, it
// returns the item as it is.
func (a *Attempts) count(ctx context.Context, key map[string]types.AttributeValue, now, until time.Time) (last map[string]types.AttributeValue, err error) {
	_, err = a.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &a.name, Key: key,
		UpdateExpression:         aws.String("SET #until = if_not_exists(#until, :until), #ttl = if_not_exists(#ttl, :ttl) ADD attempts :one"),
		ConditionExpression:      aws.String("attribute_not_exists(#until) OR (#until > :now AND attempts < :most)"),
		ExpressionAttributeNames: map[string]string{"#until": "until", "#ttl": "ttl"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":one": numberValue(1), ":until": numberValue(until.UnixMilli()), ":ttl": numberValue(until.Unix() + 1),
			":now": numberValue(now.UnixMilli()), ":most": numberValue(maxAttempts),
		},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return failed.Item, nil
	}
	if err != nil {
		return nil, fmt.Errorf("count an attempt: %w", err)
	}
	return nil, nil
}

// Succeed returns an attempt that had the right password: people who share an address
// do not use up each other's attempts.
func (a *Attempts) Succeed(ctx context.Context, link, visitor string) error {
	_, err := a.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &a.name, Key: idKey(attemptsID(link, visitor)),
		UpdateExpression:          aws.String("ADD attempts :less"),
		ConditionExpression:       aws.String("attempts > :none"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":less": numberValue(-1), ":none": numberValue(0)},
	})
	if err != nil && !conditionFailed(err) {
		return fmt.Errorf("give an attempt back: %w", err)
	}
	return nil
}
