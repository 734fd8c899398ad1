package table

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
)

// The statuses as conditions see them.
const (
	underWay = "#status IN (:pending, :processing)"
	revived  = "#status = :failed AND refusal.code IN (:expired, :unprocessed)" // failed for a temporary reason
)

// change is an update of one image: what to set, on which condition. Every
// change makes another version.
type change struct {
	update    string // behind "SET version = version + :one, updatedAt = :now"
	condition string
	names     map[string]string
	values    map[string]types.AttributeValue
}

func (t *Images) update(id string, now time.Time, c change) types.TransactWriteItem {
	names := map[string]string{"#status": "status"}
	values := map[string]types.AttributeValue{":one": numberValue(1), ":now": textValue(stamp(now))}
	maps.Copy(values, c.values)
	maps.Copy(names, c.names)
	return types.TransactWriteItem{Update: &types.Update{
		TableName:                 &t.name,
		Key:                       idKey(id),
		UpdateExpression:          aws.String("SET version = version + :one, updatedAt = :now" + c.update),
		ConditionExpression:       &c.condition,
		ExpressionAttributeNames:  names,
		ExpressionAttributeValues: values,
	}}
}

func statusValues(statuses ...image.Status) map[string]types.AttributeValue {
	values := map[string]types.AttributeValue{}
	for _, s := range statuses {
		values[":"+string(s)] = textValue(string(s))
	}
	return values
}

// Begin marks an image that is not Final as Processing, with a deadline. Others are not
// changed.
func (t *Images) Begin(ctx context.Context, id string, now time.Time) error {
	begun := image.Image{ID: id, Status: image.Processing, Modified: now}
	values := statusValues(image.Pending, image.Processing, image.Failed)
	values[":expired"], values[":unprocessed"] = textValue(string(image.Expired)), textValue(string(image.Unprocessed))
	values[":partition"], values[":due"] = textValue(indexPartition(id)), textValue(stamp(begun.Due()))
	err := transact(ctx, t.db, t.update(id, now, change{
		update: ", #status = :processing, shelf = :partition, due = :due REMOVE refusal", condition: underWay + " OR " + revived, values: values,
	}))
	if err != nil && !refusedAt(err, 0) {
		return fmt.Errorf("begin image %s: %w", id, err)
	}
	return nil
}

// Finish records that an image is Ready with Content, made by Recipe, which it
// uses from now on. An image that is final already or does not exist any more
// is not changed. If the content has been deleted in the meantime, it returns a
// Conflict fault.
func (t *Images) Finish(ctx context.Context, i image.Image) error {
	content, err := attributevalue.Marshal(contentOf(i.Content))
	if err != nil {
		return fmt.Errorf("encode image %s: %w", i.ID, err)
	}
	values := statusValues(image.Pending, image.Processing, image.Ready)
	values[":content"], values[":recipe"] = content, textValue(i.Recipe)
	values[":recipes"] = textList([]string{i.Recipe})
	err = transact(ctx, t.db,
		t.update(i.ID, i.Modified, change{
			update:    ", #status = :ready, content = :content, recipe = :recipe, recipes = :recipes REMOVE shelf, due",
			condition: underWay, values: values,
		}),
		t.use(i.Upload.SHA256, i.Recipe))
	switch {
	case err == nil || refusedAt(err, 0):
		return nil
	case refusedAt(err, 1):
		return fault.Wrap(fault.Conflict, "The variants have been deleted.", err)
	default:
		return fmt.Errorf("finish image %s: %w", i.ID, err)
	}
}

// Refuse records that an image has Failed and why. An image that is final
// already or does not exist any more is not changed.
func (t *Images) Refuse(ctx context.Context, i image.Image) error {
	return t.refuse(ctx, i, underWay)
}

// GiveUp is Refuse, unless the image has changed since it was read.
func (t *Images) GiveUp(ctx context.Context, i image.Image) error {
	return t.refuse(ctx, i, underWay+" AND version = :version")
}

func (t *Images) refuse(ctx context.Context, i image.Image, condition string) error {
	refusal, err := attributevalue.Marshal(refusalMap(*i.Refusal))
	if err != nil {
		return fmt.Errorf("encode image %s: %w", i.ID, err)
	}
	values := statusValues(image.Pending, image.Processing, image.Failed)
	values[":refusal"] = refusal
	if condition != underWay {
		values[":version"] = numberValue(int64(i.Version))
	}
	err = transact(ctx, t.db, t.update(i.ID, i.Modified, change{
		update: ", #status = :failed, refusal = :refusal REMOVE shelf, due", condition: condition, values: values,
	}))
	if err != nil && !refusedAt(err, 0) {
		return fmt.Errorf("refuse image %s: %w", i.ID, err)
	}
	return nil
}

// Delete marks an image as Deleted, which removes it from its owner's list, and ends its
// use of contents. image-sweep then deletes its files. If the image has changed since
// it was read, it returns a Conflict fault.
func (t *Images) Delete(ctx context.Context, i image.Image, now time.Time) error {
	i.Status, i.Modified = image.Deleted, now
	values := statusValues(image.Deleted)
	values[":version"] = numberValue(int64(i.Version))
	values[":partition"], values[":due"] = textValue(indexPartition(i.ID)), textValue(stamp(i.Due()))
	writes := []types.TransactWriteItem{t.update(i.ID, now, change{
		update:    ", #status = :deleted, shelf = :partition, due = :due REMOVE #owner",
		condition: "version = :version AND #status <> :deleted",
		names:     map[string]string{"#owner": "owner"}, values: values,
	})}
	for _, recipe := range i.Recipes {
		writes = append(writes, t.leave(i.Upload.SHA256, recipe, now))
	}
	err := transact(ctx, t.db, writes...)
	if refusedAt(err, 0) {
		return errChanged(err)
	}
	if err != nil {
		return fmt.Errorf("delete image %s: %w", i.ID, err)
	}
	return nil
}

// Purge deletes the record of a Deleted image after its deadline.
func (t *Images) Purge(ctx context.Context, id string, now time.Time) error {
	values := statusValues(image.Deleted)
	values[":now"] = textValue(stamp(now))
	_, err := t.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName:                 &t.name,
		Key:                       idKey(id),
		ConditionExpression:       aws.String("#status = :deleted AND due <= :now"),
		ExpressionAttributeNames:  map[string]string{"#status": "status"},
		ExpressionAttributeValues: values,
	})
	if err != nil && !conditionFailed(err) {
		return fmt.Errorf("purge image %s: %w", id, err)
	}
	return nil
}

// overduePage is how many items of one partition of the index are read at once.
const overduePage = 100

// Overdue lists all items whose deadline has passed at a moment. It reads a page
// of each partition of the index in turn, the longest overdue items first, when
// the caller has consumed the pages before. An error ends the list.
func (t *Images) Overdue(ctx context.Context, now time.Time) iter.Seq2[image.Overdue, error] {
	return func(yield func(image.Overdue, error) bool) {
		queries := make([]*dynamodb.QueryPaginator, indexPartitions)
		for n := range queries {
			queries[n] = dynamodb.NewQueryPaginator(t.db, &dynamodb.QueryInput{
				TableName:              &t.name,
				IndexName:              aws.String("byDue"),
				KeyConditionExpression: aws.String("shelf = :partition AND due <= :now"),
				ExpressionAttributeValues: map[string]types.AttributeValue{
					":partition": textValue(partitionName(n)), ":now": textValue(stamp(now)),
				},
				Limit: aws.Int32(overduePage),
			})
		}
		for len(queries) > 0 {
			for _, query := range queries {
				out, err := query.NextPage(ctx)
				if err != nil {
					yield(image.Overdue{}, fmt.Errorf("list overdue images: %w", err))
					return
				}
				for _, item := range out.Items {
					if !yield(overdueOf(textOf(item["id"])), nil) {
						return
					}
				}
			}
			queries = slices.DeleteFunc(queries, func(q *dynamodb.QueryPaginator) bool { return !q.HasMorePages() })
		}
	}
}

func overdueOf(id string) image.Overdue {
	if sha256, recipe, ok := contentOfID(id); ok {
		return image.Overdue{SHA256: sha256, Recipe: recipe}
	}
	return image.Overdue{Image: id}
}
