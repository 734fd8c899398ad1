package table

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/link"
)

// Abuse keeps visitors' reports of links, as one more list of the links' index. It is safe
// for concurrent use.
type Abuse struct {
	db    *dynamodb.Client
	index string
}

// NewAbuse returns the reports in the table of the links' index.
func NewAbuse(db *dynamodb.Client, index string) *Abuse { return &Abuse{db: db, index: index} }

// Add stores a report. TTL deletes it after link.AbuseKeepTime.
func (a *Abuse) Add(ctx context.Context, r link.Abuse) error {
	item := abuseKey(r.ID)
	item["link"], item["code"], item["reported"] = textValue(r.Link), textValue(r.Code), textValue(stamp(r.At))
	item["reason"], item["text"] = textValue(r.Reason), textValue(r.Text)
	item["ttl"] = numberValue(r.At.Add(link.AbuseKeepTime).Unix())
	_, err := a.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: &a.index, Item: item})
	if err != nil {
		return fmt.Errorf("store abuse report: %w", err)
	}
	return nil
}

// List returns up to limit reports, latest first, from behind the one with the ID after (""
// is the start), and the ID of the last one when there may be more.
func (a *Abuse) List(ctx context.Context, after string, limit int) (reports []link.Abuse, next string, err error) {
	input := &dynamodb.QueryInput{
		TableName: &a.index, KeyConditionExpression: aws.String("#list = :list"),
		ExpressionAttributeNames:  map[string]string{"#list": "list"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":list": textValue(abuseList)},
		ScanIndexForward:          aws.Bool(false), Limit: aws.Int32(int32(limit)), ConsistentRead: aws.Bool(true),
	}
	if after != "" {
		input.ExclusiveStartKey = abuseKey(after)
	}
	out, err := a.db.Query(ctx, input)
	if err != nil {
		return nil, "", fmt.Errorf("list abuse reports: %w", err)
	}
	for _, item := range out.Items {
		r := link.Abuse{
			ID: textOf(item["at"]), Link: textOf(item["link"]), Code: textOf(item["code"]), Reason: textOf(item["reason"]), Text: textOf(item["text"]),
		}
		if r.At, err = parseStamp(textOf(item["reported"])); err != nil {
			return nil, "", fmt.Errorf("decode abuse report: %w", err)
		}
		reports = append(reports, r)
	}
	return reports, textOf(out.LastEvaluatedKey["at"]), nil
}

// Remove deletes a report. One that doesn't exist is not an error.
func (a *Abuse) Remove(ctx context.Context, id string) error {
	_, err := a.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &a.index, Key: abuseKey(id)})
	if err != nil {
		return fmt.Errorf("remove abuse report: %w", err)
	}
	return nil
}
