package table

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/click"
)

// recentQuarters is how many quarter hours with clicks are read at once.
const recentQuarters = 100

// RecentClicks lists the raw clicks of links, the latest first. An item of a quarter hour names the shards
// of its clicks, so that no others are read: for a page of n clicks at most n, and those of one
// quarter hour more than once.
type RecentClicks struct {
	db     *dynamodb.Client
	clicks string
	stats  *Stats
	keep   time.Duration
}

// NewRecentClicks returns the clicks in one table, with the counters in another. Clicks are kept for a
// while; older ones are not listed even if they are still there.
func NewRecentClicks(db *dynamodb.Client, clicks, stats string, keep time.Duration) *RecentClicks {
	return &RecentClicks{db: db, clicks: clicks, stats: NewStats(db, stats), keep: keep}
}

// Page returns up to limit clicks of a link from [from, to), the latest first, from behind the position after ("" is
// the start), and the position of the last one when there may be more. Its positions are IDs of
// clicks.
func (r *RecentClicks) Page(ctx context.Context, link string, from, to time.Time, after string, limit int, now time.Time) (found []click.Click, next string, err error) {
	oldest := now.Add(-r.keep)
	if from.After(oldest) {
		oldest = from
	}
	before := firstID(to)
	if after != "" {
		before = min(before, after)
	}
	end, err := timeOfID(before)
	if err != nil {
		return nil, "", err
	}
	end = end.Truncate(click.Quarter).Add(click.Quarter)
	total, err := r.stats.total(ctx, link)
	if err != nil {
		return nil, "", err
	}
	for len(found) <= limit {
		quarters, rest, err := r.quarters(ctx, link, isHot(total), oldest, end)
		if err != nil {
			return nil, "", err
		}
		for _, quarter := range quarters {
			clicks, err := r.latest(ctx, link, quarter, firstID(oldest), before, limit+1-len(found))
			if err != nil {
				return nil, "", err
			}
			if found = append(found, clicks...); len(found) > limit {
				break
			}
		}
		if end = rest; rest.IsZero() {
			break
		}
	}
	if len(found) > limit {
		found = found[:limit]
		next = found[limit-1].ID
	}
	return found, next, nil
}

// total returns the total of a link in the first shard.
func (s *Stats) total(ctx context.Context, link string) (map[string]types.AttributeValue, error) {
	out, err := s.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.name, Key: counterKey(link, 0, totalBucket)})
	if err != nil {
		return nil, fmt.Errorf("get total of link: %w", err)
	}
	return out.Item, nil
}

// clickQuarter is a quarter hour and the shards of its raw clicks.
type clickQuarter struct {
	at     time.Time
	shards []int
}

// quarters returns the latest quarter hours with clicks that begin in (from - 15 minutes, end), the latest
// first, and the end of those that are left, zero if none are. All shards of a hot link are read as
// far as the one that is read the least far.
func (r *RecentClicks) quarters(ctx context.Context, link string, hot bool, from, end time.Time) (quarters []clickQuarter, rest time.Time, err error) {
	shards := 1
	if hot {
		shards = counterShards
	}
	found := make([]*dynamodb.QueryOutput, shards)
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(parallelReads)
	for shard := range shards {
		group.Go(func() (err error) {
			found[shard], err = r.quartersOf(groupCtx, link, shard, from, end)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, rest, err
	}
	byTime := map[time.Time][]int{}
	for _, out := range found {
		for _, item := range out.Items {
			at, err := quarterOfBucket(textOf(item["bucket"]))
			if err != nil {
				return nil, rest, err
			}
			if numbers, ok := item[shardsAttribute].(*types.AttributeValueMemberNS); ok {
				for _, number := range numbers.Value {
					n, err := strconv.Atoi(number)
					if err != nil {
						return nil, rest, fmt.Errorf("shards of clicks: %w", err)
					}
					byTime[at] = append(byTime[at], n)
				}
			}
			if len(out.LastEvaluatedKey) > 0 && textOf(item["bucket"]) == textOf(out.LastEvaluatedKey["bucket"]) && at.After(rest) {
				rest = at
			}
		}
	}
	for _, at := range slices.SortedFunc(maps.Keys(byTime), func(a, b time.Time) int { return b.Compare(a) }) {
		if !at.Before(rest) {
			slices.Sort(byTime[at])
			quarters = append(quarters, clickQuarter{at, slices.Compact(byTime[at])})
		}
	}
	return quarters, rest, nil
}

func (r *RecentClicks) quartersOf(ctx context.Context, link string, shard int, from, end time.Time) (*dynamodb.QueryOutput, error) {
	first, last := quarterBucket(from), quarterBucket(end.Add(-click.Quarter))
	if first > last {
		return &dynamodb.QueryOutput{}, nil
	}
	out, err := r.stats.db.Query(ctx, &dynamodb.QueryInput{
		TableName:                &r.stats.name,
		KeyConditionExpression:   aws.String("#code = :link AND #bucket BETWEEN :from AND :to"),
		ProjectionExpression:     aws.String("#bucket, #shards"),
		ExpressionAttributeNames: map[string]string{"#code": "code", "#bucket": "bucket", "#shards": shardsAttribute},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":link": textValue(counterPartition(link, shard)), ":from": textValue(first), ":to": textValue(last),
		},
		ScanIndexForward: aws.Bool(false), Limit: aws.Int32(recentQuarters),
	})
	if err != nil {
		return nil, fmt.Errorf("query quarter hours of link: %w", err)
	}
	return out, nil
}

// latest returns up to n clicks of a quarter hour, the latest first, with IDs in [from, before).
func (r *RecentClicks) latest(ctx context.Context, link string, quarter clickQuarter, from, before string, n int) ([]click.Click, error) {
	from, before = max(from, firstID(quarter.at)), min(before, firstID(quarter.at.Add(click.Quarter)))
	size := min(n, 3+2*n/len(quarter.shards)) // clicks fall on shards evenly
	found := make([][]click.Click, len(quarter.shards))
	more := make([]bool, len(quarter.shards))
	for i := range more {
		more[i] = true
	}
	for {
		if err := r.read(ctx, link, quarter, from, before, size, found, more); err != nil {
			return nil, err
		}
		all := slices.Concat(found...)
		slices.SortFunc(all, func(a, b click.Click) int { return cmp.Compare(b.ID, a.ID) })
		all = all[:min(n, len(all))]
		// A shard needs to be read further if all that was read of it is among the latest, as others behind it may be.
		done := true
		for i, clicks := range found {
			if more[i] && (len(all) < n || clicks[len(clicks)-1].ID >= all[n-1].ID) {
				done = false
			} else {
				more[i] = false
			}
		}
		if done {
			return all, nil
		}
	}
}

// read reads up to size clicks more of each shard of which there are more.
func (r *RecentClicks) read(ctx context.Context, link string, quarter clickQuarter, from, before string, size int, found [][]click.Click, more []bool) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelReads)
	for i, shard := range quarter.shards {
		if !more[i] {
			continue
		}
		group.Go(func() error {
			to := before
			if last := len(found[i]) - 1; last >= 0 {
				to = found[i][last].ID
			}
			clicks, err := r.ofShard(ctx, clickPartition(link, quarter.at, shard), from, to, size)
			found[i], more[i] = append(found[i], clicks...), len(clicks) == size
			return err
		})
	}
	return group.Wait()
}

// ofShard returns the latest clicks of a shard with IDs in [from, before).
func (r *RecentClicks) ofShard(ctx context.Context, shard, from, before string, size int) ([]click.Click, error) {
	if from >= before {
		return nil, nil
	}
	out, err := r.db.Query(ctx, &dynamodb.QueryInput{
		TableName:                &r.clicks,
		KeyConditionExpression:   aws.String("#shard = :shard AND id BETWEEN :from AND :to"),
		ExpressionAttributeNames: map[string]string{"#shard": "shard"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":shard": textValue(shard), ":from": textValue(from), ":to": textValue(before),
		},
		ScanIndexForward: aws.Bool(false), Limit: aws.Int32(int32(size + 1)),
	})
	if err != nil {
		return nil, fmt.Errorf("query clicks of link: %w", err)
	}
	var clicks []click.Click
	for _, item := range out.Items {
		if id := textOf(item["id"]); id == before || len(clicks) == size {
			continue
		}
		one, err := clickOf(item)
		if err != nil {
			return nil, err
		}
		clicks = append(clicks, one)
	}
	return clicks, nil
}

// clickOf reads a raw click.
func clickOf(item map[string]types.AttributeValue) (click.Click, error) {
	at, err := parseStamp(textOf(item["at"]))
	if err != nil {
		return click.Click{}, fmt.Errorf("decode click: %w", err)
	}
	scan, _ := item[scanAttribute].(*types.AttributeValueMemberBOOL)
	return click.Click{
		ID: textOf(item["id"]), Link: textOf(item["link"]), Code: textOf(item["code"]), Owner: textOf(item[ownerAttribute]), At: at,
		Country: textOf(item[click.Country]), City: textOf(item[click.City]), Referrer: textOf(item[click.Referrer]),
		Browser: textOf(item[click.Browser]), System: textOf(item[click.System]), Device: textOf(item[click.Device]),
		Language: textOf(item[click.Language]), Destination: textOf(item[click.Destination]), Bot: textOf(item[click.Bot]),
		Scan: scan != nil && scan.Value,
	}, nil
}

var errNoID = errors.New("the ID of a click has no time")

// firstID is before every click.NewID of a time or later, and behind all of the time before.
func firstID(at time.Time) string { return fmt.Sprintf("%012x", max(0, at.UnixMilli())) }

func timeOfID(id string) (time.Time, error) {
	if len(id) < 12 || strings.Trim(id[:12], "0123456789abcdef") != "" {
		return time.Time{}, errNoID
	}
	ms, err := strconv.ParseInt(id[:12], 16, 64)
	if err != nil {
		return time.Time{}, errNoID
	}
	return time.UnixMilli(ms).UTC(), nil
}
