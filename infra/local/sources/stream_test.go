package sources

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/infra/local/pattern"
)

// failing returns the answer of a function that fails for an item, for the whole batch or with its sequence number.
func failing(item string, partial bool) func(items, sequences []string) string {
	return func(items, sequences []string) string {
		at := slices.Index(items, item)
		switch {
		case at < 0:
			return `{"batchItemFailures":[]}`
		case partial:
			return `{"batchItemFailures":[{"itemIdentifier":"` + sequences[at] + `"}]}`
		}
		return `!{"errorMessage":"` + item + `"}`
	}
}

// TestDelivery checks the deliveries of the batch abcdef, in which an item may fail.
func TestDelivery(t *testing.T) {
	const partly = `{"batchItemFailures":[{"itemIdentifier":%q}]}`
	always := func(answer string) func(_, _ []string) string {
		return func(_, _ []string) string { return answer }
	}
	for _, c := range []struct {
		name     string
		mapping  Stream
		answer   func(items, sequences []string) string
		batches  []string
		reported string // first, last and count of each discarded batch
	}{
		{"good", Stream{}, nil, []string{"abcdef"}, ""},
		{"small batches", Stream{BatchSize: 4}, nil, []string{"abcd", "ef"}, ""},
		{"fails for good", Stream{Retries: 2}, failing("c", false), []string{"abcdef", "abcdef", "abcdef"}, "0001 0006 6 x3"},
		{"no retries", Stream{Retries: 0}, failing("c", false), []string{"abcdef"}, "0001 0006 6 x1"},
		{"halved to the poison", Stream{Retries: 1, Bisect: true}, failing("c", false),
			[]string{"abcdef", "abc", "a", "bc", "b", "c", "c", "def"}, "0003 0003 1 x2"},
		{"partly", Stream{Retries: 2, PartialFailures: true}, failing("c", true), []string{"abcdef", "cdef", "cdef"}, "0003 0006 4 x3"},
		{"partly, and halved", Stream{Retries: 1, PartialFailures: true, Bisect: true}, failing("c", true),
			[]string{"abcdef", "cdef", "cd", "c", "c", "d", "ef"}, "0003 0003 1 x2"},
		{"the lowest of several", Stream{Retries: 0, PartialFailures: true},
			always(`{"batchItemFailures":[{"itemIdentifier":"0005"},{"itemIdentifier":"0002"}]}`), []string{"abcdef"}, "0002 0006 5 x1"},
		{"an unknown number", Stream{Retries: 0, PartialFailures: true}, always(fmt.Sprintf(partly, "0009")), []string{"abcdef"}, "0001 0006 6 x1"},
		{"an empty number", Stream{Retries: 0, PartialFailures: true}, always(fmt.Sprintf(partly, "")), []string{"abcdef"}, "0001 0006 6 x1"},
		{"another name", Stream{Retries: 0, PartialFailures: true}, always(`{"batchItemFailures":[{"id":"0002"}]}`), []string{"abcdef"}, "0001 0006 6 x1"},
		{"null", Stream{PartialFailures: true}, always(`null`), []string{"abcdef"}, ""},
		{"not asked for", Stream{}, always(fmt.Sprintf(partly, "0002")), []string{"abcdef"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			stream, function := newFakeStream(), &follower{answer: c.answer}
			stream.put("s0", strings.Split("abcdef", "")...)
			c.mapping.OnFailure = "arn:queue"
			f, stop := follow(t, c.mapping, "", function.options(stream))
			eventually(t, "all is delivered", func() bool { return f.mark.at("s0").After == "0006" })
			stop()
			if d := cmp.Diff(c.batches, function.got()); d != "" {
				t.Errorf("batches -want +got:\n%s", d)
			}
			var reported []string
			for _, text := range function.reported {
				var record failedBatch
				if err := json.Unmarshal(text, &record); err != nil {
					t.Fatal(err)
				}
				reported = append(reported, fmt.Sprintf("%s %s %d x%d", record.Batch.First, record.Batch.Last, record.Batch.Size, record.RequestContext.InvokeCount))
			}
			if got := strings.Join(reported, ", "); got != c.reported {
				t.Errorf("reported %q, want %q", got, c.reported)
			}
		})
	}
}

// TestFailedBatch checks all fields of a record for a destination.
func TestFailedBatch(t *testing.T) {
	at := time.Date(2026, 11, 21, 6, 7, 8, 9_000_000, time.UTC)
	d := delivery{
		reader:   &reader{Follower: &Follower{Stream: Stream{ARN: "arn:stream", FunctionARN: "arn:function"}}, shard: "s0"},
		attempts: 3, last: &Invocation{RequestID: "request", FunctionError: "Unhandled"},
	}
	batch := []*change{{sequence: "1", created: at}, {sequence: "2", created: at.Add(time.Second)}}
	const want = `{"requestContext":{"requestId":"request","functionArn":"arn:function","condition":"RetryAttemptsExhausted","approximateInvokeCount":3},` +
		`"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},"version":"1.0","timestamp":"2026-11-21T06:07:08.009Z",` +
		`"DDBStreamBatchInfo":{"shardId":"s0","startSequenceNumber":"1","endSequenceNumber":"2","approximateArrivalOfFirstRecord":"2026-11-21T06:07:08Z",` +
		`"approximateArrivalOfLastRecord":"2026-11-21T06:07:09Z","batchSize":2,"streamArn":"arn:stream"}}`
	if d := cmp.Diff(want, string(d.failed(batch, retriesExhausted, at))); d != "" {
		t.Error(d)
	}
	d.last = nil // the function never ran
	if got := string(d.failed(batch, recordAgeExceeded, at)); strings.Contains(got, "responseContext") || !strings.Contains(got, "RecordAgeExceeded") {
		t.Error(got)
	}
}

// TestChange checks all fields of the event of a record.
func TestChange(t *testing.T) {
	f := &Follower{Stream: Stream{ARN: "arn:stream"}, o: StreamOptions{Region: "us-east-1"}}
	c, err := f.change(types.Record{
		EventID: aws.String("1627f871-27dc-44b9-9e15-321ecaecf0b6"), EventName: types.OperationTypeRemove,
		EventVersion: aws.String("1.1"), EventSource: aws.String("aws:dynamodb"), AwsRegion: aws.String("ddblocal"),
		UserIdentity: &types.Identity{Type: aws.String("Service"), PrincipalId: aws.String("dynamodb.amazonaws.com")},
		Dynamodb: &types.StreamRecord{
			ApproximateCreationDateTime: aws.Time(time.Unix(1795241640, 0)), SequenceNumber: aws.String("000000000000000000005"),
			SizeBytes: aws.Int64(17), StreamViewType: types.StreamViewTypeNewAndOldImages,
			Keys:     map[string]types.AttributeValue{"k": &types.AttributeValueMemberS{Value: "<a&b>"}},
			OldImage: map[string]types.AttributeValue{"b": &types.AttributeValueMemberB{Value: []byte{0, 1, 2}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"eventID":"1627f87127dc44b99e15321ecaecf0b6","eventName":"REMOVE","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1",` +
		`"dynamodb":{"ApproximateCreationDateTime":1795241640,"Keys":{"k":{"S":"\u003ca\u0026b\u003e"}},"OldImage":{"b":{"B":"AAEC"}},` +
		`"SequenceNumber":"000000000000000000005","SizeBytes":17,"StreamViewType":"NEW_AND_OLD_IMAGES"},` +
		`"userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"},"eventSourceARN":"arn:stream"}`
	if d := cmp.Diff(want, string(c.event)); d != "" {
		t.Error(d)
	}
}

// TestRestart continues from the file, and starts again if the stream is a new one.
func TestRestart(t *testing.T) {
	stream, function := newFakeStream(), &follower{}
	file := filepath.Join(t.TempDir(), "streams", "mapping.json")
	stream.put("s0", "a", "b")
	f, stop := follow(t, Stream{}, file, function.options(stream))
	eventually(t, "two are delivered", func() bool { return f.mark.at("s0").After == "0002" })
	stop()
	stream.put("s0", "c")
	f, stop = follow(t, Stream{}, file, function.options(stream))
	eventually(t, "the third is delivered", func() bool { return f.mark.at("s0").After == "0003" })
	stop()
	stream.change(func() { stream.shard("s0").trimmed = 4 })
	stream.put("s0", "lost", "d")
	f, stop = follow(t, Stream{}, file, function.options(stream))
	eventually(t, "what is left is delivered", func() bool { return f.mark.at("s0").After == "0005" })
	state := f.State()
	if len(state.Shards) != 1 || state.Shards[0].After != "0005" || state.Batches != 1 || state.Last != "OK" {
		t.Errorf("state: %+v", state)
	}
	stream.change(func() { stream.arn, stream.shards = "second", []*fakeShard{{id: "s0"}} })
	stream.put("s0", "e") // then the table is recreated
	eventually(t, "the new stream is delivered", func() bool { return f.mark.stream() == "second" && f.mark.at("s0").After == "0001" })
	stop()
	if d := cmp.Diff([]string{"ab", "c", "d", "e"}, function.got()); d != "" {
		t.Error(d)
	}
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := NewFollower(Stream{}, file, StreamOptions{}); err == nil || !strings.Contains(err.Error(), file+" is damaged; remove it") {
		t.Error(err)
	}
	if err := DeleteOthers(filepath.Dir(file), map[string]bool{}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the checkpoint is still there")
	}
}

// TestLatest skips only the changes from before the mapping was created, even if the
// function cannot run at first.
func TestLatest(t *testing.T) {
	stream, function := newFakeStream(), &follower{}
	file := filepath.Join(t.TempDir(), "mapping.json")
	stream.put("s0", "old", "older")
	f, stop := follow(t, Stream{Latest: true}, file, function.options(stream))
	eventually(t, "it has begun", func() bool { return f.mark.at("s0").After == "0002" })
	stop()
	stream.put("s0", "new")
	f, _ = follow(t, Stream{Latest: true}, file, function.options(stream))
	eventually(t, "the new one is delivered", func() bool { return f.mark.at("s0").After == "0003" })
	if d := cmp.Diff([]string{"new"}, function.got()); d != "" {
		t.Error(d)
	}
}

// TestShards reads the children of a shard after the shard is finished.
func TestShards(t *testing.T) {
	stream, function := newFakeStream(), &follower{}
	stream.shards = []*fakeShard{{id: "s0", expired: true}, {id: "s1", parent: "s0"}, {id: "s2", parent: "s0"}, {id: "s3", parent: "trimmed"}}
	stream.put("s0", "a", "b")
	stream.put("s1", "c")
	stream.put("s2", "c")
	stream.put("s3", "x")
	f, _ := follow(t, Stream{BatchSize: 1}, "", function.options(stream))
	eventually(t, "the parent is delivered", func() bool { return f.mark.at("s0").After == "0002" && f.mark.at("s3").After == "3001" })
	if got := function.got(); slices.Contains(got, "c") {
		t.Errorf("too early: %v", got)
	}
	stream.change(func() { stream.shard("s0").closed = true })
	eventually(t, "the children are delivered", func() bool { return f.mark.at("s1").After == "1001" && f.mark.at("s2").After == "2001" })
	if !f.mark.at("s0").Done {
		t.Error("the parent is not done")
	}
	stream.change(func() { stream.shards = stream.shards[1:] })
	eventually(t, "the parent is trimmed", func() bool { return !f.mark.at("s0").Done })
}

func TestStreamFilters(t *testing.T) {
	filter, err := pattern.Parse(`{"eventName":["INSERT"],"dynamodb":{"Keys":{"k":{"S":[{"prefix":"y"}]}}}}`)
	if err != nil {
		t.Fatal(err)
	}
	stream, function := newFakeStream(), &follower{}
	stream.put("s0", "no", "yes", "n", "yep", "nope")
	f, _ := follow(t, Stream{Filters: []*pattern.Pattern{filter}}, "", function.options(stream))
	eventually(t, "all are done with", func() bool { return f.mark.at("s0").After == "0005" })
	if d := cmp.Diff([]string{"yesyep"}, function.got()); d != "" {
		t.Error(d)
	}
}

// TestAge discards changes that are too old, whether or not they were attempted.
func TestAge(t *testing.T) {
	stream, function := newFakeStream(), &follower{answer: failing("b", false)}
	stream.put("s0", "a", "b")
	stream.shards[0].records[0].Dynamodb.ApproximateCreationDateTime = aws.Time(time.Now().Add(-time.Hour))
	options := function.options(stream)
	options.TimeScale = 100
	f, _ := follow(t, Stream{MaxAge: 10 * time.Second, Retries: -1, OnFailure: "arn:queue"}, "", options)
	eventually(t, "both are given up", func() bool { return f.mark.at("s0").After == "0002" })
	function.mu.Lock()
	defer function.mu.Unlock()
	if len(function.reported) != 2 || !strings.Contains(string(function.reported[1]), "RecordAgeExceeded") || len(function.batches) < 2 {
		t.Errorf("reported %s after %v", function.reported, function.batches)
	}
	if slices.ContainsFunc(function.batches, func(b []string) bool { return slices.Contains(b, "a") }) {
		t.Error("the old one was tried")
	}
}

// TestParallel delivers several batches of a shard concurrently, and still preserves the
// order of an item's changes.
func TestParallel(t *testing.T) {
	stream, function := newFakeStream(), &follower{}
	var last []string
	for i := range 120 {
		stream.put("s0", string(rune('a'+i%12)))
	}
	last = append(last, *stream.shards[0].records[119].Dynamodb.SequenceNumber)
	seen := map[string]string{}
	function.answer = func(items, sequences []string) string {
		for i, item := range items {
			if sequences[i] <= seen[item] {
				return "!out of order"
			}
			seen[item] = sequences[i]
		}
		return "{}"
	}
	f, _ := follow(t, Stream{Parallel: 4, BatchSize: 10}, "", function.options(stream))
	eventually(t, "all are delivered", func() bool { return f.mark.at("s0").After == last[0] })
	if function.most < 2 || function.most > 4 {
		t.Errorf("%d at once", function.most)
	}
	if result := f.State().Last; result != "OK" {
		t.Error(result)
	}
}

// TestWindow collects the changes within the window.
func TestWindow(t *testing.T) {
	stream, function := newFakeStream(), &follower{}
	stream.put("s0", "a")
	f, _ := follow(t, Stream{Window: 2 * time.Second}, "", function.options(stream))
	eventually(t, "it is read", func() bool { s := f.State().Shards; return len(s) == 1 && s[0].Waiting == 1 })
	stream.put("s0", "b")
	eventually(t, "both are delivered", func() bool { return f.mark.at("s0").After == "0002" })
	if d := cmp.Diff([]string{"ab"}, function.got()); d != "" {
		t.Error(d)
	}
}

// TestTwice delivers each batch twice, and then continues.
func TestTwice(t *testing.T) {
	stream, function := newFakeStream(), &follower{}
	stream.put("s0", "a", "b")
	options := function.options(stream)
	options.Duplicate = 1
	f, _ := follow(t, Stream{BatchSize: 1}, "", options)
	eventually(t, "both are delivered", func() bool { return f.mark.at("s0").After == "0002" })
	if d := cmp.Diff([]string{"a", "a", "b", "b"}, function.got()); d != "" {
		t.Error(d)
	}
}
