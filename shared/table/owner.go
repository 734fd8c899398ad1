package table

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// byOwner reads a page of an owner's items, newest first, by the index of that
// name: up to limit of them from behind the position after ("" is the start), and
// the position of the last one when there may be more, else "".
func byOwner(ctx context.Context, db *dynamodb.Client, table, owner, after string, limit int) (items []map[string]types.AttributeValue, next string, err error) {
	input := &dynamodb.QueryInput{
		TableName:                 &table,
		IndexName:                 aws.String("byOwner"),
		KeyConditionExpression:    aws.String("#owner = :owner"),
		ExpressionAttributeNames:  map[string]string{"#owner": "owner"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":owner": textValue(owner)},
		ScanIndexForward:          aws.Bool(false),
		Limit:                     aws.Int32(int32(limit)),
	}
	if after != "" {
		createdAt, id, _ := strings.Cut(after, " ")
		input.ExclusiveStartKey = idKey(id)
		input.ExclusiveStartKey["owner"], input.ExclusiveStartKey["createdAt"] = textValue(owner), textValue(createdAt)
	}
	out, err := db.Query(ctx, input)
	if err != nil {
		return nil, "", fmt.Errorf("list %s of an owner: %w", table, err)
	}
	if last := out.LastEvaluatedKey; last != nil {
		next = textOf(last["createdAt"]) + " " + textOf(last["id"])
	}
	return out.Items, next, nil
}
