package table

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
)

// errChanged is the fault of a write to an image that has changed since it was
// read.
func errChanged(cause error) error {
	return fault.Wrap(fault.Conflict, "The image has just been changed.", cause)
}

// Edit records alt text, focus and whether the image is Renewing. If it has
// changed since it was read, that is a Conflict fault.
func (t *Images) Edit(ctx context.Context, i image.Image) error {
	focus, err := attributevalue.Marshal(focusMap(i.Focus))
	if err != nil {
		return fmt.Errorf("encode image %s: %w", i.ID, err)
	}
	values := statusValues(image.Deleted)
	values[":version"] = numberValue(int64(i.Version))
	values[":alt"], values[":focus"] = textValue(i.Upload.Alt), focus
	update := ", alt = :alt, focus = :focus"
	if i.Renewing {
		update += ", renewing = :true, shelf = :partition, due = :due"
		values[":true"] = &types.AttributeValueMemberBOOL{Value: true}
		values[":partition"], values[":due"] = textValue(indexPartition(i.ID)), textValue(stamp(i.Due()))
	}
	err = transact(ctx, t.db, t.update(i.ID, i.Modified, change{
		update: update, condition: "version = :version AND #status <> :deleted", values: values,
	}))
	if refusedAt(err, 0) {
		return errChanged(err)
	}
	if err != nil {
		return fmt.Errorf("edit image %s: %w", i.ID, err)
	}
	return nil
}

// Renew records the new variants of an image that was read as before: it uses those
// from now on, and stops using those that it does not keep. If the image has changed
// since, or variants have been deleted, it writes nothing and returns a Conflict
// fault.
func (t *Images) Renew(ctx context.Context, before, renewed image.Image) error {
	content, err := attributevalue.Marshal(contentOf(renewed.Content))
	if err != nil {
		return fmt.Errorf("encode image %s: %w", before.ID, err)
	}
	crops, err := attributevalue.Marshal(cropsMap{Recipe: renewed.Crops.Recipe, Variants: variantMaps(renewed.Crops.Variants)})
	if err != nil {
		return fmt.Errorf("encode image %s: %w", before.ID, err)
	}
	values := statusValues(image.Ready)
	values[":version"] = numberValue(int64(before.Version))
	values[":content"], values[":recipe"], values[":crops"] = content, textValue(renewed.Recipe), crops
	values[":recipes"] = textList(renewed.Recipes)
	writes := []types.TransactWriteItem{t.update(before.ID, renewed.Modified, change{
		update:    ", content = :content, recipe = :recipe, crops = :crops, recipes = :recipes REMOVE renewing, shelf, due",
		condition: "version = :version AND #status = :ready", values: values,
	})}
	for _, recipe := range renewed.Recipes {
		if !slices.Contains(before.Recipes, recipe) {
			writes = append(writes, t.use(before.Upload.SHA256, recipe))
		}
	}
	for _, recipe := range before.Recipes {
		if !slices.Contains(renewed.Recipes, recipe) {
			writes = append(writes, t.leave(before.Upload.SHA256, recipe, renewed.Modified))
		}
	}
	err = transact(ctx, t.db, writes...)
	if _, refused := errors.AsType[*refusedError](err); refused {
		return errChanged(err)
	}
	if err != nil {
		return fmt.Errorf("renew image %s: %w", before.ID, err)
	}
	return nil
}

// Postpone sets a later deadline for an image that is still Renewing. If it has changed since it was read, nothing happens.
func (t *Images) Postpone(ctx context.Context, i image.Image, due time.Time) error {
	_, err := t.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:           &t.name,
		Key:                 idKey(i.ID),
		UpdateExpression:    aws.String("SET due = :due"),
		ConditionExpression: aws.String("version = :version AND attribute_exists(renewing)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":version": numberValue(int64(i.Version)), ":due": textValue(stamp(due)),
		},
	})
	if err != nil && !conditionFailed(err) {
		return fmt.Errorf("postpone image %s: %w", i.ID, err)
	}
	return nil
}
