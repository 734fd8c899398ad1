package table

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/link"
)

// maxExamined is how many links a page of a list reads at most. A page of a query that
// few of them match has fewer links than asked for, even none, and still a next one.
const maxExamined = 1000

// LinkList lists the links of an owner. It is safe for concurrent use.
type LinkList struct {
	db    *dynamodb.Client
	links string
	index string
	stats *Stats
}

// NewLinkList returns the list of the links in one table, with the index that LinkMaker and
// LinkEditor write and the counters that Clicks writes in others.
func NewLinkList(db *dynamodb.Client, links, index, stats string) *LinkList {
	return &LinkList{db: db, links: links, index: index, stats: NewStats(db, stats)}
}

// Counted is a link and its clicks.
type Counted struct {
	Link   link.Link
	Clicks int64
}

// candidate is a link that a query may select, and the position behind it.
type candidate struct {
	link     link.Link
	position string
}

// source reads up to n candidates from behind a position, in order. The next position is
// empty at the end.
type source func(ctx context.Context, after string, n int) (found []candidate, next string, err error)

// Page returns up to limit links of the owner that the query selects, in its order, from
// behind the position after ("" is the start), and the position of the last one when there
// may be more. It reads at most maxExamined links.
func (l *LinkList) Page(ctx context.Context, owner string, q link.Query, after string, limit int, now time.Time) (found []Counted, next string, err error) {
	read, size := l.source(owner, q), batchReads
	if q.All() {
		size = limit
	}
	for examined := 0; examined < maxExamined; {
		candidates, end, err := read(ctx, after, min(size, maxExamined-examined))
		if err != nil {
			return nil, "", err
		}
		examined += max(1, len(candidates))
		matching, err := l.matching(ctx, candidates, q, now)
		if err != nil {
			return nil, "", err
		}
		if missing := limit - len(found); len(matching) > missing || len(matching) == missing && end != "" {
			found = append(found, links(matching[:missing])...)
			after = matching[missing-1].position
			break
		}
		found = append(found, links(matching)...)
		if after = end; end == "" {
			break
		}
	}
	return found, after, l.count(ctx, found)
}

func links(candidates []candidate) []Counted {
	found := make([]Counted, len(candidates))
	for i, c := range candidates {
		found[i].Link = c.link
	}
	return found
}

// matching are the candidates that the query selects.
func (l *LinkList) matching(ctx context.Context, candidates []candidate, q link.Query, now time.Time) ([]candidate, error) {
	candidates = slices.DeleteFunc(candidates, func(c candidate) bool { return !q.Matches(c.link, now) })
	if !q.NeverClicked || len(candidates) == 0 {
		return candidates, nil
	}
	totals, err := l.totals(ctx, links(candidates))
	return slices.DeleteFunc(candidates, func(c candidate) bool { return totals[c.link.ID] != nil }), err
}

// count fills in the clicks of links.
func (l *LinkList) count(ctx context.Context, found []Counted) error {
	totals, err := l.totals(ctx, found)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelReads)
	for i := range found {
		one, total := &found[i], totals[found[i].Link.ID]
		if isHot(total) {
			group.Go(func() (err error) {
				one.Clicks, err = l.stats.Total(ctx, one.Link.ID)
				return err
			})
			continue
		}
		if one.Clicks, err = countOf(total[clicksAttribute]); err != nil {
			return err
		}
	}
	return group.Wait()
}

// totals returns the total items, in the first shard, of links that have clicks, by ID.
func (l *LinkList) totals(ctx context.Context, found []Counted) (map[string]map[string]types.AttributeValue, error) {
	keys := make([]map[string]types.AttributeValue, len(found))
	for i, one := range found {
		keys[i] = counterKey(one.Link.ID, 0, totalBucket)
	}
	items, err := getAll(ctx, l.db, l.stats.name, keys)
	byID := make(map[string]map[string]types.AttributeValue, len(items))
	for _, item := range items {
		byID[textOf(item["code"])] = item
	}
	return byID, err
}

func (l *LinkList) source(owner string, q link.Query) source {
	from, to := "0", "~" // around all times
	if !q.From.IsZero() {
		from = stamp(q.From)
	}
	if !q.To.IsZero() {
		to = stamp(q.To)
	}
	read := l.all(owner, from, to)
	if terms := q.Lists(); len(terms) > 0 {
		read = l.listed(owner, terms, from, to)
	}
	switch q.Sort {
	case link.ByClicks:
		return l.ranked(owner, "byClicks", clicksAttribute, read)
	case link.ByLastClick:
		return l.ranked(owner, "byLastClick", "lastClick", read)
	default:
		return read
	}
}

// all reads all links of an owner, newest first. A position is a time and a code.
func (l *LinkList) all(owner, from, to string) source {
	return func(ctx context.Context, after string, n int) (found []candidate, next string, err error) {
		input := &dynamodb.QueryInput{
			TableName: &l.links, IndexName: aws.String("byOwner"),
			KeyConditionExpression:   aws.String("#owner = :owner AND createdAt BETWEEN :from AND :to"),
			ExpressionAttributeNames: map[string]string{"#owner": "owner"},
			ExpressionAttributeValues: map[string]types.AttributeValue{
				":owner": textValue(owner), ":from": textValue(from), ":to": textValue(to),
			},
			ScanIndexForward: aws.Bool(false), Limit: aws.Int32(int32(n)),
		}
		if after != "" {
			createdAt, code, _ := strings.Cut(after, " ")
			input.ExclusiveStartKey = linkKey(code)
			input.ExclusiveStartKey["owner"], input.ExclusiveStartKey["createdAt"] = textValue(owner), textValue(createdAt)
		}
		out, err := l.db.Query(ctx, input)
		if err != nil {
			return nil, "", fmt.Errorf("list links: %w", err)
		}
		for _, item := range out.Items {
			one, err := decodeLink(item)
			if err != nil {
				return nil, "", err
			}
			found = append(found, candidate{one, textOf(item["createdAt"]) + " " + one.Code})
		}
		if last := out.LastEvaluatedKey; last != nil {
			next = textOf(last["createdAt"]) + " " + textOf(last["code"])
		}
		return found, next, nil
	}
}

// listed reads the links with one of the terms, newest first. A position is that of an
// entry in the index.
func (l *LinkList) listed(owner string, terms []string, from, to string) source {
	return func(ctx context.Context, after string, n int) (found []candidate, next string, err error) {
		entries, next, err := l.entries(ctx, owner, terms, from, to, after, n)
		if err != nil {
			return nil, "", err
		}
		found, err = l.resolve(ctx, owner, entries)
		return found, next, err
	}
}

// entry is a place in an index: the ID and code of a link.
type entry struct{ position, id, code string }

// entries merges the lists of terms, latest entry first, each entry once.
func (l *LinkList) entries(ctx context.Context, owner string, terms []string, from, to, after string, n int) (merged []entry, next string, err error) {
	floor := "" // what is before it is not complete yet
	for _, term := range terms {
		list := textValue(indexList(owner, term))
		input := &dynamodb.QueryInput{
			TableName: &l.index, KeyConditionExpression: aws.String("#list = :list AND #at BETWEEN :from AND :to"),
			ExpressionAttributeNames:  map[string]string{"#list": "list", "#at": "at"},
			ExpressionAttributeValues: map[string]types.AttributeValue{":list": list, ":from": textValue(from), ":to": textValue(to)},
			ScanIndexForward:          aws.Bool(false), Limit: aws.Int32(int32(n)),
		}
		if after != "" {
			input.ExclusiveStartKey = map[string]types.AttributeValue{"list": list, "at": textValue(after)}
		}
		out, err := l.db.Query(ctx, input)
		if err != nil {
			return nil, "", fmt.Errorf("search links: %w", err)
		}
		for _, item := range out.Items {
			position := textOf(item["at"])
			_, rest, _ := strings.Cut(position, "#")
			id, _, _ := strings.Cut(rest, "#")
			merged = append(merged, entry{position, id, textOf(item["code"])})
		}
		if out.LastEvaluatedKey != nil {
			floor = max(floor, textOf(out.LastEvaluatedKey["at"]))
		}
	}
	slices.SortFunc(merged, func(a, b entry) int { return strings.Compare(b.position, a.position) })
	merged = slices.CompactFunc(merged, func(a, b entry) bool { return a.position == b.position })
	merged = slices.DeleteFunc(merged, func(e entry) bool { return e.position < floor })
	if next = floor; len(merged) > n {
		merged, next = merged[:n], merged[n-1].position
	}
	return merged, next, nil
}

// resolve reads the links of entries, in their order, and leaves out those that are not
// what the entry says.
func (l *LinkList) resolve(ctx context.Context, owner string, entries []entry) ([]candidate, error) {
	var keys []map[string]types.AttributeValue
	asked := map[string]bool{}
	for _, e := range entries {
		if !asked[e.code] { // a write that was refused may have left another entry with the code
			asked[e.code] = true
			keys = append(keys, linkKey(e.code))
		}
	}
	items, err := getAll(ctx, l.db, l.links, keys)
	if err != nil {
		return nil, err
	}
	byCode := make(map[string]link.Link, len(items))
	for _, item := range items {
		if byCode[textOf(item["code"])], err = decodeLink(item); err != nil {
			return nil, err
		}
	}
	var found []candidate
	for _, e := range entries {
		if one := byCode[e.code]; one.ID == e.id && one.Owner == owner {
			found = append(found, candidate{one, e.position})
		}
	}
	return found, nil
}
