package guard

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/infra/local/iam"
)

// asked returns needs as short strings, sorted: the action, and the resource without a prefix.
func asked(needs []iam.Request, prefix string) (all []string) {
	for _, n := range needs {
		text := n.Action + " " + strings.TrimPrefix(n.Resource, prefix)
		for key, value := range n.Context {
			text += " " + key + "=" + value
		}
		all = append(all, text)
	}
	slices.Sort(all)
	return all
}

func compare(t *testing.T, service service, r *http.Request, prefix string, want ...string) {
	t.Helper()
	needs, err := service.needs(r)
	if len(want) == 0 {
		var x *refusal
		if !errors.As(err, &x) || x.kind != unsupported {
			t.Errorf("got %v, %v; want it refused", needs, err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, asked(needs, prefix)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestTables(t *testing.T) {
	const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/"
	for _, c := range []struct {
		target, body string
		want         []string
	}{
		{"DynamoDB_20120810.GetItem", `{"TableName":"links","Key":{}}`, []string{"dynamodb:GetItem links"}},
		{"DynamoDB_20120810.DescribeTable", `{"TableName":"` + arn + `links"}`, []string{"dynamodb:DescribeTable links"}},
		{"DynamoDB_20120810.Query", `{"TableName":"links"}`, []string{"dynamodb:Query links"}},
		{"DynamoDB_20120810.Query", `{"TableName":"links","IndexName":"byOwner"}`, []string{"dynamodb:Query links/index/byOwner"}},
		{"DynamoDB_20120810.Scan", `{"TableName":"links","IndexName":"byOwner"}`, []string{"dynamodb:Scan links/index/byOwner"}},
		{"DynamoDB_20120810.BatchGetItem", `{"RequestItems":{"links":{"Keys":[]},"stats":{}}}`, []string{"dynamodb:BatchGetItem links", "dynamodb:BatchGetItem stats"}},
		{"DynamoDB_20120810.BatchWriteItem", `{"RequestItems":{"links":[]}}`, []string{"dynamodb:BatchWriteItem links"}},
		{"DynamoDB_20120810.TransactGetItems", `{"TransactItems":[{"Get":{"TableName":"links"}},{"Get":{"TableName":"links"}}]}`, []string{"dynamodb:GetItem links"}},
		{
			"DynamoDB_20120810.TransactWriteItems",
			`{"TransactItems":[{"Put":{"TableName":"a"}},{"Update":{"TableName":"a"}},{"Delete":{"TableName":"b"}},{"ConditionCheck":{"TableName":"c"}}]}`,
			[]string{"dynamodb:ConditionCheckItem c", "dynamodb:DeleteItem b", "dynamodb:PutItem a", "dynamodb:UpdateItem a"},
		},
		{"DynamoDB_20120810.ListTables", `{}`, []string{"dynamodb:ListTables *"}},
		{"DynamoDB_20120810.ExecuteStatement", `{"Statement":"SELECT * FROM links"}`, nil},
		{"DynamoDB_20120810.TransactWriteItems", `{"TransactItems":[{"Odd":{"TableName":"a"}}]}`, nil},
		{"DynamoDBStreams_20120810.GetRecords", `{}`, nil},
	} {
		t.Run(c.target, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(c.body))
			r.Header.Set("X-Amz-Target", c.target)
			compare(t, dynamoDB{arn: arn}, r, arn, c.want...)
		})
	}
}

func TestBuckets(t *testing.T) {
	for _, c := range []struct {
		request string
		header  [2]string
		body    string
		want    []string
	}{
		{request: "GET /", want: []string{"s3:ListAllMyBuckets *"}},
		{request: "GET /b/a/k%20e+y?x-id=GetObject", want: []string{"s3:GetObject b/a/k e+y"}},
		{request: "GET /b//k", want: []string{"s3:GetObject b//k"}},
		{request: "GET /b/home/../secret.txt", want: []string{"s3:GetObject b/home/../secret.txt"}},
		{request: "GET /b/home/%2E%2E/secret.txt", want: []string{"s3:GetObject b/home/../secret.txt"}},
		{request: "PUT /b/a/./b", want: []string{"s3:PutObject b/a/./b"}},
		{request: "PUT /b/folder/", want: []string{"s3:PutObject b/folder/"}},
		{request: "PUT /b/k", header: [2]string{"X-Amz-Copy-Source", "c/home/../x"}, want: []string{"s3:GetObject c/home/../x", "s3:PutObject b/k"}},
		{request: "POST /b?delete", body: `<Delete><Object><Key>a//b</Key></Object></Delete>`, want: []string{"s3:DeleteObject b/a//b"}},
		{request: "HEAD /b/k", want: []string{"s3:GetObject b/k"}},
		{request: "GET /b/k?versionId=1", want: []string{"s3:GetObjectVersion b/k"}},
		{request: "GET /b/k?X-Amz-Credential=AKIA%2F2030&response-content-type=text/html", want: []string{"s3:GetObject b/k"}},
		{request: "GET /b/k?tagging", want: []string{"s3:GetObjectTagging b/k"}},
		{request: "PUT /b/k", want: []string{"s3:PutObject b/k"}},
		{request: "PUT /b/k", header: [2]string{"X-Amz-Tagging", "a=b"}, want: []string{"s3:PutObject b/k", "s3:PutObjectTagging b/k"}},
		{request: "PUT /b/k", header: [2]string{"X-Amz-Copy-Source", "/c/x%2Fy"}, want: []string{"s3:GetObject c/x/y", "s3:PutObject b/k"}},
		{request: "PUT /b/k", header: [2]string{"X-Amz-Copy-Source", "c/x?versionId=7"}, want: []string{"s3:GetObjectVersion c/x", "s3:PutObject b/k"}},
		{request: "PUT /b/k?partNumber=1&uploadId=2", want: []string{"s3:PutObject b/k"}},
		{request: "POST /b/k?uploads", want: []string{"s3:PutObject b/k"}},
		{request: "POST /b/k?uploadId=2", want: []string{"s3:PutObject b/k"}},
		{request: "DELETE /b/k?uploadId=2", want: []string{"s3:AbortMultipartUpload b/k"}},
		{request: "DELETE /b/k", want: []string{"s3:DeleteObject b/k"}},
		{request: "DELETE /b/k?versionId=1", want: []string{"s3:DeleteObjectVersion b/k"}},
		{request: "HEAD /b", want: []string{"s3:ListBucket b"}},
		{request: "GET /b/?list-type=2&prefix=in/&max-keys=1", want: []string{"s3:ListBucket b s3:prefix=in/"}},
		{request: "GET /b?versions", want: []string{"s3:ListBucketVersions b"}},
		{request: "GET /b?location", want: []string{"s3:GetBucketLocation b"}},
		{request: "PUT /b", want: []string{"s3:CreateBucket b"}},
		{
			request: "POST /b?delete", body: `<Delete><Object><Key>x</Key></Object><Object><Key>y</Key><VersionId>1</VersionId></Object></Delete>`,
			want: []string{"s3:DeleteObject b/x", "s3:DeleteObjectVersion b/y"},
		},
		{request: "GET /b?accelerate"},
		{request: "POST /b"},
		{request: "PATCH /create-user"},
	} {
		t.Run(c.request, func(t *testing.T) {
			method, url, _ := strings.Cut(c.request, " ")
			r := httptest.NewRequest(method, url, strings.NewReader(c.body))
			if c.header[0] != "" {
				r.Header.Set(c.header[0], c.header[1])
			}
			compare(t, buckets{}, r, bucketARN, c.want...)
		})
	}
}

func TestQueues(t *testing.T) {
	const arn = "arn:aws:sqs:us-east-1:000000000000:"
	for _, c := range []struct {
		target, body string
		want         []string
	}{
		{"AmazonSQS.SendMessage", `{"QueueUrl":"http://x/000000000000/clicks"}`, []string{"sqs:SendMessage clicks"}},
		{"AmazonSQS.DeleteMessageBatch", `{"QueueUrl":"http://x/000000000000/clicks"}`, []string{"sqs:DeleteMessage clicks"}},
		{"AmazonSQS.GetQueueUrl", `{"QueueName":"clicks"}`, []string{"sqs:GetQueueUrl clicks"}},
		{"AmazonSQS.ListQueues", `{}`, []string{"sqs:ListQueues *"}},
		{"", "Action=SendMessage", nil},
	} {
		t.Run(c.target, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(c.body))
			r.Header.Set("X-Amz-Target", c.target)
			compare(t, queues{arn: arn}, r, arn, c.want...)
		})
	}
}

func TestInvocations(t *testing.T) {
	const arn = "arn:aws:lambda:us-east-1:000000000000:function:"
	for _, c := range []struct {
		path string
		want []string
	}{
		{"/2015-03-31/functions/run/invocations", []string{"lambda:InvokeFunction run"}},
		{"/2015-03-31/functions/run/invocations?Qualifier=1", []string{"lambda:InvokeFunction run:1"}},
		{"/2015-03-31/functions/000000000000:function:run/invocations", []string{"lambda:InvokeFunction run"}},
		{"/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:run/invocations", []string{"lambda:InvokeFunction run"}},
		{"/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Arun/invocations", []string{"lambda:InvokeFunction arn:aws:lambda:eu-west-1:1:function:run"}},
		{"/2015-03-31/functions/", nil},
	} {
		t.Run(c.path, func(t *testing.T) {
			compare(t, functions{arn: arn}, httptest.NewRequest(http.MethodPost, c.path, nil), arn, c.want...)
		})
	}
}
