package table

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/fault"
)

// The attributes of a counter item beside its key. A day item also has one
// attribute a name, such as country#DE.
const (
	clicksAttribute   = "clicks"
	ownerAttribute    = "owner"
	ownerDayAttribute = "ownerDay"
	namesAttribute    = "names" // how many invented names a day item has
)

// parallelReads is how many links are read at once.
const parallelReads = 16

// Stats are the counters of links: clicks in total, by hour and by day, a day
// also by names. Clicks.Count writes them. Days and hours are UTC; those
// without clicks are absent.
type Stats struct {
	db   *dynamodb.Client
	name string
}

// NewStats returns the counters in the named table.
func NewStats(db *dynamodb.Client, name string) *Stats { return &Stats{db: db, name: name} }

// Total returns all clicks of a link, 0 when there are none.
func (s *Stats) Total(ctx context.Context, code string) (total int64, err error) {
	items, err := s.between(ctx, code, totalBucket, counterShard(totalBucket, counterShards))
	if err != nil {
		return 0, err
	}
	for _, item := range items {
		clicks, err := countOf(item[clicksAttribute])
		if err != nil {
			return 0, err
		}
		total += clicks
	}
	return total, nil
}

// Hours returns a link's hours that begin in [from, to), in order.
func (s *Stats) Hours(ctx context.Context, code string, from, to time.Time) ([]click.HourCount, error) {
	items, err := s.between(ctx, code, hourBucket(ceil(from, time.Hour)), hourBucket(ceil(to, time.Hour)))
	if err != nil {
		return nil, err
	}
	var hours []click.HourCount
	for _, item := range items {
		at, err := hourOf(textOf(item["bucket"]))
		if err != nil {
			return nil, err
		}
		clicks, err := countOf(item[clicksAttribute])
		if err != nil {
			return nil, err
		}
		if last := len(hours) - 1; last >= 0 && hours[last].At.Equal(at) {
			hours[last].Clicks += clicks
			continue
		}
		hours = append(hours, click.HourCount{At: at, Clicks: clicks})
	}
	return hours, nil
}

// Days returns a link's days that begin in [from, to), in order.
func (s *Stats) Days(ctx context.Context, code string, from, to time.Time) ([]click.DayCount, error) {
	const whole = 24 * time.Hour
	items, err := s.between(ctx, code, dayBucket(ceil(from, whole)), dayBucket(ceil(to, whole)))
	if err != nil {
		return nil, err
	}
	var days []click.DayCount
	for _, item := range items {
		day, err := dayOf(item)
		if err != nil {
			return nil, err
		}
		last := len(days) - 1
		if last < 0 || !days[last].Day.Equal(day.Day) {
			days = append(days, day)
			continue
		}
		days[last].Clicks += day.Clicks
		days[last].Names.Merge(day.Names)
		days[last].Limit(nil) // each shard has kept to it; together they may not
	}
	return days, nil
}

// ceil rounds up to a whole unit, so that a bucket is in a range when it begins there.
func ceil(t time.Time, unit time.Duration) time.Time {
	if whole := t.Truncate(unit); whole.Before(t) {
		return whole.Add(unit)
	}
	return t
}

// between returns a link's items from one bucket to before another, in order.
func (s *Stats) between(ctx context.Context, code, from, to string) ([]map[string]types.AttributeValue, error) {
	if from >= to {
		return nil, nil
	}
	var items []map[string]types.AttributeValue
	pages := dynamodb.NewQueryPaginator(s.db, &dynamodb.QueryInput{
		TableName:                &s.name,
		KeyConditionExpression:   aws.String("#code = :code AND #bucket BETWEEN :from AND :to"),
		ExpressionAttributeNames: map[string]string{"#code": "code", "#bucket": "bucket"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":code": textValue(code), ":from": textValue(from), ":to": textValue(to),
		},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("query counters of link: %w", err)
		}
		for _, item := range page.Items {
			if textOf(item["bucket"]) != to {
				items = append(items, item)
			}
		}
	}
	return items, nil
}

// OwnerDay returns a page of the links of an owner that had clicks on a day, and
// where the next page begins, "" at the end. Begin with after "". Links with most
// clicks come first, as far as the first shard of their counters tells. While the day lasts, a link that gains clicks between two pages
// can be missed or come twice.
func (s *Stats) OwnerDay(ctx context.Context, owner string, day time.Time, after string) (days []click.DayCount, next string, err error) {
	start, err := ownerDayStart(owner, day, after)
	if err != nil {
		return nil, "", err
	}
	out, err := s.db.Query(ctx, &dynamodb.QueryInput{
		TableName:                 &s.name,
		IndexName:                 aws.String("byOwnerDay"),
		KeyConditionExpression:    aws.String("ownerDay = :ownerDay"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":ownerDay": textValue(ownerDay(owner, day))},
		ScanIndexForward:          aws.Bool(false),
		ExclusiveStartKey:         start,
	})
	if err != nil {
		return nil, "", fmt.Errorf("query day of owner: %w", err)
	}
	if days, err = s.wholeDays(ctx, out.Items, day); err != nil {
		return nil, "", err
	}
	if last := out.LastEvaluatedKey; last != nil {
		clicks, err := countOf(last[clicksAttribute])
		if err != nil {
			return nil, "", err
		}
		next = fmt.Sprintf("%d#%s", clicks, textOf(last["code"]))
	}
	return days, next, nil
}

// wholeDays reads the day of each link that the index has named, with all its
// shards, in the order of the index.
func (s *Stats) wholeDays(ctx context.Context, items []map[string]types.AttributeValue, day time.Time) ([]click.DayCount, error) {
	days := make([]click.DayCount, len(items))
	day = day.UTC().Truncate(24 * time.Hour)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelReads)
	for i, item := range items {
		group.Go(func() error {
			found, err := s.Days(ctx, textOf(item["code"]), day, day.AddDate(0, 0, 1))
			if err == nil && len(found) == 0 { // this read lags behind the index
				found = make([]click.DayCount, 1)
				found[0], err = dayOf(item)
			}
			if err == nil {
				days[i] = found[0]
			}
			return err
		})
	}
	return days, group.Wait()
}

// ownerDayStart turns a position of OwnerDay into the index's key.
func ownerDayStart(owner string, day time.Time, after string) (map[string]types.AttributeValue, error) {
	if after == "" {
		return nil, nil
	}
	clicks, code, ok := strings.Cut(after, "#")
	n, err := strconv.ParseInt(clicks, 10, 64)
	if !ok || err != nil {
		return nil, fault.New(fault.Invalid, "The position in the day is not valid.")
	}
	start := statsKey(code, dayBucket(day))
	start[ownerDayAttribute] = textValue(ownerDay(owner, day))
	start[clicksAttribute] = numberValue(n)
	return start, nil
}

// dayOf reads a day item.
func dayOf(item map[string]types.AttributeValue) (click.DayCount, error) {
	day := click.DayCount{Code: textOf(item["code"]), Owner: textOf(item[ownerAttribute]), Names: click.Names{}}
	var err error
	if day.Day, err = dayOfBucket(textOf(item["bucket"])); err != nil {
		return day, err
	}
	if day.Clicks, err = countOf(item[clicksAttribute]); err != nil {
		return day, err
	}
	for attribute, value := range item {
		dimension, name, ok := strings.Cut(attribute, "#")
		if !ok {
			continue
		}
		clicks, err := countOf(value)
		if err != nil {
			return day, err
		}
		day.Names.Add(dimension, name, clicks)
	}
	return day, nil
}

// countOf reads a counter; an absent one is 0.
func countOf(value types.AttributeValue) (int64, error) {
	if value == nil {
		return 0, nil
	}
	number, ok := value.(*types.AttributeValueMemberN)
	if !ok {
		return 0, fmt.Errorf("counter is a %T, not a number", value)
	}
	n, err := strconv.ParseInt(number.Value, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read counter: %w", err)
	}
	return n, nil
}
