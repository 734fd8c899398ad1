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
	voidPrefix    = "void#" // instead of the lease of a click that was given back

	// limitWait is the shortest time to wait for others to confirm their clicks before
	// taking one is tried again. It doubles limitWaits times, to about a second in all.
	limitWait  = 30 * time.Millisecond
	limitWaits = 5

	// keepVoid is longer than any write is tried.
	keepVoid = time.Minute
)

// ErrUndecided reports that all clicks of a link are taken, some of them by functions
// that haven't confirmed it. Those that don't are given back when their leases end.
var ErrUndecided = errors.New("the last clicks of the link are still being taken")

// Limits counts how many clicks of links with a maximum are used up, in an item of
// the stats table for each link: writing to the links table would wake its stream.
//
// A function takes a click before it answers and confirms it right before that. In
// between, the click is leased, so that one taken by a function that was killed is
// not lost. If the confirmation fails, it may have happened all the same: then the
// function revokes the click. Either way the item keeps the visit's ID as void for
// keepVoid, so that a click is given back once, and late writes change nothing. A click
// confirmed by a function that is killed before its answer is lost.
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
			if err := l.giveBack(ctx, lease.Link, lapsed[0], state, now()); err != nil {
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

// giveBack returns a click whose lease has lapsed. If it is gone already, nothing happens.
func (l *Limits) giveBack(ctx context.Context, link, lease string, state limitItem, now time.Time) error {
	id := strings.TrimPrefix(lease, leasePrefix)
	names := map[string]string{"#lease": lease, "#void": voidPrefix + id}
	update := "ADD used :less SET #void = :keep REMOVE #lease"
	for n, old := range state.oldVoids(now) {
		name := "#old" + strconv.Itoa(n)
		names[name] = old
		update += ", " + name
	}
	return l.subtract(ctx, &dynamodb.UpdateItemInput{
		TableName:                &l.name,
		Key:                      counterKey(link, 0, limitBucket),
		UpdateExpression:         &update,
		ConditionExpression:      aws.String("#lease = :until"),
		ExpressionAttributeNames: names,
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":less": numberValue(-1), ":until": state[lease], ":keep": numberValue(now.Add(keepVoid).UnixMilli()),
		},
	})
}

// Revoke returns a click that was taken, and whose confirmation failed, so that it may
// or may not have happened. To revoke it again changes nothing.
func (l *Limits) Revoke(ctx context.Context, lease Lease) error {
	return l.subtract(ctx, &dynamodb.UpdateItemInput{
		TableName:                &l.name,
		Key:                      counterKey(lease.Link, 0, limitBucket),
		UpdateExpression:         aws.String("ADD used :less SET #void = :keep REMOVE #lease"),
		ConditionExpression:      aws.String("attribute_not_exists(#void)"),
		ExpressionAttributeNames: map[string]string{"#lease": leasePrefix + lease.ID, "#void": voidPrefix + lease.ID},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":less": numberValue(-1), ":keep": numberValue(lease.Until.Add(keepVoid).UnixMilli()),
		},
	})
}

// subtract does an update whose condition holds as long as the click was not given back.
func (l *Limits) subtract(ctx context.Context, update *dynamodb.UpdateItemInput) error {
	if _, err := l.db.UpdateItem(ctx, update); err != nil && !conditionFailed(err) {
		return fmt.Errorf("give a click back: %w", err)
	}
	return nil
}

// Confirm uses up a leased click for good. It fails if the lease ends meanwhile. After an
// error the click is to be revoked.
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
// included, an attribute with the end of each lease in milliseconds, and one for each
// click given back with the time until which it is kept.
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

// oldVoids returns the names of some that no write can need any more.
func (i limitItem) oldVoids(now time.Time) (names []string) {
	const some = 50
	for name, until := range i {
		if strings.HasPrefix(name, voidPrefix) && numberOf(until) < now.UnixMilli() && len(names) < some {
			names = append(names, name)
		}
	}
	return names
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
