package sqs

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestQuery converts forms to JSON, and JSON to XML.
func TestQuery(t *testing.T) {
	for _, c := range []struct {
		name, path, form      string
		action, asked, answer string
		want                  string
	}{
		{
			"send", "/", "Action=SendMessage&Version=2012-11-05&QueueUrl=http://x/0/q&MessageBody=a+%26+b&DelaySeconds=2&MessageAttribute.1.Name=n&MessageAttribute.1.Value.DataType=Number&MessageAttribute.1.Value.StringValue=1",
			"SendMessage", `{"DelaySeconds":2,"MessageAttributes":{"n":{"DataType":"Number","StringValue":"1"}},"MessageBody":"a \u0026 b","QueueUrl":"http://x/0/q"}`,
			`{"MessageId":"m","MD5OfMessageBody":"<5>"}`,
			`<SendMessageResult><MD5OfMessageBody>&lt;5&gt;</MD5OfMessageBody><MessageId>m</MessageId></SendMessageResult>`,
		},
		{
			"batch, by the path", "/0/q", "Action=SendMessageBatch&SendMessageBatchRequestEntry.2.Id=b&SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageAttribute.1.Name=n&SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType=String",
			"SendMessageBatch", `{"Entries":[{"Id":"a","MessageAttributes":{"n":{"DataType":"String"}}},{"Id":"b"}],"QueueUrl":"/0/q"}`,
			`{"Successful":[{"Id":"a"}],"Failed":[{"Id":"b","SenderFault":true}]}`,
			`<SendMessageBatchResult><BatchResultErrorEntry><Id>b</Id><SenderFault>true</SenderFault></BatchResultErrorEntry><SendMessageBatchResultEntry><Id>a</Id></SendMessageBatchResultEntry></SendMessageBatchResult>`,
		},
		{
			"receive", "/", "Action=ReceiveMessage&QueueUrl=u&AttributeName.1=All&MessageAttributeName.1=n&WaitTimeSeconds=0",
			"ReceiveMessage", `{"AttributeNames":["All"],"MessageAttributeNames":["n"],"QueueUrl":"u","WaitTimeSeconds":0}`,
			`{"Messages":[{"Body":"x","Attributes":{"SenderId":"s"},"MessageAttributes":{"n":{"DataType":"Number","StringValue":"1"}}}]}`,
			`<ReceiveMessageResult><Message><Attribute><Name>SenderId</Name><Value>s</Value></Attribute><Body>x</Body>` +
				`<MessageAttribute><Name>n</Name><Value><DataType>Number</DataType><StringValue>1</StringValue></Value></MessageAttribute></Message></ReceiveMessageResult>`,
		},
		{
			"create", "/", "Action=CreateQueue&QueueName=q&Attribute.1.Name=DelaySeconds&Attribute.1.Value=5&Tag.1.Key=k&Tag.1.Value=v",
			"CreateQueue", `{"Attributes":{"DelaySeconds":"5"},"QueueName":"q","Tags":{"k":"v"}}`,
			`{"QueueUrl":"u"}`, `<CreateQueueResult><QueueUrl>u</QueueUrl></CreateQueueResult>`,
		},
		{"list", "/", "Action=ListQueues", "ListQueues", `{}`, `{"QueueUrls":["a","b"]}`, `<ListQueuesResult><QueueUrl>a</QueueUrl><QueueUrl>b</QueueUrl></ListQueuesResult>`},
		{"nothing to say", "/", "Action=DeleteMessage&QueueUrl=u&ReceiptHandle=h", "DeleteMessage", `{"QueueUrl":"u","ReceiptHandle":"h"}`, ``, `<DeleteMessageResult></DeleteMessageResult>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			handler := Query(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked, _ := io.ReadAll(r.Body)
				if target := r.Header.Get("X-Amz-Target"); target != "AmazonSQS."+c.action {
					t.Errorf("target: %s", target)
				}
				if d := cmp.Diff(c.asked, string(asked)); d != "" {
					t.Errorf("asked: -want +got:\n%s", d)
				}
				_, _ = io.WriteString(w, c.answer)
			}))
			status, text := submit(handler, c.path, c.form)
			text = regexp.MustCompile(`<ResponseMetadata>.*</ResponseMetadata>`).ReplaceAllString(text, "")
			want := "<" + c.action + `Response xmlns="http://queue.amazonaws.com/doc/2012-11-05/">` + c.want + "</" + c.action + "Response>"
			if d := cmp.Diff(want, text); d != "" || status != http.StatusOK {
				t.Errorf("%d -want +got:\n%s", status, d)
			}
		})
	}
}

func submit(handler http.Handler, path, form string) (status int, text string) {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// TestQueryErrors checks that errors have the status and the old code.
func TestQueryErrors(t *testing.T) {
	for _, c := range []struct{ header, body, want string }{
		{"AWS.SimpleQueueService.NonExistentQueue;Sender", `{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"no <queue>"}`, `<Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>no &lt;queue&gt;</Message>`},
		{"", `{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"not you"}`, `<Code>AccessDeniedException</Code><Message>not you</Message>`},
	} {
		status, text := submit(Query(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if c.header != "" {
				w.Header().Set("X-Amzn-Query-Error", c.header)
			}
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, c.body)
		})), "/", "Action=GetQueueUrl&QueueName=q")
		if status != http.StatusBadRequest || !strings.Contains(text, c.want) {
			t.Errorf("%d %s\nwant %s", status, text, c.want)
		}
	}
}

func FuzzQuery(f *testing.F) {
	for _, form := range []string{"Action=SendMessage&QueueUrl=u", "A.1.B=c&A.x=1&A.1=2", "DelaySeconds=x&BatchRequestEntry.1.BatchRequestEntry.1=2"} {
		f.Add(form)
	}
	handler := Query(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }))
	f.Fuzz(func(t *testing.T, form string) {
		submit(handler, "/", form) // must not panic
	})
}
