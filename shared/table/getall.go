package table

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// batchReads is the most items of a request to DynamoDB that reads.
const batchReads = 100

// getAll reads items by their different keys, in no order. It leaves out those that do not exist.
func getAll(ctx context.Context, db *dynamodb.Client, table string, keys []map[string]types.AttributeValue) (items []map[string]types.AttributeValue, err error) {
	for chunk := range slices.Chunk(keys, batchReads) {
		for attempt := 0; len(chunk) > 0; attempt++ {
			out, err := db.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
				RequestItems: map[string]types.KeysAndAttributes{table: {Keys: chunk, ConsistentRead: aws.Bool(true)}},
			})
			if err != nil {
				return nil, fmt.Errorf("get items of %s: %w", table, err)
			}
			items = append(items, out.Responses[table]...)
			if chunk = out.UnprocessedKeys[table].Keys; len(chunk) > 0 {
				if err := backOff(ctx, attempt); err != nil {
					return nil, fmt.Errorf("get items of %s: %w", table, err)
				}
			}
		}
	}
	return items, nil
}
