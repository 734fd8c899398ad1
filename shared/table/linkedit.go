package table

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
)

// LinkEditor changes links and records each change in their history, in the same
// transaction. It is safe for concurrent use.
type LinkEditor struct {
	db      *dynamodb.Client
	links   string
	history string
	index   linkIndex
	records string            // the table of idempotency records
	record  IdempotencyRecord // to be stored with a change
}

// NewLinkEditor returns an editor, with the names of the tables of links, of their index
// and of their history.
func NewLinkEditor(db *dynamodb.Client, links, index, history string) *LinkEditor {
	return &LinkEditor{db: db, links: links, history: history, index: linkIndex{db, index}}
}

// Recording returns an editor that stores an idempotency record in the named table with
// each change. If the record's key has been used, the change is ErrRepeated.
func (e *LinkEditor) Recording(idempotency string, r IdempotencyRecord) *LinkEditor {
	recording := *e
	recording.records, recording.record = idempotency, r
	return &recording
}

// Edit replaces a link that was read as before by after, in the next version. The code may
// be another one; codes among the aliases lead to it. If the code is taken, it is a
// Conflict fault. If the link has changed meanwhile, it is link.ErrChanged.
func (e *LinkEditor) Edit(ctx context.Context, before, after link.Link, by string, now time.Time) (link.Link, error) {
	return e.change(ctx, before, after, link.Event{Action: link.Edited, By: by, At: now, Changes: link.Changes(before, after)})
}

// Delete marks a link as deleted, unless it is. Its code stays taken until Free.
func (e *LinkEditor) Delete(ctx context.Context, l link.Link, by string, now time.Time) (link.Link, error) {
	if !l.DeletedAt.IsZero() {
		return l, nil
	}
	after := l
	after.DeletedAt = now
	return e.change(ctx, l, after, link.Event{Action: link.Removed, By: by, At: now})
}

// Restore undoes Delete.
func (e *LinkEditor) Restore(ctx context.Context, l link.Link, by string, now time.Time) (link.Link, error) {
	after := l
	after.DeletedAt = time.Time{}
	return e.change(ctx, l, after, link.Event{Action: link.Restored, By: by, At: now})
}

func (e *LinkEditor) change(ctx context.Context, before, after link.Link, event link.Event) (link.Link, error) {
	after.Version, after.UpdatedAt = before.Version+1, event.At.UTC().Truncate(time.Millisecond)
	if !after.DeletedAt.IsZero() {
		after.DeletedAt = after.DeletedAt.UTC().Truncate(time.Millisecond)
	}
	writes, err := e.writes(before, after, event)
	if err != nil {
		return link.Link{}, err
	}
	if writes, err = e.recorded(writes, event.At); err != nil {
		return link.Link{}, err
	}
	added, removed := rewritten(before, after)
	if err := e.index.add(ctx, after, added); err != nil {
		return link.Link{}, err
	}
	err = transact(ctx, e.db, writes...)
	refused, ok := errors.AsType[*refusedError](err)
	switch {
	case e.repeated(err, writes):
		return link.Link{}, ErrRepeated
	case ok && before.Code != after.Code && slices.Equal(refused.writes, []int{1}):
		return link.Link{}, fault.Wrap(fault.Conflict, `The code "`+after.Code+`" is taken.`, err)
	case ok:
		return link.Link{}, fmt.Errorf("%w: %w", link.ErrChanged, err)
	case err != nil:
		return link.Link{}, fmt.Errorf("change link: %w", err)
	}
	_ = e.index.remove(ctx, before, removed) // an entry too many does no harm, and the link has changed
	return after, nil
}

// recorded appends the idempotency record, if there is one.
func (e *LinkEditor) recorded(writes []types.TransactWriteItem, now time.Time) ([]types.TransactWriteItem, error) {
	if e.record.Key == "" {
		return writes, nil
	}
	put, err := putRecord(e.records, e.record, now)
	return append(writes, types.TransactWriteItem{Put: put}), err
}

// repeated reports whether writes failed because the record's key has been used.
func (e *LinkEditor) repeated(err error, writes []types.TransactWriteItem) bool {
	return e.record.Key != "" && refusedAt(err, len(writes)-1)
}

// writes are those of a change: the event, then the link under its code, then the codes
// that it had before and, with another code, its place among the links sorted by clicks.
func (e *LinkEditor) writes(before, after link.Link, event link.Event) ([]types.TransactWriteItem, error) {
	item, err := encodeLink(after)
	if err != nil {
		return nil, err
	}
	changes, err := json.Marshal(event.Changes)
	if err != nil {
		return nil, fmt.Errorf("encode history: %w", err)
	}
	writes := []types.TransactWriteItem{{Put: &types.Put{TableName: &e.history, Item: map[string]types.AttributeValue{
		"link": textValue(after.ID), "at": textValue(historyKey(after)),
		"action": textValue(string(event.Action)), "by": textValue(event.By), "changes": textValue(string(changes)),
	}}}}
	condition, values := versionCondition(before)
	if before.Code == after.Code {
		writes = append(writes, types.TransactWriteItem{Put: &types.Put{
			TableName: &e.links, Item: item, ConditionExpression: condition, ExpressionAttributeValues: values,
		}})
	} else {
		writes = append(writes, types.TransactWriteItem{Put: &types.Put{
			TableName: &e.links, Item: item,
			ConditionExpression:       aws.String("attribute_not_exists(code) OR attribute_exists(alias) AND id = :id"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":id": textValue(after.ID)},
		}}, e.earlier(before.Code, after, condition, values), e.index.rename(after))
	}
	for _, alias := range before.Aliases {
		if alias == after.Code || before.Code == after.Code && slices.Contains(after.Aliases, alias) {
			continue
		}
		writes = append(writes, e.earlier(alias, after, aws.String("attribute_exists(alias) AND id = :id"),
			map[string]types.AttributeValue{":id": textValue(after.ID)}))
	}
	return writes, nil
}

// earlier makes a code that the link had before lead to it if that is among its aliases, and
// frees it if not.
func (e *LinkEditor) earlier(code string, l link.Link, condition *string, values map[string]types.AttributeValue) types.TransactWriteItem {
	if !slices.Contains(l.Aliases, code) {
		return types.TransactWriteItem{Delete: &types.Delete{
			TableName: &e.links, Key: linkKey(code), ConditionExpression: condition, ExpressionAttributeValues: values,
		}}
	}
	item := linkKey(code)
	item["id"], item[aliasAttribute] = textValue(l.ID), textValue(l.Code)
	return types.TransactWriteItem{Put: &types.Put{
		TableName: &e.links, Item: item, ConditionExpression: condition, ExpressionAttributeValues: values,
	}}
}

// Free removes a link for good, so that its codes can be used again; first it deletes one
// that isn't. If it has changed since it was read, it is link.ErrChanged.
func (e *LinkEditor) Free(ctx context.Context, l link.Link, by string, now time.Time) error {
	unrecorded := LinkEditor{db: e.db, links: e.links, history: e.history, index: e.index}
	l, err := unrecorded.Delete(ctx, l, by, now)
	if err != nil {
		return err
	}
	condition, values := versionCondition(l)
	writes := []types.TransactWriteItem{{Delete: &types.Delete{
		TableName: &e.links, Key: linkKey(l.Code),
		ConditionExpression: condition, ExpressionAttributeValues: values,
	}}}
	for _, alias := range l.Aliases {
		writes = append(writes, types.TransactWriteItem{Delete: &types.Delete{
			TableName: &e.links, Key: linkKey(alias), ConditionExpression: aws.String("attribute_exists(alias) AND id = :id"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":id": textValue(l.ID)},
		}})
	}
	if writes, err = e.recorded(writes, now); err != nil {
		return err
	}
	err = transact(ctx, e.db, writes...)
	if e.repeated(err, writes) {
		return ErrRepeated
	}
	if _, refused := errors.AsType[*refusedError](err); refused {
		return fmt.Errorf("%w: %w", link.ErrChanged, err)
	}
	if err != nil {
		return fmt.Errorf("free code: %w", err)
	}
	_ = e.index.remove(ctx, l, l.Terms())
	_ = e.index.unrank(ctx, l)
	return nil
}
