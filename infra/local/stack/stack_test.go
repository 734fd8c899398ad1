package stack

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/minim-dev/minim/infra/local/emulators"
	"github.com/minim-dev/minim/infra/local/guard"
	localsqs "github.com/minim-dev/minim/infra/local/sqs"
	"github.com/minim-dev/minim/infra/local/template"
)

// clients returns clients of the real emulators. It skips the test with -short.
func clients(t *testing.T) Clients {
	t.Helper()
	if testing.Short() {
		t.Skip("starts the emulators: make test-go")
	}
	for _, file := range []string{"versitygw", "dynamodb-local/DynamoDBLocal.jar", "node_modules/fauxqs"} {
		if _, err := os.Stat("../../../build/components/" + file); err != nil {
			t.Fatalf("%s is missing; run make setup, or make unit for the tests without emulators", file)
		}
	}
	state := t.TempDir()
	p, err := emulators.Start(t.Context(), emulators.Options{
		Components: "../../../build/components", State: state, InMemory: true, Versioning: true,
		Region: "us-east-1", AccessKeyID: "local", SecretAccessKey: "local",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	var proxy *localsqs.Proxy
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { proxy.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	proxy, err = localsqs.New(localsqs.Options{
		Upstream: p.SQS, Host: p.Host, Endpoint: server.URL, Region: "us-east-1", Account: "000000000000", Journal: state + "/messages",
	})
	if err != nil {
		t.Fatal(err)
	}
	tables, err := guard.New(guard.Options{Root: "local"}).DynamoDB(p.DynamoDB, p.Host)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(tables)
	t.Cleanup(front.Close)
	config := aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")}
	return Clients{
		DynamoDB: dynamodb.NewFromConfig(config, func(o *dynamodb.Options) { o.BaseEndpoint = &front.URL }),
		S3:       s3.NewFromConfig(config, func(o *s3.Options) { o.BaseEndpoint, o.UsePathStyle = &p.S3, true }),
		SQS:      sqs.NewFromConfig(config, func(o *sqs.Options) { o.BaseEndpoint = &server.URL }),
	}
}

func parse(t *testing.T, text string) *template.Stack {
	t.Helper()
	s, err := template.Parse([]byte(text), template.Options{StackName: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const before = `{"Resources":{
	"T":{"Type":"AWS::DynamoDB::Table","Properties":{"TableName":"things",
		"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},{"AttributeName":"owner","AttributeType":"S"},{"AttributeName":"at","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
		"GlobalSecondaryIndexes":[
			{"IndexName":"byOwner","KeySchema":[{"AttributeName":"owner","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}},
			{"IndexName":"byTime","KeySchema":[{"AttributeName":"at","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}],
		"TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":true}}},
	"B":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"bucket","VersioningConfiguration":{"Status":"Enabled"},
		"CorsConfiguration":{"CorsRules":[{"AllowedOrigins":["http://localhost:8080"],"AllowedMethods":["PUT"],"AllowedHeaders":["content-type"],"MaxAge":60}]}}},
	"Q":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":"q","VisibilityTimeout":60,
		"RedrivePolicy":{"deadLetterTargetArn":{"Fn::GetAtt":["D","Arn"]},"maxReceiveCount":5}}},
	"D":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":"dead","MessageRetentionPeriod":1209600}}}}`

// TestApply creates a stack, applies it again, and then applies a changed one.
func TestApply(t *testing.T) {
	c := clients(t)
	for range 2 {
		if err := Apply(t.Context(), c, parse(t, before)); err != nil {
			t.Fatal(err)
		}
	}
	item := map[string]dbtypes.AttributeValue{"id": &dbtypes.AttributeValueMemberS{Value: "1"}, "owner": &dbtypes.AttributeValueMemberS{Value: "me"}}
	if _, err := c.DynamoDB.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("things"), Item: item}); err != nil {
		t.Fatal(err)
	}
	expect(t, c, "byOwner ALL, byTime KEYS_ONLY", "ttl", "no stream", "60")
	expectBucket(t, c)

	after := strings.NewReplacer(
		`{"IndexName":"byTime","KeySchema":[{"AttributeName":"at","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}`,
		`{"IndexName":"byBoth","KeySchema":[{"AttributeName":"owner","KeyType":"HASH"},{"AttributeName":"at","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}`,
		`"AttributeName":"ttl"`, `"AttributeName":"until"`,
		`"TimeToLive`, `"StreamSpecification":{"StreamViewType":"NEW_IMAGE"},"TimeToLive`,
		`"VisibilityTimeout":60`, `"VisibilityTimeout":90`,
	).Replace(before)
	if err := Apply(t.Context(), c, parse(t, after)); err != nil {
		t.Fatal(err)
	}
	expect(t, c, "byBoth ALL, byOwner ALL", "until", "NEW_IMAGE", "90")
	got, err := c.DynamoDB.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("things"), Key: map[string]dbtypes.AttributeValue{"id": item["id"]}})
	if err != nil || got.Item["owner"] == nil {
		t.Errorf("the item is gone: %v, %v", got, err)
	}

	other := strings.Replace(before, `"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]`, `"KeySchema":[{"AttributeName":"owner","KeyType":"HASH"}]`, 1)
	if err := Apply(t.Context(), c, parse(t, other)); err == nil || !strings.Contains(err.Error(), "change the table things: its key has changed") {
		t.Errorf("another key: %v", err)
	}
}

// expect checks the emulators' descriptions of the table and the queue.
func expect(t *testing.T, c Clients, indexes, ttl, stream, visibility string) {
	t.Helper()
	table, err := c.DynamoDB.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("things")})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, index := range table.Table.GlobalSecondaryIndexes {
		found[*index.IndexName+" "+string(index.Projection.ProjectionType)] = true
	}
	for _, want := range strings.Split(indexes, ", ") {
		if !found[want] || len(found) != 2 {
			t.Errorf("indexes: %v, want %s", found, indexes)
		}
	}
	expiry, err := c.DynamoDB.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: aws.String("things")})
	if err != nil || aws.ToString(expiry.TimeToLiveDescription.AttributeName) != ttl {
		t.Errorf("time to live: %+v, %v", expiry, err)
	}
	got := "no stream"
	if s := table.Table.StreamSpecification; s != nil && aws.ToBool(s.StreamEnabled) {
		got = string(s.StreamViewType)
	}
	if got != stream {
		t.Errorf("stream: %s, want %s", got, stream)
	}
	url, err := c.SQS.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("q")})
	if err != nil {
		t.Fatal(err)
	}
	queue, err := c.SQS.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: url.QueueUrl, AttributeNames: []sqstypes.QueueAttributeName{"All"}})
	if err != nil || queue.Attributes["VisibilityTimeout"] != visibility ||
		queue.Attributes["RedrivePolicy"] != `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":5}` {
		t.Errorf("queue: %v, %v", queue, err)
	}
}

func expectBucket(t *testing.T, c Clients) {
	t.Helper()
	cors, err := c.S3.GetBucketCors(t.Context(), &s3.GetBucketCorsInput{Bucket: aws.String("bucket")})
	if err != nil || len(cors.CORSRules) != 1 || cors.CORSRules[0].AllowedOrigins[0] != "http://localhost:8080" {
		t.Errorf("CORS: %+v, %v", cors, err)
	}
	versioning, err := c.S3.GetBucketVersioning(t.Context(), &s3.GetBucketVersioningInput{Bucket: aws.String("bucket")})
	if err != nil || versioning.Status != "Enabled" {
		t.Errorf("versioning: %+v, %v", versioning, err)
	}
}
