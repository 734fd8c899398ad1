package sources

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

// streamErrors are the errors in the API reference of DynamoDB Streams, for all calls, and the
// error of DynamoDB Local for a sequence number below the first one of a shard.
var streamErrors = []smithy.APIError{
	&types.TrimmedDataAccessException{}, &types.ExpiredIteratorException{}, &types.ResourceNotFoundException{},
	&types.InternalServerError{}, &types.LimitExceededException{}, &smithy.GenericAPIError{Code: "ValidationException"},
}

// TestStreamErrors fails each call once with each error. Every change is still delivered once, in order.
func TestStreamErrors(t *testing.T) {
	for _, step := range []struct {
		call string
		nth  int
	}{{"DescribeStream", 1}, {"GetShardIterator", 1}, {"GetRecords", 1}, {"GetRecords", 2}, {"DescribeStream", 3}} {
		for _, problem := range streamErrors {
			t.Run(fmt.Sprintf("%s %d %s", step.call, step.nth, problem.ErrorCode()), func(t *testing.T) {
				t.Parallel()
				stream, function := newFakeStream(), &follower{}
				stream.shards = append(stream.shards, &fakeShard{id: "s1", parent: "s0"})
				stream.put("s0", "a", "b")
				stream.put("s1", "c")
				calls := 0
				stream.fail = func(call string) error {
					if call == step.call {
						calls++
					}
					if call == step.call && calls == step.nth {
						return problem
					}
					return nil
				}
				f, stop := follow(t, Stream{BatchSize: 1}, "", function.options(stream))
				eventually(t, "the parent is delivered", func() bool { return f.mark.at("s0").After == "0002" })
				stream.change(func() { stream.shard("s0").closed = true })
				eventually(t, "the child is delivered", func() bool { return f.mark.at("s1").After == "1001" })
				stop()
				if d := cmp.Diff([]string{"a", "b", "c"}, function.got()); d != "" {
					t.Error(d)
				}
				if calls < step.nth {
					t.Errorf("%s was called %d times", step.call, calls)
				}
			})
		}
	}
}

// TestTrimmedShard reads a closed shard of which some changes were trimmed: the remaining changes
// are delivered, and then those of its child shards.
func TestTrimmedShard(t *testing.T) {
	for _, c := range []struct {
		name    string
		after   string // the last position in the parent
		records []string
		trimmed int
		always  error // the error of all GetRecords calls for the parent
		want    []string
	}{
		{"empty and trimmed", "", nil, 0, &types.TrimmedDataAccessException{}, []string{"x"}},
		{"delivered and trimmed", "0001", []string{"a"}, 0, &types.TrimmedDataAccessException{}, []string{"x"}},
		{"removed", "", []string{"a"}, 0, &types.ResourceNotFoundException{}, []string{"x"}},
		{"delivered and removed", "0001", []string{"a"}, 0, &types.ResourceNotFoundException{}, []string{"x"}},
		{"trimmed in part", "0001", []string{"a", "b", "c", "d"}, 2, nil, []string{"c", "d", "x"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			stream, function := newFakeStream(), &follower{}
			stream.put("s0", c.records...)
			stream.shards = append(stream.shards, &fakeShard{id: "s1", parent: "s0"})
			stream.shards[0].trimmed, stream.shards[0].closed = c.trimmed, true
			stream.put("s1", "x")
			file := filepath.Join(t.TempDir(), "mapping.json")
			if c.after != "" {
				mark, err := openCheckpoint(file)
				if err != nil || mark.begin("first", map[string]position{"s0": {After: c.after}}) != nil {
					t.Fatal(err)
				}
			}
			stream.shards[0].always = c.always
			f, stop := follow(t, Stream{BatchSize: 1}, file, function.options(stream))
			eventually(t, "the child is delivered", func() bool { return f.mark.at("s1").After == "1001" })
			stop()
			if d := cmp.Diff(c.want, function.got()); d != "" || !f.mark.at("s0").Done {
				t.Errorf("parent done: %t, -want +got:\n%s", f.mark.at("s0").Done, d)
			}
		})
	}
}

// TestTrimmedWhileReading: if a batch takes longer than a day, only the trimmed changes are lost.
func TestTrimmedWhileReading(t *testing.T) {
	stream, function := newFakeStream(), &follower{}
	stream.put("s0", "a", "b", "c", "d")
	stream.shards[0].closed = true
	function.answer = func(items, _ []string) string {
		if items[0] == "a" {
			stream.change(func() { stream.shards[0].trimmed = 3 })
		}
		return "{}"
	}
	f, stop := follow(t, Stream{BatchSize: 1}, "", function.options(stream))
	eventually(t, "the shard is done", func() bool { return f.mark.at("s0").Done })
	stop()
	if d := cmp.Diff([]string{"a", "d"}, function.got()); d != "" {
		t.Error(d)
	}
}

// TestNumbersBelowTheShard delivers changes with lower numbers than the first one of their shard, before
// and after a restart.
func TestNumbersBelowTheShard(t *testing.T) {
	stream, function := newFakeStream(), &follower{}
	stream.shards[0].high = true
	file := filepath.Join(t.TempDir(), "mapping.json")
	read := make(chan struct{}, 1000)
	stream.fail = func(call string) error {
		if call == "GetRecords" {
			read <- struct{}{}
		}
		return nil
	}
	f, stop := follow(t, Stream{}, file, function.options(stream))
	<-read
	<-read
	stream.put("s0", "a")
	eventually(t, "the first is delivered", func() bool { return f.mark.at("s0").After == "0001" })
	stop()
	stream.put("s0", "b")
	f, stop = follow(t, Stream{}, file, function.options(stream))
	eventually(t, "the second is delivered", func() bool { return f.mark.at("s0").After == "0002" })
	stop()
	if d := cmp.Diff([]string{"a", "b"}, function.got()); d != "" {
		t.Error(d)
	}
}
