package stack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/infra/local/template"
)

// table creates a table, or updates the indexes, stream and time to live of an existing
// one. The key and local indexes of a table cannot change.
func table(ctx context.Context, db *dynamodb.Client, t *template.Table) error {
	there, err := db.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &t.TableName})
	var missing *types.ResourceNotFoundException
	switch {
	case errors.As(err, &missing):
		if err := create(ctx, db, t); err != nil {
			return fmt.Errorf("create the table %s: %w", t.TableName, err)
		}
	case err != nil:
		return fmt.Errorf("describe the table %s: %w", t.TableName, err)
	default:
		if err := adapt(ctx, db, t, there.Table); err != nil {
			return fmt.Errorf("change the table %s: %w", t.TableName, err)
		}
	}
	if err := expiry(ctx, db, t); err != nil {
		return fmt.Errorf("set the time to live of the table %s: %w", t.TableName, err)
	}
	return nil
}

func create(ctx context.Context, db *dynamodb.Client, t *template.Table) error {
	input := &dynamodb.CreateTableInput{
		TableName: &t.TableName, BillingMode: types.BillingModePayPerRequest,
		KeySchema: keys(t.KeySchema), AttributeDefinitions: attributes(t),
		StreamSpecification: stream(t),
	}
	for _, index := range t.GlobalSecondaryIndexes {
		input.GlobalSecondaryIndexes = append(input.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: &index.IndexName, KeySchema: keys(index.KeySchema), Projection: projection(index),
		})
	}
	for _, index := range t.LocalSecondaryIndexes {
		input.LocalSecondaryIndexes = append(input.LocalSecondaryIndexes, types.LocalSecondaryIndex{
			IndexName: &index.IndexName, KeySchema: keys(index.KeySchema), Projection: projection(index),
		})
	}
	_, err := db.CreateTable(ctx, input)
	return err
}

// adapt updates an existing table.
func adapt(ctx context.Context, db *dynamodb.Client, t *template.Table, there *types.TableDescription) error {
	if spell(keys(t.KeySchema)) != spell(there.KeySchema) {
		return errors.New("its key has changed, but the key of a table cannot change: give the table another name, or remove the folder dynamodb in the state")
	}
	existing := map[string]types.GlobalSecondaryIndexDescription{}
	for _, index := range there.GlobalSecondaryIndexes {
		existing[*index.IndexName] = index
	}
	for _, index := range t.GlobalSecondaryIndexes {
		old, ok := existing[index.IndexName]
		delete(existing, index.IndexName)
		if ok && spell(old.KeySchema) == spell(keys(index.KeySchema)) && same(old.Projection, projection(index)) {
			continue
		}
		if ok {
			if err := drop(ctx, db, t, index.IndexName); err != nil {
				return err
			}
		}
		if err := update(ctx, db, t, &types.GlobalSecondaryIndexUpdate{Create: &types.CreateGlobalSecondaryIndexAction{
			IndexName: &index.IndexName, KeySchema: keys(index.KeySchema), Projection: projection(index),
		}}); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(existing)) {
		if err := drop(ctx, db, t, name); err != nil {
			return err
		}
	}
	return adaptStream(ctx, db, t, there.StreamSpecification)
}

func drop(ctx context.Context, db *dynamodb.Client, t *template.Table, index string) error {
	return update(ctx, db, t, &types.GlobalSecondaryIndexUpdate{Delete: &types.DeleteGlobalSecondaryIndexAction{IndexName: &index}})
}

// update makes one change of an index, because a call can make only one, and waits until it is done.
func update(ctx context.Context, db *dynamodb.Client, t *template.Table, change *types.GlobalSecondaryIndexUpdate) error {
	_, err := db.UpdateTable(ctx, &dynamodb.UpdateTableInput{
		TableName: &t.TableName, AttributeDefinitions: attributes(t),
		GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{*change},
	})
	if err != nil {
		return err
	}
	for {
		there, err := db.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &t.TableName})
		if err != nil {
			return err
		}
		busy := there.Table.TableStatus != types.TableStatusActive
		for _, index := range there.Table.GlobalSecondaryIndexes {
			busy = busy || index.IndexStatus != types.IndexStatusActive
		}
		if !busy {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func adaptStream(ctx context.Context, db *dynamodb.Client, t *template.Table, old *types.StreamSpecification) error {
	wanted := stream(t)
	was := old != nil && aws.ToBool(old.StreamEnabled)
	if was && (wanted == nil || wanted.StreamViewType != old.StreamViewType) {
		off := &types.StreamSpecification{StreamEnabled: aws.Bool(false)}
		if _, err := db.UpdateTable(ctx, &dynamodb.UpdateTableInput{TableName: &t.TableName, StreamSpecification: off}); err != nil {
			return err
		}
		was = false
	}
	if was || wanted == nil {
		return nil
	}
	_, err := db.UpdateTable(ctx, &dynamodb.UpdateTableInput{TableName: &t.TableName, StreamSpecification: wanted})
	return err
}

// expiry sets the time-to-live attribute. If another attribute is set, it disables that
// one first.
func expiry(ctx context.Context, db *dynamodb.Client, t *template.Table) error {
	now, err := db.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &t.TableName})
	if err != nil {
		return err
	}
	wanted := ""
	if ttl := t.TimeToLiveSpecification; ttl != nil && ttl.Enabled {
		wanted = ttl.AttributeName
	}
	old := ""
	if d := now.TimeToLiveDescription; d != nil && d.TimeToLiveStatus == types.TimeToLiveStatusEnabled {
		old = aws.ToString(d.AttributeName)
	}
	if old == wanted {
		return nil
	}
	set := func(attribute string, enabled bool) error {
		_, err := db.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
			TableName:               &t.TableName,
			TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: &attribute, Enabled: &enabled},
		})
		return err
	}
	if old != "" {
		if err := set(old, false); err != nil {
			return err
		}
	}
	if wanted == "" {
		return nil
	}
	return set(wanted, true)
}

func keys(schema []template.TableKey) (out []types.KeySchemaElement) {
	for _, key := range schema {
		out = append(out, types.KeySchemaElement{AttributeName: &key.AttributeName, KeyType: types.KeyType(key.KeyType)})
	}
	return out
}

func attributes(t *template.Table) (out []types.AttributeDefinition) {
	for _, a := range t.AttributeDefinitions {
		out = append(out, types.AttributeDefinition{AttributeName: &a.AttributeName, AttributeType: types.ScalarAttributeType(a.AttributeType)})
	}
	return out
}

func projection(index template.TableIndex) *types.Projection {
	return &types.Projection{
		ProjectionType: types.ProjectionType(index.Projection.ProjectionType), NonKeyAttributes: index.Projection.NonKeyAttributes,
	}
}

func stream(t *template.Table) *types.StreamSpecification {
	if t.StreamSpecification == nil {
		return nil
	}
	return &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewType(t.StreamSpecification.StreamViewType)}
}

// spell converts keys to comparable strings.
func spell(schema []types.KeySchemaElement) string {
	var all []string
	for _, key := range schema {
		all = append(all, string(key.KeyType)+" "+*key.AttributeName)
	}
	return strings.Join(all, ", ")
}

func same(a, b *types.Projection) bool {
	left, right := slices.Sorted(slices.Values(a.NonKeyAttributes)), slices.Sorted(slices.Values(b.NonKeyAttributes))
	return a.ProjectionType == b.ProjectionType && slices.Equal(left, right)
}
