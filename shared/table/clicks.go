package table

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/click"
)

// ClickGroup is how many clicks one transaction counts. With their counters, the
// total, the day and up to 24 hours, they make DynamoDB's 100 actions, and their
// names stay below the 4 KB of an expression even if no two are the same.
const ClickGroup = 100 - 26

// Clicks are the raw clicks, and the way to their counters: a click is written
// and counted in one transaction, or neither.
type Clicks struct {
	db     *dynamodb.Client
	clicks string
	stats  string
	keep   time.Duration
}

// NewClicks returns the clicks in one table and the counters in another. Raw
// clicks are kept for a while after they happened. For that long a click is
// known again when its message comes twice; queues keep messages for up to 14
// days, so keep should be more.
func NewClicks(db *dynamodb.Client, clicks, stats string, keep time.Duration) *Clicks {
	return &Clicks{db: db, clicks: clicks, stats: stats, keep: keep}
}

// Count writes and counts a group of click.Groups, of at most ClickGroup
// clicks of one link and day. Clicks that were counted before are left out,
// so Count can be repeated after any error, and run at the same time as
// others, and each click still counts exactly once. Where others are at the
// same counters it moves on to other shards of them, until it gets through or
// ctx ends.
func (c *Clicks) Count(ctx context.Context, group []click.Click) error {
	for attempt := 0; ; {
		shard := CounterShard(attempt, rand.IntN)
		transaction, err := c.transaction(ctx, group, shard)
		if err != nil {
			return err
		}
		_, err = c.db.TransactWriteItems(ctx, transaction)
		if err == nil {
			return nil
		}
		left, passing := uncounted(group, err)
		if len(left) == 0 {
			return nil
		}
		if !passing {
			return fmt.Errorf("count clicks: %w", err)
		}
		if len(left) == len(group) {
			if endErr := backOff(ctx, attempt); endErr != nil {
				return fmt.Errorf("count clicks: %w, after %w", endErr, err)
			}
			attempt++
		}
		group = left
	}
}

// uncounted returns the clicks that were not the reason of err because they
// exist, and whether it makes sense to try again with them.
func uncounted(group []click.Click, err error) (left []click.Click, passing bool) {
	cancelled, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok {
		return group, retry.NewStandard().IsErrorRetryable(err)
	}
	for i, reason := range cancelled.CancellationReasons {
		switch code := aws.ToString(reason.Code); code {
		case "", "None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded":
		case "ConditionalCheckFailed":
			if i < len(group) {
				continue // this click exists
			}
		default:
			return group, false
		}
		if i < len(group) {
			left = append(left, group[i])
		}
	}
	return left, true
}

// backOff waits a random time that grows with the attempts, or until ctx ends.
func backOff(ctx context.Context, attempt int) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(CounterPause(attempt, rand.IntN)):
		return nil
	}
}

// transaction puts the clicks and adds them to a shard of total, day and hours.
func (c *Clicks) transaction(ctx context.Context, group []click.Click, shard int) (*dynamodb.TransactWriteItemsInput, error) {
	day, err := c.dayUpdate(ctx, group, shard)
	if err != nil {
		return nil, err
	}
	counters := map[string]int64{totalBucket: int64(len(group))}
	items := make([]types.TransactWriteItem, 0, 100)
	for _, one := range group {
		items = append(items, types.TransactWriteItem{Put: c.put(one)})
		counters[hourBucket(one.At)]++
	}
	for bucket, clicks := range counters {
		counter := c.update(group[0], counterShard(bucket, shard))
		counter.add(clicksAttribute, clicks)
		items = append(items, counter.item())
	}
	return &dynamodb.TransactWriteItemsInput{TransactItems: append(items, day)}, nil
}

// put is a raw click that must not exist yet.
func (c *Clicks) put(one click.Click) *types.Put {
	item := map[string]types.AttributeValue{
		"shard": textValue(ClickShard(one.Code, one.At, one.ID)),
		"ttl":   numberValue(one.At.Add(c.keep).Unix()),
	}
	for name, value := range map[string]string{
		"id": one.ID, "code": one.Code, ownerAttribute: one.Owner, "at": stamp(one.At),
		click.Country: one.Country, click.City: one.City, click.Referrer: one.Referrer,
		click.Browser: one.Browser, click.System: one.System, click.Device: one.Device,
	} {
		if value != "" {
			item[name] = textValue(value)
		}
	}
	return &types.Put{TableName: &c.clicks, Item: item, ConditionExpression: aws.String("attribute_not_exists(id)")}
}

// dayUpdate adds the clicks to their day. To keep the item small it has to
// know which names the day has; if others add new names meanwhile, the
// condition on their number fails and Count looks again.
func (c *Clicks) dayUpdate(ctx context.Context, group []click.Click, shard int) (types.TransactWriteItem, error) {
	sum := click.Sum(group)
	bucket := counterShard(dayBucket(sum.Day), shard)
	u := c.update(group[0], bucket)
	if shard == 0 { // one place in the index is enough to find all
		u.set(ownerDayAttribute, ownerDay(sum.Owner, sum.Day))
	}
	if sum.Limit(nil) > 0 {
		item, err := c.day(ctx, sum.Code, bucket)
		if err != nil {
			return types.TransactWriteItem{}, err
		}
		known, err := dayOf(item)
		if err != nil {
			return types.TransactWriteItem{}, err
		}
		if added := sum.Limit(known.Names); added > 0 {
			u.unchanged(namesAttribute, item[namesAttribute])
			u.add(namesAttribute, int64(added))
		}
	}
	u.add(clicksAttribute, sum.Clicks)
	for _, dimension := range click.Dimensions() {
		for name, clicks := range sum.Names[dimension] {
			u.add(dimension+"#"+name, clicks)
		}
	}
	return u.item(), nil
}

// day reads a day item as it is now; when there is none, an empty one.
func (c *Clicks) day(ctx context.Context, code, bucket string) (map[string]types.AttributeValue, error) {
	key := statsKey(code, bucket)
	out, err := c.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: &c.stats, Key: key, ConsistentRead: aws.Bool(true)})
	if err != nil {
		return nil, fmt.Errorf("get day of link: %w", err)
	}
	if out.Item == nil {
		return key, nil
	}
	return out.Item, nil
}

// update begins an update of a counter item.
func (c *Clicks) update(one click.Click, bucket string) *counterUpdate {
	u := &counterUpdate{table: c.stats, key: statsKey(one.Code, bucket), names: map[string]string{}, values: map[string]types.AttributeValue{}}
	u.set(ownerAttribute, one.Owner)
	return u
}

// counterUpdate builds an update of one item. Attributes get short placeholders,
// since a long expression is refused.
type counterUpdate struct {
	table     string
	key       map[string]types.AttributeValue
	sets      []string
	adds      []string
	condition *string
	names     map[string]string
	values    map[string]types.AttributeValue
}

func (u *counterUpdate) bind(attribute string, value types.AttributeValue) (name, bound string) {
	short := strconv.FormatInt(int64(len(u.names)), 36)
	name, bound = "#"+short, ":"+short
	u.names[name] = attribute
	if value != nil {
		u.values[bound] = value
	}
	return name, bound
}

func (u *counterUpdate) set(attribute, text string) {
	name, value := u.bind(attribute, textValue(text))
	u.sets = append(u.sets, name+"="+value)
}

func (u *counterUpdate) add(attribute string, n int64) {
	name, value := u.bind(attribute, numberValue(n))
	u.adds = append(u.adds, name+" "+value)
}

// unchanged makes the update conditional on what was read; nil is absence.
func (u *counterUpdate) unchanged(attribute string, was types.AttributeValue) {
	name, value := u.bind(attribute, was)
	if was == nil {
		u.condition = aws.String("attribute_not_exists(" + name + ")")
		return
	}
	u.condition = aws.String(name + "=" + value)
}

func (u *counterUpdate) item() types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName:                 &u.table,
		Key:                       u.key,
		UpdateExpression:          aws.String("SET " + strings.Join(u.sets, ",") + " ADD " + strings.Join(u.adds, ",")),
		ConditionExpression:       u.condition,
		ExpressionAttributeNames:  u.names,
		ExpressionAttributeValues: u.values,
	}}
}
