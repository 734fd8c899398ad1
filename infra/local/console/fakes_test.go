package console

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func arn(queue string) string { return "arn:aws:sqs:us-east-1:000000000000:" + queue }

const failedEvent = `{"requestContext":{"requestId":"r1","functionArn":"arn:aws:lambda:us-east-1:000000000000:function:app-greet:$LATEST",` +
	`"condition":"RetriesExhausted","approximateInvokeCount":3},"requestPayload":{"again":true}}`

// fakeQueues is a fake SQS with three queues, and the emulator's page of messages.
type fakeQueues struct {
	queues  map[string][]message
	flying  map[string]message // by receipt handle
	refuse  string             // a body that cannot be sent
	err     error
	url     string
	close   func()
	visible int // messages that were made visible again
}

func newFakeQueues(t *testing.T) *fakeQueues {
	f := &fakeQueues{flying: map[string]message{}, queues: map[string][]message{
		"app-work":     nil,
		"app-dead":     {{ID: "m1", Body: "poison", Sent: time.Now().UnixMilli()}, {ID: "m2", Body: `{"second":1}`}},
		"app-failures": {{ID: "m3", Body: failedEvent}, {ID: "m4", Body: "no record"}},
	}}
	server := httptest.NewServer(http.HandlerFunc(f.inspect))
	t.Cleanup(server.Close)
	f.url, f.close = server.URL, server.Close
	return f
}

func (f *fakeQueues) inspect(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/_fauxqs/queues")
	if name == "" {
		var all []map[string]any
		for _, name := range []string{"app-work", "app-failures", "app-dead"} {
			all = append(all, map[string]any{"name": name, "arn": arn(name), "approximateMessageCount": len(f.queues[name])})
		}
		_ = json.NewEncoder(w).Encode(all)
		return
	}
	messages, ok := f.queues[name[1:]]
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"messages": map[string]any{"ready": messages}})
}

func (f *fakeQueues) GetQueueAttributes(_ context.Context, in *sqs.GetQueueAttributesInput, _ ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error) {
	attributes := map[string]string{"VisibilityTimeout": "30"}
	if path.Base(*in.QueueUrl) == "app-work" {
		attributes["RedrivePolicy"] = `{"deadLetterTargetArn":"` + arn("app-dead") + `","maxReceiveCount":"5"}`
	}
	return &sqs.GetQueueAttributesOutput{Attributes: attributes}, f.err
}

func (f *fakeQueues) ReceiveMessage(_ context.Context, in *sqs.ReceiveMessageInput, _ ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error) {
	name, out := path.Base(*in.QueueUrl), &sqs.ReceiveMessageOutput{}
	n := min(1, len(f.queues[name])) // SQS may return as few as one
	for _, m := range f.queues[name][:n] {
		handle := "handle " + m.ID
		f.flying[handle] = m
		out.Messages = append(out.Messages, types.Message{MessageId: &m.ID, Body: &m.Body, ReceiptHandle: &handle,
			MessageAttributes: map[string]types.MessageAttributeValue{"kind": {DataType: aws.String("String"), StringValue: aws.String("x")}}})
	}
	f.queues[name] = f.queues[name][n:]
	return out, f.err
}

func (f *fakeQueues) ChangeMessageVisibility(_ context.Context, in *sqs.ChangeMessageVisibilityInput, _ ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityOutput, error) {
	name := path.Base(*in.QueueUrl)
	f.queues[name] = append(f.queues[name], f.flying[*in.ReceiptHandle])
	f.visible++
	return &sqs.ChangeMessageVisibilityOutput{}, nil
}

func (f *fakeQueues) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	if f.refuse != "" && *in.MessageBody == f.refuse {
		return nil, errors.New("refused")
	}
	name := path.Base(*in.QueueUrl)
	f.queues[name] = append(f.queues[name], message{ID: "sent " + strconv.Itoa(len(f.queues[name])), Body: *in.MessageBody})
	return &sqs.SendMessageOutput{MessageId: aws.String("new")}, nil
}

func (f *fakeQueues) DeleteMessage(_ context.Context, in *sqs.DeleteMessageInput, _ ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error) {
	delete(f.flying, *in.ReceiptHandle)
	return &sqs.DeleteMessageOutput{}, nil
}

func (f *fakeQueues) PurgeQueue(_ context.Context, in *sqs.PurgeQueueInput, _ ...func(*sqs.Options)) (*sqs.PurgeQueueOutput, error) {
	f.queues[path.Base(*in.QueueUrl)] = []message{}
	return &sqs.PurgeQueueOutput{}, nil
}

// fakeTables is one table with two items, one per page.
type fakeTables struct {
	items []map[string]dbtypes.AttributeValue
}

func newFakeTables() *fakeTables {
	item := func(id, n string) map[string]dbtypes.AttributeValue {
		return map[string]dbtypes.AttributeValue{
			"id": &dbtypes.AttributeValueMemberS{Value: id}, "at": &dbtypes.AttributeValueMemberN{Value: n},
			"tags": &dbtypes.AttributeValueMemberSS{Value: []string{"x"}}, "big": &dbtypes.AttributeValueMemberN{Value: "12345678901234567890"},
			"deep": &dbtypes.AttributeValueMemberM{Value: map[string]dbtypes.AttributeValue{
				"list": &dbtypes.AttributeValueMemberL{Value: []dbtypes.AttributeValue{
					&dbtypes.AttributeValueMemberBOOL{Value: true}, &dbtypes.AttributeValueMemberNULL{Value: true}, &dbtypes.AttributeValueMemberB{Value: []byte("b")},
					&dbtypes.AttributeValueMemberNS{Value: []string{"1"}}, &dbtypes.AttributeValueMemberBS{Value: [][]byte{[]byte("b")}}}},
			}},
		}
	}
	return &fakeTables{items: []map[string]dbtypes.AttributeValue{item("a", "1"), item("b", "2")}}
}

func (f *fakeTables) DescribeTable(_ context.Context, in *dynamodb.DescribeTableInput, _ ...func(*dynamodb.Options)) (*dynamodb.DescribeTableOutput, error) {
	if *in.TableName != "app-notes" {
		return nil, &dbtypes.ResourceNotFoundException{}
	}
	key := []dbtypes.KeySchemaElement{{AttributeName: aws.String("id")}, {AttributeName: aws.String("at")}}
	return &dynamodb.DescribeTableOutput{Table: &dbtypes.TableDescription{
		ItemCount: aws.Int64(2), TableSizeBytes: aws.Int64(2048), KeySchema: key,
		AttributeDefinitions:   []dbtypes.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: "S"}, {AttributeName: aws.String("at"), AttributeType: "N"}},
		GlobalSecondaryIndexes: []dbtypes.GlobalSecondaryIndexDescription{{IndexName: aws.String("byAt"), KeySchema: key[1:]}},
		StreamSpecification:    &dbtypes.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: dbtypes.StreamViewTypeNewImage},
	}}, nil
}

func (f *fakeTables) Scan(_ context.Context, in *dynamodb.ScanInput, _ ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error) {
	if in.ExclusiveStartKey == nil {
		return &dynamodb.ScanOutput{Items: f.items[:1], LastEvaluatedKey: shownTable{Key: []keyPart{{"id", "S"}, {"at", "N"}}}.keyOf(f.items[0])}, nil
	}
	return &dynamodb.ScanOutput{Items: f.items[1:]}, nil
}

func (f *fakeTables) Query(_ context.Context, in *dynamodb.QueryInput, _ ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	name := in.ExpressionAttributeNames["#p"]
	for _, item := range f.items {
		if cell(item[name]) == cell(in.ExpressionAttributeValues[":p"]) {
			return &dynamodb.QueryOutput{Items: []map[string]dbtypes.AttributeValue{item}}, nil
		}
	}
	return &dynamodb.QueryOutput{}, nil
}

func (f *fakeTables) GetItem(_ context.Context, in *dynamodb.GetItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	i := slices.IndexFunc(f.items, func(item map[string]dbtypes.AttributeValue) bool { return cell(item["id"]) == cell(in.Key["id"]) })
	if i < 0 {
		return &dynamodb.GetItemOutput{}, nil
	}
	return &dynamodb.GetItemOutput{Item: f.items[i]}, nil
}

type awayTables struct{ Tables }

func (awayTables) DescribeTable(context.Context, *dynamodb.DescribeTableInput, ...func(*dynamodb.Options)) (*dynamodb.DescribeTableOutput, error) {
	return nil, errors.New("connection refused")
}

// fakeBuckets is one bucket with a folder, an HTML page and an image.
type fakeBuckets struct{}

func (fakeBuckets) kind(key string) (kind, content string) {
	return map[string]string{"page.html": "text/html; charset=utf-8", "pictures/a.png": "image/png", "odd.bin": ""}[key],
		map[string]string{"page.html": "<script>alert(1)</script>", "pictures/a.png": "PNG", "odd.bin": "?"}[key]
}

func (fakeBuckets) ListObjectsV2(_ context.Context, in *s3.ListObjectsV2Input, _ ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	object := func(key string) s3types.Object {
		return s3types.Object{Key: &key, Size: aws.Int64(10), LastModified: aws.Time(time.Now())}
	}
	if aws.ToString(in.Prefix) == "pictures/" {
		return &s3.ListObjectsV2Output{Contents: []s3types.Object{object("pictures/a.png")}}, nil
	}
	return &s3.ListObjectsV2Output{Contents: []s3types.Object{object("page.html")}, NextContinuationToken: aws.String("more"),
		CommonPrefixes: []s3types.CommonPrefix{{Prefix: aws.String("pictures/")}}}, nil
}

func (f fakeBuckets) HeadObject(_ context.Context, in *s3.HeadObjectInput, _ ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	kind, content := f.kind(*in.Key)
	if content == "" {
		return nil, &s3types.NotFound{}
	}
	return &s3.HeadObjectOutput{ContentType: &kind, ContentLength: aws.Int64(int64(len(content))), Metadata: map[string]string{"made-by": "test"}}, nil
}

func (f fakeBuckets) GetObject(_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	kind, content := f.kind(*in.Key)
	return &s3.GetObjectOutput{ContentType: &kind, Body: io.NopCloser(strings.NewReader(content))}, nil
}

type awayBuckets struct{ Buckets }

func (awayBuckets) ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	return nil, errors.New("connection refused")
}

func (awayBuckets) HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	return nil, errors.New("connection refused")
}
