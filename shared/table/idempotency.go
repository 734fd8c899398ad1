package table

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
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
//
// A transaction serves for the link alone, too: it carries a token by which
// DynamoDB recognises a repetition, so a try whose answer got lost on the way
// does not find its own code taken.
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
	for try := 0; ; try++ {
		_, err := m.db.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: writes})
		switch {
		case err == nil:
			return nil
		case reasonAt(err, 1) == "ConditionalCheckFailed":
			return ErrRepeated
		case reasonAt(err, 0) == "ConditionalCheckFailed":
			return fault.New(fault.Conflict, `The code "`+l.Code+`" is taken.`)
		case try == 5 || reasonAt(err, 0) != "TransactionConflict" && reasonAt(err, 1) != "TransactionConflict":
			return fmt.Errorf("make link: %w", err)
		}
		// Another transaction holds an item; both may have been turned away.
		if err := pause(ctx, rand.N(20*time.Millisecond<<try)); err != nil {
			return fmt.Errorf("make link: %w", err)
		}
	}
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

// reasonAt returns why a transaction was cancelled as far as its nth write is
// concerned, "" when err does not tell.
func reasonAt(err error, n int) string {
	cancelled, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok || n >= len(cancelled.CancellationReasons) {
		return ""
	}
	return aws.ToString(cancelled.CancellationReasons[n].Code)
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
