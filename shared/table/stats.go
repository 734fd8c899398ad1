package table

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/click"
)

// The attributes of a counter item beside its key. A day item also has one attribute a
// quarter hour, such as quarter#37, an item of a quarter hour one a minute, such as minute#07,
// and both one a name, such as country#DE. Days that older versions have counted have one
// an hour instead, such as hour#09.
const (
	clicksAttribute   = "clicks"
	ownerAttribute    = "owner"
	ownerDayAttribute = "ownerDay"
	linkCodeAttribute = "linkCode" // of the link when it was last counted, in a day item
	namesAttribute    = "names"    // how many invented names a day item has
	hotAttribute      = "crowd"    // in a first shard: the counter is hot, so there are others
	scanAttribute     = "scan"     // of a raw click
	scansAttribute    = "scans"    // clicks from QR codes
	visitorsAttribute = "visitors" // a sketch
	shardsAttribute   = "shards"   // in an item of a quarter hour: where its raw clicks are
	hourPrefix        = "hour#"
	quarterPrefix     = "quarter#"
	minutePrefix      = "minute#"
)

func numbered(prefix string, n int) string { return fmt.Sprintf("%s%02d", prefix, n) }

const wholeDay = 24 * time.Hour

// parallelReads is how many links, or shards of one, are read at once.
const parallelReads = 16

// parallelShards is how many pages of counters are in memory at once: one has up to 1 MB, and
// some ten times as much when it is decoded.
const parallelShards = 4

// ownerDayPage is how many links OwnerDay returns at a time: a second's work for one invocation.
const ownerDayPage = 200

// Stats are the counters of links: clicks in total, by day and by quarter hour, both
// also by names and with a sketch of their visitors. Clicks.Count writes them. Days are
// UTC; days and quarter hours without clicks are absent.
type Stats struct {
	db   *dynamodb.Client
	name string
}

// NewStats returns the counters in the named table.
func NewStats(db *dynamodb.Client, name string) *Stats { return &Stats{db: db, name: name} }

// Total returns all clicks of a link, 0 when there are none.
func (s *Stats) Total(ctx context.Context, link string) (total int64, err error) {
	items, err := s.between(ctx, link, totalBucket, totalBucket+"#")
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

// Days returns a link's days that begin in [from, to), in order.
func (s *Stats) Days(ctx context.Context, link string, from, to time.Time) ([]click.DayCount, error) {
	items, err := s.between(ctx, link, dayBucket(nextMidnight(from)), dayBucket(nextMidnight(to)))
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(items, func(a, b map[string]types.AttributeValue) int {
		return strings.Compare(textOf(a["bucket"]), textOf(b["bucket"]))
	})
	var days []click.DayCount
	for _, item := range items {
		day, err := dayOf(link, item)
		if err != nil {
			return nil, err
		}
		last := len(days) - 1
		if last < 0 || !days[last].Day.Equal(day.Day) {
			days = append(days, day)
			continue
		}
		if err := days[last].Merge(day); err != nil {
			return nil, err
		}
		days[last].Names.Limit(nil) // each shard has kept to it; together they may not
	}
	return days, nil
}

// Period adds up a link's clicks in [from, to), both of which begin a quarter hour. Of
// days that are entirely in it, it reads the items of the days, and of at most two others those of
// their quarter hours; of a fine period only those.
func (s *Stats) Period(ctx context.Context, link string, from, to time.Time, fine bool) (*click.Period, error) {
	p := &periodReader{stats: s, link: link, period: click.NewPeriod(from, to, fine), first: from.Truncate(wholeDay), end: nextMidnight(to)}
	if err := p.read(ctx, 0, 1); err != nil {
		return nil, err
	}
	if p.hot {
		if err := p.read(ctx, 1, counterShards); err != nil {
			return nil, err
		}
	}
	p.period.Complete()
	return p.period, nil
}

// periodReader adds items to a period while it reads them, since all of a hot link's at once may
// be too large for a function.
type periodReader struct {
	stats      *Stats
	link       string
	first, end time.Time // midnights
	mutex      sync.Mutex
	period     *click.Period
	hot        bool
}

// read reads some shards.
func (p *periodReader) read(ctx context.Context, from, to int) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelShards)
	for shard := from; shard < to; shard++ {
		group.Go(func() error {
			return p.stats.each(ctx, p.link, shard, dayBucket(p.first), dayBucket(p.end), p.addDay)
		})
		for _, part := range p.period.Parts() {
			group.Go(func() error {
				return p.stats.each(ctx, p.link, shard, quarterBucket(part.From), quarterBucket(part.To), p.addQuarter)
			})
		}
	}
	return group.Wait()
}

func (p *periodReader) addDay(item map[string]types.AttributeValue) error {
	day, err := dayOf(p.link, item)
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.hot = p.hot || isHot(item)
	p.period.AddDay(day)
	return err
}

func (p *periodReader) addQuarter(item map[string]types.AttributeValue) error {
	quarter, err := quarterOf(item)
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.period.AddQuarter(quarter)
	return err
}

// nextMidnight is t itself if that is one.
func nextMidnight(t time.Time) time.Time {
	return t.Add(wholeDay - 1).Truncate(wholeDay)
}

// between returns a link's items from one bucket to before another, those of
// the first shard in order, and if one of them is hot those of all shards.
func (s *Stats) between(ctx context.Context, link, from, to string) ([]map[string]types.AttributeValue, error) {
	if from >= to {
		return nil, nil
	}
	items, err := s.query(ctx, link, 0, from, to)
	if err != nil || !slices.ContainsFunc(items, isHot) {
		return items, err
	}
	shards := make([][]map[string]types.AttributeValue, counterShards)
	group, ctx := errgroup.WithContext(ctx)
	for shard := 1; shard < counterShards; shard++ {
		group.Go(func() (err error) {
			shards[shard], err = s.query(ctx, link, shard, from, to)
			return err
		})
	}
	err = group.Wait()
	return append(items, slices.Concat(shards...)...), err
}

// query returns the items of one shard.
func (s *Stats) query(ctx context.Context, link string, shard int, from, to string) ([]map[string]types.AttributeValue, error) {
	var items []map[string]types.AttributeValue
	err := s.each(ctx, link, shard, from, to, func(item map[string]types.AttributeValue) error {
		items = append(items, item)
		return nil
	})
	return items, err
}

// each calls do for each item of one shard, from one bucket to before another, in order.
func (s *Stats) each(ctx context.Context, link string, shard int, from, to string, do func(item map[string]types.AttributeValue) error) error {
	pages := dynamodb.NewQueryPaginator(s.db, &dynamodb.QueryInput{
		TableName:                &s.name,
		KeyConditionExpression:   aws.String("#code = :link AND #bucket BETWEEN :from AND :to"),
		ExpressionAttributeNames: map[string]string{"#code": "code", "#bucket": "bucket"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":link": textValue(counterPartition(link, shard)), ":from": textValue(from), ":to": textValue(to),
		},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("query counters of link: %w", err)
		}
		for _, item := range page.Items {
			if textOf(item["bucket"]) == to {
				continue
			}
			if err := do(item); err != nil {
				return err
			}
		}
	}
	return nil
}

// isHot reports whether an item of the first shard says that there are others.
func isHot(item map[string]types.AttributeValue) bool {
	hot, ok := item[hotAttribute].(*types.AttributeValueMemberBOOL)
	return ok && hot.Value
}

// OwnerDay returns a page of the links of an owner that had clicks on a day, by
// ID, and where the next page begins, "" at the end. Begin with after "".
func (s *Stats) OwnerDay(ctx context.Context, owner string, day time.Time, after string) (days []click.DayCount, next string, err error) {
	of := textValue(ownerDay(owner, day))
	query := &dynamodb.QueryInput{
		TableName:                 &s.name,
		IndexName:                 aws.String("byOwnerDay"),
		KeyConditionExpression:    aws.String("ownerDay = :ownerDay"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":ownerDay": of},
		Limit:                     aws.Int32(ownerDayPage),
	}
	if after != "" {
		query.ExclusiveStartKey = counterKey(after, 0, dayBucket(day))
		query.ExclusiveStartKey[ownerDayAttribute] = of
	}
	out, err := s.db.Query(ctx, query)
	if err != nil {
		return nil, "", fmt.Errorf("query day of owner: %w", err)
	}
	days, err = s.daysOf(ctx, out.Items, day)
	return days, textOf(out.LastEvaluatedKey["code"]), err
}

// daysOf reads the day of each link that the index has named. A link whose
// first click is of this very moment may be left out: the table's copies lag too.
func (s *Stats) daysOf(ctx context.Context, items []map[string]types.AttributeValue, day time.Time) ([]click.DayCount, error) {
	found := make([][]click.DayCount, len(items))
	day = day.UTC().Truncate(24 * time.Hour)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelReads)
	for i, item := range items {
		group.Go(func() (err error) {
			found[i], err = s.Days(ctx, textOf(item["code"]), day, day.AddDate(0, 0, 1))
			return err
		})
	}
	err := group.Wait()
	return slices.Concat(found...), err
}

// dayOf reads a day item of a link.
func dayOf(link string, item map[string]types.AttributeValue) (click.DayCount, error) {
	code := cmp.Or(textOf(item[linkCodeAttribute]), link) // items without it are of links whose ID is their code
	day := click.DayCount{Link: link, Code: code, Owner: textOf(item[ownerAttribute]), Visitors: bytesOf(item[visitorsAttribute])}
	var err error
	if day.Day, err = dayOfBucket(textOf(item["bucket"])); err != nil {
		return day, err
	}
	r := counterReader{item: item}
	day.Clicks, day.Scans = r.count(clicksAttribute), r.count(scansAttribute)
	for n := range day.Quarters {
		day.Quarters[n] = r.count(numbered(quarterPrefix, n))
		day.Hours[n/4] += day.Quarters[n]
	}
	for n := range day.Hours {
		day.Hours[n] += r.count(numbered(hourPrefix, n))
	}
	day.Names = r.names()
	return day, r.err
}

// quarterOf reads an item of a quarter hour.
func quarterOf(item map[string]types.AttributeValue) (quarter click.QuarterCount, err error) {
	if quarter.At, err = quarterOfBucket(textOf(item["bucket"])); err != nil {
		return quarter, err
	}
	r := counterReader{item: item}
	quarter.Clicks, quarter.Scans = r.count(clicksAttribute), r.count(scansAttribute)
	for n := range quarter.Minutes {
		quarter.Minutes[n] = r.count(numbered(minutePrefix, n))
	}
	quarter.Names, quarter.Visitors = r.names(), bytesOf(item[visitorsAttribute])
	return quarter, r.err
}

// counterReader reads the counters of an item, until one cannot be read.
type counterReader struct {
	item map[string]types.AttributeValue
	err  error
}

func (r *counterReader) count(attribute string) int64 {
	n, err := countOf(r.item[attribute])
	r.err = cmp.Or(r.err, err)
	return n
}

func (r *counterReader) names() click.Names {
	names := click.Names{}
	for attribute := range r.item {
		dimension, name, ok := strings.Cut(attribute, "#")
		if !ok || slices.Contains([]string{hourPrefix, quarterPrefix, minutePrefix}, dimension+"#") {
			continue
		}
		names.Add(dimension, name, r.count(attribute))
	}
	return names
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
