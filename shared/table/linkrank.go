package table

import (
	"context"
	"fmt"
	"math/bits"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/link"
)

// LinkRanks keeps one entry for each link with clicks in the links' index, by which they
// are sorted. An entry for each click would make one partition of an index as hot as all
// links of an owner together. So an entry is written at a link's first click of a day,
// and whenever its clicks of the day have doubled: it lags by less than half of the clicks
// of one day.
type LinkRanks struct {
	db    *dynamodb.Client
	index string
	stats *Stats
}

// NewLinkRanks returns the ranks in the links' index, of the counters in the table stats.
func NewLinkRanks(db *dynamodb.Client, index, stats string) *LinkRanks {
	return &LinkRanks{db: db, index: index, stats: NewStats(db, stats)}
}

// Milestone reports whether a link's clicks of a day reach a power of two when more are
// added.
func Milestone(clicks, added int64) bool {
	return bits.Len64(uint64(clicks)) != bits.Len64(uint64(clicks+added))
}

// Refresh writes the entry of a link, with all of its clicks, after its latest click was
// counted. An entry with more clicks or a later one stays as it is. The code is that of the
// first click: the click may be older than an edit of the code, which writes it itself.
func (r *LinkRanks) Refresh(ctx context.Context, latest click.Click) error {
	total, err := r.stats.Total(ctx, latest.Link)
	if err != nil {
		return err
	}
	_, err = r.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &r.index, Key: rankKey(latest.Owner, latest.Link),
		UpdateExpression:    aws.String("SET code = if_not_exists(code, :code), ranked = :owner, clicks = :clicks, lastClick = :at"),
		ConditionExpression: aws.String("attribute_not_exists(clicks) OR clicks <= :clicks AND lastClick <= :at"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":code": textValue(latest.Code), ":owner": textValue(latest.Owner), ":clicks": numberValue(total), ":at": textValue(stamp(latest.At)),
		},
	})
	if err != nil && !conditionFailed(err) {
		return fmt.Errorf("rank link: %w", err)
	}
	return nil
}

// rename is the write that makes the entry of a link name its code. Without clicks, the
// entry has nothing else and is in no index.
func (x linkIndex) rename(l link.Link) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &x.name, Key: rankKey(l.Owner, l.ID), UpdateExpression: aws.String("SET code = :code"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":code": textValue(l.Code)},
	}}
}

// unrank deletes the entry of a link.
func (x linkIndex) unrank(ctx context.Context, l link.Link) error {
	_, err := x.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &x.name, Key: rankKey(l.Owner, l.ID)})
	if err != nil {
		return fmt.Errorf("remove link from index: %w", err)
	}
	return nil
}

// What positions in a ranked list begin with: that they are among the links with an entry,
// or among the others.
const (
	rankedPosition = "r"
	restPosition   = "o"
)

// ranked reads the links that have an entry by an index of these, then the others, newest
// first.
func (l *LinkList) ranked(owner, index, sortKey string, others source) source {
	return func(ctx context.Context, after string, n int) (found []candidate, next string, err error) {
		if position, ok := strings.CutPrefix(after, restPosition); ok {
			return l.unranked(ctx, owner, others, position, n)
		}
		input := &dynamodb.QueryInput{
			TableName: &l.index, IndexName: &index, KeyConditionExpression: aws.String("ranked = :owner"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":owner": textValue(owner)},
			ScanIndexForward:          aws.Bool(false), Limit: aws.Int32(int32(n)),
		}
		if position, ok := strings.CutPrefix(after, rankedPosition); ok {
			value, id, _ := strings.Cut(position, " ")
			input.ExclusiveStartKey = rankKey(owner, id)
			input.ExclusiveStartKey["ranked"] = textValue(owner)
			input.ExclusiveStartKey[sortKey] = textValue(value)
			if sortKey == clicksAttribute {
				input.ExclusiveStartKey[sortKey] = &types.AttributeValueMemberN{Value: value}
			}
		}
		out, err := l.db.Query(ctx, input)
		if err != nil {
			return nil, "", fmt.Errorf("list links by rank: %w", err)
		}
		var listed []entry
		for _, item := range out.Items {
			listed = append(listed, entry{rankedPosition + rankPosition(item, sortKey), textOf(item["at"]), textOf(item["code"])})
		}
		next = restPosition
		if out.LastEvaluatedKey != nil {
			next = rankedPosition + rankPosition(out.LastEvaluatedKey, sortKey)
		}
		found, err = l.resolve(ctx, owner, listed)
		return found, next, err
	}
}

func rankPosition(item map[string]types.AttributeValue, sortKey string) string {
	value := textOf(item[sortKey])
	if number, ok := item[sortKey].(*types.AttributeValueMemberN); ok {
		value = number.Value
	}
	return value + " " + textOf(item["at"])
}

// unranked reads the links that have no entry.
func (l *LinkList) unranked(ctx context.Context, owner string, others source, after string, n int) (found []candidate, next string, err error) {
	all, next, err := others(ctx, after, n)
	if err != nil {
		return nil, "", err
	}
	keys := make([]map[string]types.AttributeValue, len(all))
	for i, c := range all {
		keys[i] = rankKey(owner, c.link.ID)
	}
	items, err := getAll(ctx, l.db, l.index, keys)
	if err != nil {
		return nil, "", err
	}
	ranked := map[string]bool{}
	for _, item := range items {
		ranked[textOf(item["at"])] = item[clicksAttribute] != nil
	}
	for _, c := range all {
		if !ranked[c.link.ID] {
			c.position = restPosition + c.position
			found = append(found, c)
		}
	}
	if next != "" {
		next = restPosition + next
	}
	return found, next, nil
}
