package table

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/click"
)

// ClickGroup is how many clicks one transaction counts. With their counters they stay
// below DynamoDB's 100 actions, and their names below the 4 KB of an expression even
// if no two are the same.
const ClickGroup = 64

// Clicks stores raw clicks and counts them, both in one transaction.
type Clicks struct {
	db     *dynamodb.Client
	clicks string
	stats  string
	keep   time.Duration
	place  atomic.Int64 // the shard that is used for hot counters
}

// NewClicks returns the clicks in one table and the counters in another. Raw
// clicks are kept for the duration keep, in which a redelivered click is recognized.
// Queues keep messages for up to 14 days, so keep should be longer.
func NewClicks(db *dynamodb.Client, clicks, stats string, keep time.Duration) *Clicks {
	c := &Clicks{db: db, clicks: clicks, stats: stats, keep: keep}
	c.move()
	return c
}

func (c *Clicks) move() { c.place.Store(int64(CounterPlace(rand.IntN))) }

// Count writes and counts a group of click.Groups, of at most ClickGroup
// clicks of one link and quarter hour. Clicks that were counted before are left out,
// so Count can be repeated after any error, and run at the same time as
// others, and each click still counts exactly once. It retries until ctx ends,
// in another shard if many counters write the same link.
//
// It reports whether the link's clicks of the day have reached a Milestone.
func (c *Clicks) Count(ctx context.Context, group []click.Click) (milestone bool, err error) {
	for stale := 0; len(group) > 0; {
		var before int64
		err := transactEach(ctx, c.db, func(attempt int) ([]types.TransactWriteItem, error) {
			if attempt > 0 {
				c.move()
			}
			writes, sofar, err := c.writes(ctx, group, stale+attempt)
			before = sofar
			return writes, err
		})
		refused, ok := errors.AsType[*refusedError](err)
		if err != nil && !ok {
			return false, fmt.Errorf("count clicks: %w", err)
		}
		if err == nil {
			return Milestone(before, int64(len(group))), nil
		}
		left := uncounted(group, refused)
		if len(left) == len(group) { // others have added names or visitors since the counters were read
			if endErr := backOff(ctx, stale); endErr != nil {
				return false, fmt.Errorf("count clicks: %w, after %w", endErr, err)
			}
			c.move()
			stale++
		}
		group = left
	}
	return false, nil
}

// uncounted returns the clicks of a refused transaction that do not exist yet.
func uncounted(group []click.Click, refused *refusedError) (left []click.Click) {
	for n, one := range group {
		if !slices.Contains(refused.writes, n) {
			left = append(left, one)
		}
	}
	return left
}

// writes puts the clicks and adds them to total, day and quarter hour, to the first shard of
// these unless the day is hot. The first writer to succeed after several attempts marks
// the counter as hot there, in the same transaction: readers of the first shard see
// the mark before anything is in another one. It also returns the day's clicks so far in
// the shard.
func (c *Clicks) writes(ctx context.Context, group []click.Click, attempt int) (writes []types.TransactWriteItem, before int64, err error) {
	sum, quarter := click.Sum(group)
	shard := 0
	known, err := c.read(ctx, sum.Link, quarter.At, shard)
	if err != nil {
		return nil, 0, err
	}
	sofar, err := countOf(known.day[clicksAttribute])
	if err != nil {
		return nil, 0, err
	}
	hot := isHot(known.day)
	if hot {
		shard = int(c.place.Load())
	}
	if shard > 0 {
		if known, err = c.read(ctx, sum.Link, quarter.At, shard); err != nil {
			return nil, 0, err
		}
	}
	if before, err = countOf(known.day[clicksAttribute]); err != nil {
		return nil, 0, err
	}
	total := c.update(counterKey(sum.Link, shard, totalBucket))
	total.set(ownerAttribute, textValue(sum.Owner))
	total.add(clicksAttribute, sum.Clicks)
	day, err := c.dayUpdate(sum, shard, known.day)
	if err != nil {
		return nil, 0, err
	}
	fine, err := c.quarterUpdate(sum.Link, quarter, shard, known.quarter, group)
	if err != nil {
		return nil, 0, err
	}
	if !hot && Hot(attempt, sofar) {
		total.set(hotAttribute, &types.AttributeValueMemberBOOL{Value: true})
		day.set(hotAttribute, &types.AttributeValueMemberBOOL{Value: true})
	}
	items := make([]types.TransactWriteItem, 0, len(group)+3)
	for _, one := range group {
		items = append(items, types.TransactWriteItem{Put: c.put(one)})
	}
	return append(items, total.item(), day.item(), fine.item()), before, nil
}

// put is a raw click that must not exist yet. It does not contain the visitor.
func (c *Clicks) put(one click.Click) *types.Put {
	item := map[string]types.AttributeValue{
		"shard": textValue(ClickShard(one.Link, one.At, one.ID)),
		"ttl":   numberValue(one.At.Add(c.keep).Unix()),
	}
	for name, value := range map[string]string{
		"id": one.ID, "link": one.Link, "code": one.Code, ownerAttribute: one.Owner, "at": stamp(one.At),
		click.Country: one.Country, click.City: one.City, click.Referrer: one.Referrer,
		click.Browser: one.Browser, click.System: one.System, click.Device: one.Device,
		click.Language: one.Language, click.Destination: one.Destination, click.Bot: one.Bot,
	} {
		if value != "" {
			item[name] = textValue(value)
		}
	}
	if one.Scan {
		item[scanAttribute] = &types.AttributeValueMemberBOOL{Value: true}
	}
	return &types.Put{TableName: &c.clicks, Item: item, ConditionExpression: aws.String("attribute_not_exists(id)")}
}

// dayUpdate adds a group's sum to its day.
func (c *Clicks) dayUpdate(sum click.DayCount, shard int, item map[string]types.AttributeValue) (*counterUpdate, error) {
	known, err := dayOf(sum.Link, item)
	if err != nil {
		return nil, err
	}
	u := c.update(counterKey(sum.Link, shard, dayBucket(sum.Day)))
	u.set(ownerAttribute, textValue(sum.Owner))
	u.set(linkCodeAttribute, textValue(sum.Code))
	if shard == 0 { // one place in the index is enough to find all
		u.set(ownerDayAttribute, textValue(ownerDay(sum.Owner, sum.Day)))
	}
	u.add(clicksAttribute, sum.Clicks)
	u.addAll(quarterPrefix, sum.Quarters[:])
	if sum.Scans > 0 {
		u.add(scansAttribute, sum.Scans)
	}
	return u, u.count(sum.Names, known.Names, sum.Visitors, known.Visitors, item)
}

// quarterUpdate adds a group's sum to its quarter hour, and the shards of its raw clicks, so
// that these are found again.
func (c *Clicks) quarterUpdate(link string, sum click.QuarterCount, shard int, item map[string]types.AttributeValue, group []click.Click) (*counterUpdate, error) {
	known, err := quarterOf(item)
	if err != nil {
		return nil, err
	}
	u := c.update(counterKey(link, shard, quarterBucket(sum.At)))
	u.add(clicksAttribute, sum.Clicks)
	u.addAll(minutePrefix, sum.Minutes[:])
	if sum.Scans > 0 {
		u.add(scansAttribute, sum.Scans)
	}
	var shards []string
	for _, one := range group {
		shards = append(shards, strconv.Itoa(clickShard(one.ID)))
	}
	slices.Sort(shards)
	u.values[":shards"] = &types.AttributeValueMemberNS{Value: slices.Compact(shards)}
	u.adds = append(u.adds, u.bind(shardsAttribute)+" :shards")
	return u, u.count(sum.Names, known.Names, sum.Visitors, known.Visitors, item)
}

// counters are the items of a day and of a quarter hour of it.
type counters struct {
	day, quarter map[string]types.AttributeValue
}

// read reads a shard's counters as they are now; those that don't exist are empty.
func (c *Clicks) read(ctx context.Context, link string, at time.Time, shard int) (counters, error) {
	known := counters{counterKey(link, shard, dayBucket(at)), counterKey(link, shard, quarterBucket(at))}
	items, err := getAll(ctx, c.db, c.stats, []map[string]types.AttributeValue{known.day, known.quarter})
	if err != nil {
		return counters{}, err
	}
	for _, item := range items {
		if textOf(item["bucket"]) == dayBucket(at) {
			known.day = item
		} else {
			known.quarter = item
		}
	}
	return known, nil
}

// update begins an update of a counter item.
func (c *Clicks) update(key map[string]types.AttributeValue) *counterUpdate {
	return &counterUpdate{table: c.stats, key: key, names: map[string]string{}, values: map[string]types.AttributeValue{}}
}

// counterUpdate builds an update of one item. Attributes get short placeholders,
// and equal numbers the same one, since a long expression is refused.
type counterUpdate struct {
	table      string
	key        map[string]types.AttributeValue
	sets       []string
	adds       []string
	conditions []string
	names      map[string]string
	values     map[string]types.AttributeValue
}

func (u *counterUpdate) bind(attribute string) (name string) {
	name = "#" + strconv.FormatInt(int64(len(u.names)), 36)
	u.names[name] = attribute
	return name
}

func (u *counterUpdate) set(attribute string, value types.AttributeValue) {
	name, bound := u.bind(attribute), fmt.Sprint(":v", len(u.names))
	u.values[bound] = value
	u.sets = append(u.sets, name+"="+bound)
}

func (u *counterUpdate) add(attribute string, n int64) {
	bound := fmt.Sprint(":", n)
	u.values[bound] = numberValue(n)
	u.adds = append(u.adds, u.bind(attribute)+" "+bound)
}

// addAll adds counters whose names are a prefix and their number.
func (u *counterUpdate) addAll(prefix string, counts []int64) {
	for n, clicks := range counts {
		if clicks > 0 {
			u.add(numbered(prefix, n), clicks)
		}
	}
}

// count adds names and visitors to an item that is known. To keep the item small it has to
// know which names the item has, and there is no way to add visitors without reading
// those before. If others add new ones meanwhile, a condition fails and Count looks again.
func (u *counterUpdate) count(names, known click.Names, visitors, before click.Visitors, item map[string]types.AttributeValue) error {
	if added := names.Limit(known); added > 0 {
		u.unchanged(namesAttribute, item[namesAttribute])
		u.add(namesAttribute, int64(added))
	}
	for _, dimension := range click.Dimensions() {
		for name, clicks := range names[dimension] {
			u.add(dimension+"#"+name, clicks)
		}
	}
	all, err := before.Merge(visitors)
	if err != nil {
		return err
	}
	if !bytes.Equal(all, before) {
		u.unchanged(visitorsAttribute, item[visitorsAttribute])
		u.set(visitorsAttribute, &types.AttributeValueMemberB{Value: all})
	}
	return nil
}

// unchanged makes the update conditional on what was read; nil is absence.
func (u *counterUpdate) unchanged(attribute string, was types.AttributeValue) {
	name := u.bind(attribute)
	if was == nil {
		u.conditions = append(u.conditions, "attribute_not_exists("+name+")")
		return
	}
	bound := fmt.Sprint(":was", len(u.conditions))
	u.values[bound] = was
	u.conditions = append(u.conditions, name+"="+bound)
}

func (u *counterUpdate) item() types.TransactWriteItem {
	expression := "ADD " + strings.Join(u.adds, ",")
	if len(u.sets) > 0 {
		expression = "SET " + strings.Join(u.sets, ",") + " " + expression
	}
	update := &types.Update{
		TableName:                 &u.table,
		Key:                       u.key,
		UpdateExpression:          &expression,
		ExpressionAttributeNames:  u.names,
		ExpressionAttributeValues: u.values,
	}
	if len(u.conditions) > 0 {
		update.ConditionExpression = aws.String(strings.Join(u.conditions, " AND "))
	}
	return types.TransactWriteItem{Update: update}
}
