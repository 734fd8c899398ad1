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

// receiptLife is how long an idempotency key is honoured.
const receiptLife = 24 * time.Hour

// ErrRepeated says that a request with the same idempotency key was answered
// first; its receipt can be read now.
var ErrRepeated = errors.New("the idempotency key has been used")

// Receipt is the answer to a request that carried an idempotency key, kept so
// that the same request gets the same answer.
type Receipt struct {
	Owner   string
	Key     string // as the owner chose it, only a digest is stored; "": there was none
	Request string // what was asked, as a digest
	Status  int
	Headers map[string]string
	Body    string
}

// LinkMaker writes new links, and with them the receipts of their requests.
// Both are written in one transaction: there is no moment at which a crash
// leaves a link without its receipt or a key that blocks, so there are no
// locks to expire.
type LinkMaker struct {
	db       *dynamodb.Client
	links    string
	receipts string
}

// NewLinkMaker returns a maker of links, with the names of the tables of links
// and of idempotency keys.
func NewLinkMaker(db *dynamodb.Client, links, idempotency string) *LinkMaker {
	return &LinkMaker{db: db, links: links, receipts: idempotency}
}

// Make stores a link that must not exist yet, and the receipt if it has a
// key. It is a Conflict fault when the code is taken and ErrRepeated when the
// receipt's key is; nothing has been written then.
func (m *LinkMaker) Make(ctx context.Context, l link.Link, r Receipt) error {
	item, err := encodeLink(l)
	if err != nil {
		return err
	}
	writes := []types.TransactWriteItem{{Put: &types.Put{
		TableName: &m.links, Item: item, ConditionExpression: aws.String("attribute_not_exists(code)"),
	}}}
	if r.Key != "" {
		put, err := m.putReceipt(r, l.CreatedAt)
		if err != nil {
			return err
		}
		writes = append(writes, types.TransactWriteItem{Put: put})
	}
	err = transact(ctx, m.db, writes...)
	switch {
	case refusedAt(err, 1):
		return ErrRepeated
	case refusedAt(err, 0):
		return fault.Wrap(fault.Conflict, `The code "`+l.Code+`" is taken.`, err)
	case err != nil:
		return fmt.Errorf("make link: %w", err)
	}
	return nil
}

// Receipt returns the receipt of the owner's idempotency key, or a NotFound
// fault when there is none or it is too old.
func (m *LinkMaker) Receipt(ctx context.Context, owner, key string, now time.Time) (Receipt, error) {
	out, err := m.db.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &m.receipts,
		Key:            idKey(receiptID(owner, key)),
		ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return Receipt{}, fmt.Errorf("get receipt: %w", err)
	}
	var item receiptItem
	if err := attributevalue.UnmarshalMap(out.Item, &item); err != nil {
		return Receipt{}, fmt.Errorf("decode receipt: %w", err)
	}
	if item.TTL <= now.Unix() {
		return Receipt{}, fault.New(fault.NotFound, "This idempotency key is new.")
	}
	return Receipt{Owner: owner, Key: key, Request: item.Request, Status: item.Status, Headers: item.Headers, Body: item.Body}, nil
}

type receiptItem struct {
	ID      string            `dynamodbav:"id"`
	Request string            `dynamodbav:"request"`
	Status  int               `dynamodbav:"status"`
	Headers map[string]string `dynamodbav:"headers"`
	Body    string            `dynamodbav:"body"`
	TTL     int64             `dynamodbav:"ttl"`
}

// putReceipt writes over a receipt that is too old: DynamoDB may take days to
// remove it.
func (m *LinkMaker) putReceipt(r Receipt, now time.Time) (*types.Put, error) {
	item, err := attributevalue.MarshalMap(receiptItem{
		ID: receiptID(r.Owner, r.Key), Request: r.Request, Status: r.Status, Headers: r.Headers, Body: r.Body,
		TTL: now.Add(receiptLife).Unix(),
	})
	if err != nil {
		return nil, fmt.Errorf("encode receipt: %w", err)
	}
	return &types.Put{
		TableName: &m.receipts, Item: item,
		ConditionExpression:      aws.String("attribute_not_exists(id) OR #ttl <= :now"),
		ExpressionAttributeNames: map[string]string{"#ttl": "ttl"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":now": &types.AttributeValueMemberN{Value: strconv.FormatInt(now.Unix(), 10)},
		},
	}, nil
}
