package sns

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

const (
	alerts = "arn:aws:sns:us-east-1:000000000000:alerts"
	orders = "arn:aws:sns:us-east-1:000000000000:orders.fifo"
)

// world records all deliveries.
type world struct {
	letters []Letter
	events  []string
	mail    []string
	failure error
}

func start(t *testing.T, w *world, subscriptions ...Subscription) *awssns.Client {
	t.Helper()
	for i := range subscriptions {
		subscriptions[i].TopicARN = alerts
		if strings.HasSuffix(subscriptions[i].Endpoint, ".fifo") {
			subscriptions[i].TopicARN = orders
		}
		subscriptions[i].ARN = subscriptions[i].TopicARN + ":sub"
	}
	s, err := New(Options{
		Region: "us-east-1", Account: "000000000000", Subscriptions: subscriptions,
		Topics: []Topic{{ARN: alerts, Name: "alerts", DisplayName: "Minim, alerts"}, {ARN: orders, Name: "orders.fifo", FIFO: true, ContentBasedDeduplication: true}},
		Queue: func(_ context.Context, _ string, l Letter) error {
			w.letters = append(w.letters, l)
			return w.failure
		},
		Function: func(_ context.Context, _ string, event []byte) error {
			w.events = append(w.events, string(event))
			return nil
		},
		Mail: func(from, to, subject, text string) error {
			w.mail = append(w.mail, strings.Join([]string{from, to, subject, text}, "|"))
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return awssns.New(awssns.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
		Retryer: aws.NopRetryer{},
	})
}

// steady replaces values that differ in each run.
func steady(text string) string {
	text = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`).ReplaceAllString(text, "ID")
	text = regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z`).ReplaceAllString(text, "TIME")
	return strings.ReplaceAll(text, signature, "SIGNATURE")
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	want, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.TrimSpace(string(want)), strings.TrimSpace(steady(got))); d != "" {
		t.Errorf("%s: -want +got:\n%s", name, d)
	}
}

func attribute(kind, value string) types.MessageAttributeValue {
	return types.MessageAttributeValue{DataType: &kind, StringValue: &value}
}

// TestShapes checks the messages for each kind of subscriber, byte by byte.
func TestShapes(t *testing.T) {
	var w world
	c := start(t, &w, Subscription{Protocol: "sqs", Endpoint: "q"}, Subscription{Protocol: "sqs", Endpoint: "q", Raw: true},
		Subscription{Protocol: "lambda", Endpoint: "f"}, Subscription{Protocol: "email", Endpoint: "me@minim.example"}, Subscription{Protocol: "email-json", Endpoint: "me@minim.example"})
	in := &awssns.PublishInput{
		TopicArn: aws.String(alerts), Subject: aws.String("Disk <full>"), Message: aws.String(`{"disk":"/"} & more`),
		MessageAttributes: map[string]types.MessageAttributeValue{
			"level": attribute("Number", "3"), "key": {DataType: aws.String("Binary"), BinaryValue: []byte{1, 2}},
		},
	}
	receipt, err := c.Publish(t.Context(), in)
	if err != nil || receipt.MessageId == nil || !strings.Contains(w.events[0], `"MessageId":"`+*receipt.MessageId+`"`) {
		t.Fatalf("%+v, %v", receipt, err)
	}
	golden(t, "envelope.json", w.letters[0].Body)
	golden(t, "event.json", w.events[0])
	golden(t, "mail.txt", w.mail[0])
	if !strings.HasSuffix(w.mail[1], w.letters[0].Body) {
		t.Errorf("mail as JSON: %s", w.mail[1])
	}
	raw := Letter{Body: *in.Message, Attributes: map[string]Attribute{"level": {"Number", "3"}, "key": {"Binary", "AQI="}}}
	if d := cmp.Diff(raw, w.letters[1]); d != "" {
		t.Errorf("raw: -want +got:\n%s", d)
	}
	var event events.SNSEvent
	if err := json.Unmarshal([]byte(w.events[0]), &event); err != nil || event.Records[0].SNS.Subject != "Disk <full>" || event.Records[0].SNS.Timestamp.IsZero() {
		t.Errorf("%+v, %v", event, err)
	}

	w = world{}
	if _, err := c.Publish(t.Context(), &awssns.PublishInput{TargetArn: aws.String(alerts), Message: aws.String("plain")}); err != nil {
		t.Fatal(err)
	}
	golden(t, "envelope-plain.json", w.letters[0].Body)
	golden(t, "event-plain.json", w.events[0])
	if !strings.HasPrefix(w.mail[0], `"Minim, alerts" <no-reply@sns.amazonaws.com>|me@minim.example|AWS Notification Message|plain`) {
		t.Errorf("mail: %s", w.mail[0])
	}
}

// TestStructure publishes a message with a text for each protocol.
func TestStructure(t *testing.T) {
	var w world
	c := start(t, &w, Subscription{Protocol: "sqs", Endpoint: "q", Raw: true}, Subscription{Protocol: "lambda", Endpoint: "f"})
	if _, err := c.Publish(t.Context(), &awssns.PublishInput{
		TopicArn: aws.String(alerts), MessageStructure: aws.String("json"), Message: aws.String(`{"default":"for all","lambda":"for functions","http":3}`),
	}); err != nil {
		t.Fatal(err)
	}
	if w.letters[0].Body != "for all" || !strings.Contains(w.events[0], `"Message":"for functions"`) {
		t.Errorf("%+v", w)
	}
}

func TestFilters(t *testing.T) {
	for _, c := range []struct {
		filter, scope, message string
		attributes             map[string]types.MessageAttributeValue
		want                   bool
	}{
		{`{"kind":["a","b"]}`, "", "x", map[string]types.MessageAttributeValue{"kind": attribute("String", "b")}, true},
		{`{"kind":["a"]}`, "", "x", map[string]types.MessageAttributeValue{"kind": attribute("String", "b")}, false},
		{`{"kind":["a"]}`, "", "x", nil, false},
		{`{"kind":[{"prefix":"a"}],"n":[{"numeric":[">",2]}]}`, "", "x", map[string]types.MessageAttributeValue{"kind": attribute("String", "ab"), "n": attribute("Number", "3")}, true},
		{`{"kind":["a"]}`, "", "x", map[string]types.MessageAttributeValue{"kind": attribute("String.Array", `["c","a"]`)}, true},
		{`{"kind":[{"exists":false}]}`, "MessageAttributes", "x", nil, true},
		{`{"a":{"b":[1]}}`, "MessageBody", `{"a":{"b":1}}`, nil, true},
		{`{"a":{"b":[1]}}`, "MessageBody", `{"a":{"b":2}}`, nil, false},
		{`{"a":["x"]}`, "MessageBody", `not JSON`, nil, false},
		{`{}`, "", "x", nil, true},
	} {
		var w world
		client := start(t, &w, Subscription{Protocol: "sqs", Endpoint: "q", Filter: json.RawMessage(c.filter), FilterScope: c.scope})
		if _, err := client.Publish(t.Context(), &awssns.PublishInput{TopicArn: aws.String(alerts), Message: &c.message, MessageAttributes: c.attributes}); err != nil {
			t.Fatal(err)
		}
		if got := len(w.letters) == 1; got != c.want {
			t.Errorf("%s on %s %v: %t", c.filter, c.message, c.attributes, got)
		}
	}
}

func TestBatchAndOrder(t *testing.T) {
	var w world
	c := start(t, &w, Subscription{Protocol: "sqs", Endpoint: "q.fifo", Raw: true})
	out, err := c.PublishBatch(t.Context(), &awssns.PublishBatchInput{TopicArn: aws.String(orders), PublishBatchRequestEntries: []types.PublishBatchRequestEntry{
		{Id: aws.String("1"), Message: aws.String("one"), MessageGroupId: aws.String("g")},
		{Id: aws.String("2"), Message: aws.String("two")},
		{Id: aws.String("3"), Message: aws.String("three"), MessageGroupId: aws.String("g"), MessageDeduplicationId: aws.String("d")},
	}})
	if err != nil || len(out.Successful) != 2 || len(out.Failed) != 1 || *out.Failed[0].Id != "2" || !out.Failed[0].SenderFault {
		t.Fatalf("%+v, %v", out, err)
	}
	if *out.Successful[0].SequenceNumber >= *out.Successful[1].SequenceNumber {
		t.Errorf("sequence: %+v", out.Successful)
	}
	if len(w.letters) != 2 || w.letters[0].Group != "g" || len(w.letters[0].Deduplication) != 64 || w.letters[1].Deduplication != "d" {
		t.Errorf("letters: %+v", w.letters)
	}
}

// TestRefusals checks that errors are those of AWS.
func TestRefusals(t *testing.T) {
	w := world{failure: errors.New("the queue is away")}
	c := start(t, &w, Subscription{Protocol: "sqs", Endpoint: "q"})
	for _, q := range []struct {
		in          awssns.PublishInput
		code, about string
	}{
		{awssns.PublishInput{Message: aws.String("x")}, "InvalidParameter", "no value"},
		{awssns.PublishInput{Message: aws.String("x"), TopicArn: aws.String("alerts")}, "InvalidParameter", "TopicArn"},
		{awssns.PublishInput{Message: aws.String("x"), TopicArn: aws.String(alerts + "2")}, "NotFound", "Topic does not exist"},
		{awssns.PublishInput{Message: aws.String(""), TopicArn: aws.String(alerts)}, "InvalidParameter", "Empty message"},
		{awssns.PublishInput{Message: aws.String(strings.Repeat("x", 256<<10+1)), TopicArn: aws.String(alerts)}, "InvalidParameter", "too long"},
		{awssns.PublishInput{Message: aws.String("x"), Subject: aws.String("a\nb"), TopicArn: aws.String(alerts)}, "InvalidParameter", "Subject"},
		{awssns.PublishInput{Message: aws.String("x"), MessageStructure: aws.String("json"), TopicArn: aws.String(alerts)}, "InvalidParameter", "failed to parse"},
		{awssns.PublishInput{Message: aws.String("{}"), MessageStructure: aws.String("json"), TopicArn: aws.String(alerts)}, "InvalidParameter", "No default"},
		{awssns.PublishInput{Message: aws.String("x"), PhoneNumber: aws.String("+1")}, "InvalidParameter", "PhoneNumber"},
		{awssns.PublishInput{Message: aws.String("x"), TopicArn: aws.String(orders)}, "InvalidParameter", "MessageGroupId"},
		{awssns.PublishInput{Message: aws.String("x"), TopicArn: aws.String(alerts), MessageAttributes: map[string]types.MessageAttributeValue{"n": attribute("Number", "ten")}}, "ParameterValueInvalid", "number"},
		{awssns.PublishInput{Message: aws.String("x"), TopicArn: aws.String(alerts), MessageAttributes: map[string]types.MessageAttributeValue{"n": attribute("Text", "ten")}}, "ParameterValueInvalid", "type"},
		{awssns.PublishInput{Message: aws.String("x"), TopicArn: aws.String(alerts)}, "InternalError", "the queue is away"},
	} {
		_, err := c.Publish(t.Context(), &q.in)
		wants(t, err, q.code, q.about)
	}
	_, err := c.CreateTopic(t.Context(), &awssns.CreateTopicInput{Name: aws.String("other")})
	wants(t, err, "InvalidAction", "of the template")
	_, err = c.ListSubscriptionsByTopic(t.Context(), &awssns.ListSubscriptionsByTopicInput{TopicArn: aws.String(alerts + "2")})
	wants(t, err, "NotFound", "Topic")
}

func wants(t *testing.T, err error, code, about string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || !strings.HasPrefix(api.ErrorCode(), code) || !strings.Contains(api.ErrorMessage(), about) {
		t.Errorf("got %v, want %s about %q", err, code, about)
	}
}

func TestLists(t *testing.T) {
	c := start(t, &world{}, Subscription{Protocol: "sqs", Endpoint: "q", Filter: json.RawMessage(`{"a":["<"]}`)}, Subscription{Protocol: "sqs", Endpoint: "q.fifo"})
	topics, err := c.ListTopics(t.Context(), &awssns.ListTopicsInput{})
	if err != nil || len(topics.Topics) != 2 || *topics.Topics[1].TopicArn != orders {
		t.Errorf("%+v, %v", topics, err)
	}
	all, err := c.ListSubscriptions(t.Context(), &awssns.ListSubscriptionsInput{})
	if err != nil || len(all.Subscriptions) != 2 {
		t.Errorf("%+v, %v", all, err)
	}
	some, err := c.ListSubscriptionsByTopic(t.Context(), &awssns.ListSubscriptionsByTopicInput{TopicArn: aws.String(alerts)})
	if err != nil || len(some.Subscriptions) != 1 || *some.Subscriptions[0].Endpoint != "q" || *some.Subscriptions[0].Protocol != "sqs" {
		t.Errorf("%+v, %v", some, err)
	}
	topic, err := c.GetTopicAttributes(t.Context(), &awssns.GetTopicAttributesInput{TopicArn: aws.String(alerts)})
	if err != nil || topic.Attributes["SubscriptionsConfirmed"] != "1" || topic.Attributes["DisplayName"] != "Minim, alerts" {
		t.Errorf("%+v, %v", topic, err)
	}
	sub, err := c.GetSubscriptionAttributes(t.Context(), &awssns.GetSubscriptionAttributesInput{SubscriptionArn: some.Subscriptions[0].SubscriptionArn})
	if err != nil || sub.Attributes["FilterPolicy"] != `{"a":["<"]}` || sub.Attributes["RawMessageDelivery"] != "false" {
		t.Errorf("%+v, %v", sub, err)
	}
}

// TestMistakes checks mistakes in templates.
func TestMistakes(t *testing.T) {
	for want, sub := range map[string]Subscription{
		"is not a topic of the stack":        {TopicARN: "x", Protocol: "sqs"},
		`"https" is not supported`:           {TopicARN: alerts, Protocol: "https"},
		"delivers to queues only":            {TopicARN: orders, Protocol: "lambda"},
		"neither MessageAttributes nor":      {TopicARN: alerts, Protocol: "sqs", FilterScope: "Message"},
		"FilterPolicy: ":                     {TopicARN: alerts, Protocol: "sqs", Filter: json.RawMessage(`{"a":"x"}`)},
		"FilterPolicy: a pattern is an obje": {TopicARN: alerts, Protocol: "sqs", Filter: json.RawMessage(`[]`)},
	} {
		sub.ARN = "the-subscription"
		_, err := New(Options{Topics: []Topic{{ARN: alerts}, {ARN: orders, FIFO: true}}, Subscriptions: slices.Clone([]Subscription{sub})})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "the-subscription: ") {
			t.Errorf("%+v: %v", sub, err)
		}
	}
}
