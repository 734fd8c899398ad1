// Package table stores the domain's aggregates in DynamoDB, one file per aggregate.
// keys.go owns the format of every key. Driver errors become faults, so that no other
// package depends on DynamoDB.
package table

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Client returns a DynamoDB client for the given configuration. One client
// serves a whole execution environment. Besides what the SDK retries by default,
// it retries a single write to an item that is part of a transaction under way.
func Client(cfg aws.Config) *dynamodb.Client {
	return dynamodb.NewFromConfig(cfg, func(o *dynamodb.Options) {
		o.Retryer = retry.AddWithErrorCodes(o.Retryer, (*types.TransactionConflictException)(nil).ErrorCode())
	})
}

// conditionFailed reports whether a write failed its own condition.
func conditionFailed(err error) bool {
	_, failed := errors.AsType[*types.ConditionalCheckFailedException](err)
	return failed
}
