package sources

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	"github.com/aws/smithy-go"
)

// fakeStream is a fake stream. Tests add the shards and changes.
type fakeStream struct {
	mu     sync.Mutex
	arn    string
	shards []*fakeShard
	// fail, if set, may return an error for a call, by its name.
	fail func(call string) error
}

type fakeShard struct {
	id, parent string
	records    []types.Record
	trimmed    int // number of trimmed records
	closed     bool
	expired    bool  // the next read fails
	always     error // the error of all reads
	// high makes the shard begin with a higher number than its first records, as in DynamoDB Local: an
	// iterator that was created while the shard was empty skips them.
	high bool
}

// passing is the position of an iterator that skips all changes.
const passing = 1 << 30

// newFakeStream returns a stream with one open shard, s0.
func newFakeStream() *fakeStream {
	return &fakeStream{arn: "first", shards: []*fakeShard{{id: "s0"}}}
}

// put adds changes of items to a shard, with increasing sequence numbers.
func (s *fakeStream) put(shard string, items ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.shard(shard)
	for _, item := range items {
		number := fmt.Sprintf("%s%03d", shard[1:], len(f.records)+1)
		f.records = append(f.records, types.Record{
			EventID: aws.String("11111111-2222-3333-4444-555555555555"), EventName: types.OperationTypeInsert,
			EventVersion: aws.String("1.1"), EventSource: aws.String("aws:dynamodb"), AwsRegion: aws.String("ddblocal"),
			Dynamodb: &types.StreamRecord{
				ApproximateCreationDateTime: aws.Time(time.Now().Truncate(time.Second)), SequenceNumber: &number,
				SizeBytes: aws.Int64(9), StreamViewType: types.StreamViewTypeNewImage,
				Keys:     map[string]types.AttributeValue{"k": &types.AttributeValueMemberS{Value: item}},
				NewImage: map[string]types.AttributeValue{"k": &types.AttributeValueMemberS{Value: item}, "n": &types.AttributeValueMemberN{Value: "1"}},
			},
		})
	}
}

func (s *fakeStream) change(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *fakeStream) shard(id string) *fakeShard {
	i := slices.IndexFunc(s.shards, func(f *fakeShard) bool { return f.id == id })
	if i < 0 {
		return nil
	}
	return s.shards[i]
}

func (s *fakeStream) iterator(f *fakeShard, at int) *string {
	return aws.String(s.arn + "/" + f.id + "/" + strconv.Itoa(at))
}

// failure returns the error for a call, or nil. The caller holds mu.
func (s *fakeStream) failure(call string) error {
	if s.fail == nil {
		return nil
	}
	return s.fail(call)
}

func (s *fakeStream) DescribeStream(_ context.Context, in *dynamodbstreams.DescribeStreamInput, _ ...func(*dynamodbstreams.Options)) (*dynamodbstreams.DescribeStreamOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.failure("DescribeStream"); err != nil {
		return nil, err
	}
	d := &types.StreamDescription{}
	for i, f := range s.shards { // one shard per page
		if in.ExclusiveStartShardId == nil && i == 0 || i > 0 && s.shards[i-1].id == aws.ToString(in.ExclusiveStartShardId) {
			shard := types.Shard{ShardId: &f.id, ParentShardId: &f.parent, SequenceNumberRange: &types.SequenceNumberRange{}}
			if f.closed {
				shard.SequenceNumberRange.EndingSequenceNumber = aws.String("end")
			}
			d.Shards = []types.Shard{shard}
			if i < len(s.shards)-1 {
				d.LastEvaluatedShardId = &f.id
			}
		}
	}
	return &dynamodbstreams.DescribeStreamOutput{StreamDescription: d}, nil
}

func (s *fakeStream) GetShardIterator(_ context.Context, in *dynamodbstreams.GetShardIteratorInput, _ ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetShardIteratorOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.failure("GetShardIterator"); err != nil {
		return nil, err
	}
	f := s.shard(*in.ShardId)
	if f == nil || *in.StreamArn != s.arn {
		return nil, &types.ResourceNotFoundException{}
	}
	at := f.trimmed
	if f.high && len(f.records) == 0 {
		at = passing
	}
	if in.ShardIteratorType == types.ShardIteratorTypeAfterSequenceNumber {
		if f.high {
			return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: "Invalid SequenceNumber for the shard"}
		}
		at = 1 + slices.IndexFunc(f.records, func(r types.Record) bool { return *r.Dynamodb.SequenceNumber == *in.SequenceNumber })
	}
	return &dynamodbstreams.GetShardIteratorOutput{ShardIterator: s.iterator(f, at)}, nil
}

func (s *fakeStream) GetRecords(ctx context.Context, in *dynamodbstreams.GetRecordsInput, _ ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetRecordsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.failure("GetRecords"); err != nil {
		return nil, err
	}
	place := strings.Split(*in.ShardIterator, "/")
	at, _ := strconv.Atoi(place[2])
	f := s.shard(place[1])
	if f == nil || place[0] != s.arn {
		return nil, &types.ResourceNotFoundException{}
	}
	if f.always != nil {
		return nil, f.always
	}
	if at < f.trimmed {
		return nil, &types.TrimmedDataAccessException{}
	}
	if f.expired {
		f.expired = false
		return nil, &types.ExpiredIteratorException{}
	}
	if at == passing {
		return &dynamodbstreams.GetRecordsOutput{NextShardIterator: in.ShardIterator}, ctx.Err()
	}
	end := min(len(f.records), at+int(*in.Limit))
	out := &dynamodbstreams.GetRecordsOutput{Records: f.records[at:end], NextShardIterator: s.iterator(f, end)}
	if f.closed && end == len(f.records) {
		out.NextShardIterator = nil
	}
	return out, ctx.Err()
}

// follower is a fake function that records changes and returns the answers of the test.
type follower struct {
	mu       sync.Mutex
	batches  [][]string // items of each invocation
	reported [][]byte   // records for the destination
	running  int
	most     int // concurrent invocations
	// answer returns the answer for a batch, or an error if it begins with "!".
	answer func(items, sequences []string) string
}

func (f *follower) invoke(ctx context.Context, _ string, payload []byte) (Invocation, error) {
	var event struct {
		Records []struct {
			DynamoDB struct {
				Keys           map[string]map[string]string
				SequenceNumber string
			}
		}
	}
	if err := json.Unmarshal(payload, &event); err != nil {
		return Invocation{}, err
	}
	var items, sequences []string
	for _, r := range event.Records {
		items, sequences = append(items, r.DynamoDB.Keys["k"]["S"]), append(sequences, r.DynamoDB.SequenceNumber)
	}
	f.mu.Lock()
	f.batches = append(f.batches, items)
	f.running++
	f.most = max(f.most, f.running)
	f.mu.Unlock()
	pause(ctx, time.Millisecond)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.running--
	answer := "{}"
	if f.answer != nil {
		answer = f.answer(items, sequences)
	}
	if message, failed := strings.CutPrefix(answer, "!"); failed {
		return Invocation{RequestID: "request", Answer: []byte(message), FunctionError: "Unhandled"}, nil
	}
	return Invocation{RequestID: "request", Answer: []byte(answer)}, nil
}

func (f *follower) send(_ context.Context, _ string, body []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reported = append(f.reported, body)
	return nil
}

// got returns the batches so far, with their items joined.
func (f *follower) got() (all []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, batch := range f.batches {
		all = append(all, strings.Join(batch, ""))
	}
	return all
}

func (f *follower) options(s *fakeStream) StreamOptions {
	return StreamOptions{
		Client: s, Region: "us-east-1", Invoke: f.invoke, Send: f.send, TimeScale: 1000, Logger: silent(),
		Find: func(context.Context, string) (string, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.arn, nil
		},
	}
}

// follow starts to serve a mapping. The returned function stops it.
func follow(t *testing.T, m Stream, file string, o StreamOptions) (f *Follower, stop func()) {
	t.Helper()
	if file == "" {
		file = filepath.Join(t.TempDir(), "mapping.json")
	}
	m.ID, m.Table, m.Function, m.ARN, m.FunctionARN = "Mapping", "table", "function", "arn:stream", "arn:function"
	f, err := NewFollower(m, file, o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); f.Serve(ctx) }()
	stop = sync.OnceFunc(func() { cancel(); <-ended })
	t.Cleanup(stop)
	return f, stop
}
