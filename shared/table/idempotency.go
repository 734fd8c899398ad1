package table

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
)

// recordLife is how long an idempotency key is honoured.
const recordLife = 24 * time.Hour

// ErrRepeated reports that a request with the same idempotency key was answered first;
// its record can be read now.
var ErrRepeated = errors.New("the idempotency key has been used")

// IdempotencyRecord is the answer to a request that carried an idempotency key, kept so
// that the same request gets the same answer.
type IdempotencyRecord struct {
	Owner   string
	Key     string // as the owner chose it, only a digest is stored; "": there was none
	Request string // a digest of the request
	Status  int
	Headers map[string]string
	Body    string
}

// Idempotency keeps the idempotency records. It is safe for concurrent use.
type Idempotency struct {
	db      *dynamodb.Client
	records string
}

// NewIdempotency returns the records in the table of that name.
func NewIdempotency(db *dynamodb.Client, table string) Idempotency { return Idempotency{db, table} }

// LinkMaker writes new links, and with them the idempotency records of their requests.
// Both are written in one transaction: there is no moment at which a crash
// leaves a link without its record or a key that blocks, so there are no
// locks to expire.
type LinkMaker struct {
	Idempotency
	links string
	index linkIndex
}

// NewLinkMaker returns a maker of links, with the names of the tables of links, of
// idempotency records and of the links' index.
func NewLinkMaker(db *dynamodb.Client, links, idempotency, index string) *LinkMaker {
	return &LinkMaker{Idempotency: NewIdempotency(db, idempotency), links: links, index: linkIndex{db, index}}
}

// Make stores a link that must not exist yet, and the record if it has a
// key. It returns a Conflict fault if the code is taken, and ErrRepeated if the
// record's key is; then nothing has been written.
func (m *LinkMaker) Make(ctx context.Context, l link.Link, r IdempotencyRecord) error {
	item, err := encodeLink(l)
	if err != nil {
		return err
	}
	writes := []types.TransactWriteItem{{Put: &types.Put{
		TableName: &m.links, Item: item, ConditionExpression: aws.String("attribute_not_exists(code)"),
	}}}
	record, err := m.record(r, l.CreatedAt)
	if err != nil {
		return err
	}
	writes = append(writes, record...)
	if err := m.index.add(ctx, l, l.Terms()); err != nil {
		return err
	}
	err = transact(ctx, m.db, writes...)
	switch {
	case refusedAt(err, 1):
		return errors.Join(ErrRepeated, m.index.remove(ctx, l, l.Terms()))
	case refusedAt(err, 0):
		taken := fault.Wrap(fault.Conflict, `The code "`+l.Code+`" is taken.`, err)
		return errors.Join(taken, m.index.remove(ctx, l, l.Terms()))
	case err != nil:
		return fmt.Errorf("make link: %w", err)
	}
	return nil
}

// Claim stores the record of a request before it is handled, or returns ErrRepeated if its
// key has been used.
func (m Idempotency) Claim(ctx context.Context, r IdempotencyRecord, now time.Time) error {
	put, err := m.record(r, now)
	if err != nil {
		return err
	}
	err = transact(ctx, m.db, put...)
	if refusedAt(err, 0) {
		return ErrRepeated
	}
	if err != nil {
		return fmt.Errorf("claim idempotency key: %w", err)
	}
	return nil
}

// record returns the write of a record, none if it has no key.
func (m Idempotency) record(r IdempotencyRecord, now time.Time) ([]types.TransactWriteItem, error) {
	if r.Key == "" {
		return nil, nil
	}
	put, err := putRecord(m.records, r, now)
	return []types.TransactWriteItem{{Put: put}}, err
}

// Repeated returns the record of an earlier request with the key of r, or a NotFound fault if
// there is none. If that was another request, it is a Mismatch fault.
func (m Idempotency) Repeated(ctx context.Context, r IdempotencyRecord, now time.Time) (IdempotencyRecord, error) {
	first, err := m.Record(ctx, r.Owner, r.Key, now)
	if err == nil && first.Request != r.Request {
		return IdempotencyRecord{}, fault.New(fault.Mismatch, "This Idempotency-Key was used for another request.")
	}
	return first, err
}

// Record returns the record of the owner's idempotency key, or a NotFound
// fault when there is none or it is too old.
func (m Idempotency) Record(ctx context.Context, owner, key string, now time.Time) (IdempotencyRecord, error) {
	out, err := m.db.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &m.records,
		Key:            idKey(idempotencyID(owner, key)),
		ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return IdempotencyRecord{}, fmt.Errorf("get idempotency record: %w", err)
	}
	var item recordItem
	if err := attributevalue.UnmarshalMap(out.Item, &item); err != nil {
		return IdempotencyRecord{}, fmt.Errorf("decode idempotency record: %w", err)
	}
	if item.TTL <= now.Unix() {
		return IdempotencyRecord{}, fault.New(fault.NotFound, "This idempotency key is new.")
	}
	return IdempotencyRecord{Owner: owner, Key: key, Request: item.Request, Status: item.Status, Headers: item.Headers, Body: item.Body}, nil
}

type recordItem struct {
	ID      string            `dynamodbav:"id"`
	Request string            `dynamodbav:"request"`
	Status  int               `dynamodbav:"status"`
	Headers map[string]string `dynamodbav:"headers"`
	Body    string            `dynamodbav:"body"`
	TTL     int64             `dynamodbav:"ttl"`
}

// putRecord overwrites an expired record, because TTL may take days to delete it.
func putRecord(table string, r IdempotencyRecord, now time.Time) (*types.Put, error) {
	item, err := attributevalue.MarshalMap(recordItem{
		ID: idempotencyID(r.Owner, r.Key), Request: r.Request, Status: r.Status, Headers: r.Headers, Body: r.Body,
		TTL: now.Add(recordLife).Unix(),
	})
	if err != nil {
		return nil, fmt.Errorf("encode idempotency record: %w", err)
	}
	return &types.Put{
		TableName: &table, Item: item,
		ConditionExpression:      aws.String("attribute_not_exists(id) OR #ttl <= :now"),
		ExpressionAttributeNames: map[string]string{"#ttl": "ttl"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":now": &types.AttributeValueMemberN{Value: strconv.FormatInt(now.Unix(), 10)},
		},
	}, nil
}
