package table

import (
	"context"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const (
	usedAttribute = "used"
	leasePrefix   = "lease#"

	// limitWait is the shortest time to wait for others to confirm their clicks before
	// taking one is tried again. It doubles limitWaits times, to about a second in all.
	limitWait  = 30 * time.Millisecond
	limitWaits = 5
)

// ErrUndecided reports that all clicks of a link are taken, some of them by functions
// that haven't confirmed it. Those that don't are given back when their leases end.
var ErrUndecided = errors.New("the last clicks of the link are still being taken")

// Limits counts how many clicks of links with a maximum are used up, in an item of
// the stats table for each link: writing to the links table would wake its stream.
//
// A function takes a click before it answers and confirms it right before that. In
// between, the click is leased, so that one taken by a function that was killed is
// not lost. A click confirmed by a function that is killed before its answer is.
type Limits struct {
	db   *dynamodb.Client
	name string
}

// NewLimits returns the limits kept in the stats table of that name.
func NewLimits(db *dynamodb.Client, stats string) *Limits { return &Limits{db: db, name: stats} }

// Lease is a click that is taken and not yet confirmed.
type Lease struct {
	Link  string
	ID    string    // of the visit, unique
	Until time.Time // when the function that took it has ended for certain
}

// Take leases a click of a link with at most max. It returns false if all are used
// up. An error that is ErrUndecided means that this isn't certain yet.
func (l *Limits) Take(ctx context.Context, lease Lease, most int64, now func() time.Time) (bool, error) {
	for attempt := 0; ; {
		state, err := l.take(ctx, lease, most)
		if err != nil {
			return false, err
		}
		lapsed, open := state.leases(now())
		switch {
		case state == nil || state[leasePrefix+lease.ID] != nil: // an attempt whose answer was lost has taken it
			return true, nil
		case len(lapsed) > 0:
			if err := l.giveBack(ctx, lease.Link, lapsed[0], state); err != nil {
				return false, err
			}
			continue
		case state.used()-open >= most:
			return false, nil
		case attempt == limitWaits:
			return false, ErrUndecided
		}
		wait := limitWait << attempt
		if err := pause(ctx, wait+mathrand.N(wait)); err != nil {
			return false, fmt.Errorf("%w: %w", ErrUndecided, err)
		}
		attempt++
	}
}

// take adds a lease to the item. If it can't, it returns the item as it is.
func (l *Limits) take(ctx context.Context, lease Lease, most int64) (limitItem, error) {
	_, err := l.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                &l.name,
		Key:                      counterKey(lease.Link, 0, limitBucket),
		UpdateExpression:         aws.String("SET #lease = :until ADD used :one"),
		ConditionExpression:      aws.String("attribute_not_exists(#lease) AND (attribute_not_exists(used) OR used < :most)"),
		ExpressionAttributeNames: map[string]string{"#lease": leasePrefix + lease.ID},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":until": numberValue(lease.Until.UnixMilli()), ":one": numberValue(1), ":most": numberValue(most),
		},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return failed.Item, nil
	}
	if err != nil {
		return nil, fmt.Errorf("take a click: %w", err)
	}
	return nil, nil
}

// giveBack removes a lease that has lapsed. If it is gone already, nothing happens.
func (l *Limits) giveBack(ctx context.Context, link, lease string, state limitItem) error {
	_, err := l.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 &l.name,
		Key:                       counterKey(link, 0, limitBucket),
		UpdateExpression:          aws.String("REMOVE #lease ADD used :less"),
		ConditionExpression:       aws.String("#lease = :until"),
		ExpressionAttributeNames:  map[string]string{"#lease": lease},
		ExpressionAttributeValues: map[string]types.AttributeValue{":less": numberValue(-1), ":until": state[lease]},
	})
	if err != nil && !conditionFailed(err) {
		return fmt.Errorf("give a click back: %w", err)
	}
	return nil
}

// Confirm uses up a leased click for good. It fails if the lease ends meanwhile.
func (l *Limits) Confirm(ctx context.Context, lease Lease) error {
	ctx, cancel := context.WithDeadline(ctx, lease.Until)
	defer cancel()
	_, err := l.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                &l.name,
		Key:                      counterKey(lease.Link, 0, limitBucket),
		UpdateExpression:         aws.String("REMOVE #lease"),
		ExpressionAttributeNames: map[string]string{"#lease": leasePrefix + lease.ID},
	})
	if err != nil {
		return fmt.Errorf("confirm a click: %w", err)
	}
	return nil
}

// Exhausted reports whether no click is left of a link with at most that many.
func (l *Limits) Exhausted(ctx context.Context, link string, most int64, now time.Time) (bool, error) {
	out, err := l.db.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &l.name, Key: counterKey(link, 0, limitBucket), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return false, fmt.Errorf("get used clicks: %w", err)
	}
	state := limitItem(out.Item)
	lapsed, _ := state.leases(now)
	return state.used()-int64(len(lapsed)) >= most, nil
}

// limitItem is the item of a link's limit: the number of used clicks, leased ones
// included, and an attribute with the end of each lease in milliseconds.
type limitItem map[string]types.AttributeValue

func (i limitItem) used() int64 { return numberOf(i[usedAttribute]) }

// leases returns the names of those that have ended, and how many have not.
func (i limitItem) leases(now time.Time) (lapsed []string, open int64) {
	for name, until := range i {
		switch {
		case !strings.HasPrefix(name, leasePrefix):
		case numberOf(until) < now.UnixMilli():
			lapsed = append(lapsed, name)
		default:
			open++
		}
	}
	return lapsed, open
}

// numberOf reads a number attribute, 0 if it is absent.
func numberOf(value types.AttributeValue) int64 {
	number, ok := value.(*types.AttributeValueMemberN)
	if !ok {
		return 0
	}
	n, _ := strconv.ParseInt(number.Value, 10, 64)
	return n
}
