package table

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/link"
)

// LinkHistory reads the changes of links, which LinkEditor records.
type LinkHistory struct {
	db   *dynamodb.Client
	name string
}

// NewLinkHistory returns the history in the named table.
func NewLinkHistory(db *dynamodb.Client, name string) *LinkHistory {
	return &LinkHistory{db: db, name: name}
}

// List returns up to limit changes of the link with the ID, latest first, from behind the
// position after ("" is the start), and the position of the last one when there may be
// more.
func (h *LinkHistory) List(ctx context.Context, id, after string, limit int) (events []link.Event, next string, err error) {
	input := &dynamodb.QueryInput{
		TableName:                 &h.name,
		KeyConditionExpression:    aws.String("#link = :link"),
		ExpressionAttributeNames:  map[string]string{"#link": "link"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":link": textValue(id)},
		ScanIndexForward:          aws.Bool(false),
		Limit:                     aws.Int32(int32(limit)),
		ConsistentRead:            aws.Bool(true),
	}
	if after != "" {
		input.ExclusiveStartKey = map[string]types.AttributeValue{"link": textValue(id), "at": textValue(after)}
	}
	out, err := h.db.Query(ctx, input)
	if err != nil {
		return nil, "", fmt.Errorf("query history of link: %w", err)
	}
	for _, item := range out.Items {
		event := link.Event{Action: link.Action(textOf(item["action"])), By: textOf(item["by"])}
		at, _, _ := strings.Cut(textOf(item["at"]), "#")
		if event.At, err = parseStamp(at); err != nil {
			return nil, "", fmt.Errorf("decode history: %w", err)
		}
		if err := json.Unmarshal([]byte(textOf(item["changes"])), &event.Changes); err != nil {
			return nil, "", fmt.Errorf("decode history: %w", err)
		}
		events = append(events, event)
	}
	return events, textOf(out.LastEvaluatedKey["at"]), nil
}
