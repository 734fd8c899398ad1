package table

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/link"
)

// batchWrites is the most items of a request to DynamoDB that writes.
const batchWrites = 25

// linkIndex lists the links of an owner by terms: words, tags, hosts (link.Terms). Entries
// are written before the link and deleted after it, so that no crash hides a link.
// Readers compare each link with the whole query, so an extra entry is harmless.
type linkIndex struct {
	db   *dynamodb.Client
	name string
}

// add writes the entries of a version of a link.
func (x linkIndex) add(ctx context.Context, l link.Link, terms []string) error {
	var requests []types.WriteRequest
	for _, term := range terms {
		item := indexKey(l, term)
		item["code"], item["version"] = textValue(l.Code), numberValue(int64(l.Version))
		requests = append(requests, types.WriteRequest{PutRequest: &types.PutRequest{Item: item}})
	}
	for chunk := range slices.Chunk(requests, batchWrites) {
		if err := x.write(ctx, chunk); err != nil {
			return err
		}
	}
	return nil
}

// write repeats what DynamoDB has not processed.
func (x linkIndex) write(ctx context.Context, requests []types.WriteRequest) error {
	for attempt := 0; len(requests) > 0; attempt++ {
		out, err := x.db.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{x.name: requests}})
		if err != nil {
			return fmt.Errorf("index link: %w", err)
		}
		if requests = out.UnprocessedItems[x.name]; len(requests) > 0 {
			if err := backOff(ctx, attempt); err != nil {
				return fmt.Errorf("index link: %w", err)
			}
		}
	}
	return nil
}

// remove deletes the entries of a version of a link, unless a later version has written
// them again.
func (x linkIndex) remove(ctx context.Context, l link.Link, terms []string) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelReads)
	for _, term := range terms {
		group.Go(func() error {
			_, err := x.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{
				TableName: &x.name, Key: indexKey(l, term),
				ConditionExpression:       aws.String("version <= :version"),
				ExpressionAttributeValues: map[string]types.AttributeValue{":version": numberValue(int64(l.Version))},
			})
			if err != nil && !conditionFailed(err) {
				return fmt.Errorf("remove link from index: %w", err)
			}
			return nil
		})
	}
	return group.Wait()
}

// rewritten returns the terms whose entries an edit writes, and those whose entries it
// deletes. The code is in the key of each entry.
func rewritten(before, after link.Link) (added, removed []string) {
	old, current := before.Terms(), after.Terms()
	if before.Code != after.Code {
		return current, old
	}
	without := func(terms, others []string) []string {
		return slices.DeleteFunc(slices.Clone(terms), func(term string) bool { return slices.Contains(others, term) })
	}
	return without(current, old), without(old, current)
}

// versionCondition is the condition of a write to a link that was read before.
func versionCondition(l link.Link) (condition *string, values map[string]types.AttributeValue) {
	return aws.String("version = :version"), map[string]types.AttributeValue{":version": &types.AttributeValueMemberN{Value: strconv.Itoa(l.Version)}}
}
