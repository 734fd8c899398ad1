package sources

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/infra/local/emulators"
	"github.com/minim-dev/minim/infra/local/guard"
)

// realTable is a table with a stream in DynamoDB Local.
type realTable struct {
	t    *testing.T
	name string
	db   *dynamodb.Client
	s    *dynamodbstreams.Client
}

func newRealTable(t *testing.T) *realTable {
	r := openTable(t, started(t, t.TempDir(), ""), "table")
	r.create()
	return r
}

func openTable(t *testing.T, p *emulators.Emulators, name string) *realTable {
	t.Helper()
	tables, err := guard.New(guard.Options{Root: "local"}).DynamoDB(p.DynamoDB, p.Host)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(tables)
	t.Cleanup(front.Close)
	config := aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")}
	return &realTable{
		t: t, name: name, db: dynamodb.NewFromConfig(config, func(o *dynamodb.Options) { o.BaseEndpoint = &front.URL }),
		s: dynamodbstreams.NewFromConfig(config, func(o *dynamodbstreams.Options) { o.BaseEndpoint = &front.URL }),
	}
}

func (r *realTable) create() {
	r.t.Helper()
	if _, err := r.db.CreateTable(r.t.Context(), &dynamodb.CreateTableInput{
		TableName: &r.name, BillingMode: types.BillingModePayPerRequest,
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("k"), KeyType: types.KeyTypeHash}},
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("k"), AttributeType: types.ScalarAttributeTypeS}},
		StreamSpecification:  &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewAndOldImages},
	}); err != nil {
		r.t.Fatal(err)
	}
}

func (r *realTable) put(items ...string) {
	r.t.Helper()
	for _, item := range items {
		if _, err := r.db.PutItem(r.t.Context(), &dynamodb.PutItemInput{TableName: &r.name, Item: map[string]types.AttributeValue{
			"k": &types.AttributeValueMemberS{Value: item},
		}}); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *realTable) options(f *follower) StreamOptions {
	return StreamOptions{
		Client: r.s, Region: "us-east-1", Invoke: f.invoke, Send: f.send, TimeScale: 1000, Logger: silent(),
		Find: func(ctx context.Context, _ string) (string, error) {
			out, err := r.db.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &r.name})
			if err != nil {
				return "", err
			}
			return *out.Table.LatestStreamArn, nil
		},
	}
}

// TestStream reads the stream of a table of DynamoDB Local: order, a poison record, a
// restart, and a recreated table.
func TestStream(t *testing.T) {
	table, file := newRealTable(t), filepath.Join(t.TempDir(), "mapping.json")
	function := &follower{answer: failing("poison", true)}
	mapping := Stream{BatchSize: 7, Retries: 1, Bisect: true, PartialFailures: true, OnFailure: "arn:queue"}
	var want []string
	for i := range 40 {
		item := fmt.Sprintf("i%02d", i)
		if i == 17 {
			item = "poison"
		}
		want = append(want, item)
	}
	table.put(want[:20]...)
	_, stop := follow(t, mapping, file, table.options(function))
	eventually(t, "the first are delivered", func() bool { return slices.Contains(function.items(), "i19") })
	stop()
	table.put(want[20:]...)
	f, _ := follow(t, mapping, file, table.options(function))
	eventually(t, "all are delivered", func() bool { return slices.Contains(function.items(), "i39") })
	var got []string
	for _, item := range function.items() {
		if !slices.Contains(got, item) {
			got = append(got, item)
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("order -want +got:\n%s", d)
	}
	var reported failedBatch
	if len(function.reported) != 1 || json.Unmarshal(function.reported[0], &reported) != nil || reported.Batch.Size != 1 || !strings.HasPrefix(reported.Batch.ShardID, "shardId-") {
		t.Errorf("reported %s", function.reported)
	}
	eventually(t, "nothing is left", func() bool { s := f.State().Shards; return len(s) == 1 && s[0].Waiting == 0 })
	if _, err := table.db.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: aws.String("table")}); err != nil {
		t.Fatal(err)
	}
	table.create()
	table.put("anew")
	eventually(t, "the new table is followed", func() bool { return slices.Contains(function.items(), "anew") })
}

// items returns all deliveries in order, including duplicates.
func (f *follower) items() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Concat(f.batches...)
}
