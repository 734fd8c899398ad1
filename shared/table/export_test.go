package table

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/click"
)

// Seed returns the items of the days and quarter hours that Count writes for clicks of one link:
// a test that needs a million clicks cannot wait for so many transactions.
func Seed(link string, clicks []click.Click) (items []map[string]types.AttributeValue, err error) {
	c := &Clicks{stats: "stats", keep: time.Hour}
	byBucket := map[string]map[string]types.AttributeValue{}
	item := func(bucket string) map[string]types.AttributeValue {
		if byBucket[bucket] == nil {
			byBucket[bucket] = counterKey(link, 0, bucket)
			items = append(items, byBucket[bucket])
		}
		return byBucket[bucket]
	}
	for _, group := range click.Groups(clicks, ClickGroup)[link] {
		sum, quarter := click.Sum(group)
		day, fine := item(dayBucket(sum.Day)), item(quarterBucket(quarter.At))
		u, err := c.dayUpdate(sum, 0, day)
		if err != nil {
			return nil, err
		}
		u.apply(day)
		if u, err = c.quarterUpdate(link, quarter, 0, fine, group); err != nil {
			return nil, err
		}
		u.apply(fine)
	}
	return items, nil
}

// apply does to an item what DynamoDB does.
func (u *counterUpdate) apply(item map[string]types.AttributeValue) {
	for _, set := range u.sets {
		name, value, _ := strings.Cut(set, "=")
		item[u.names[name]] = u.values[value]
	}
	for _, add := range u.adds {
		name, bound, _ := strings.Cut(add, " ")
		attribute := u.names[name]
		switch value := u.values[bound].(type) {
		case *types.AttributeValueMemberN:
			item[attribute] = numberValue(numberOf(item[attribute]) + numberOf(value))
		case *types.AttributeValueMemberNS:
			all := value.Value
			if before, ok := item[attribute].(*types.AttributeValueMemberNS); ok {
				all = append(slices.Clone(all), before.Value...)
			}
			slices.Sort(all)
			item[attribute] = &types.AttributeValueMemberNS{Value: slices.Compact(all)}
		}
	}
}
