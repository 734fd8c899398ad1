package sources

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/minim-dev/minim/infra/local/pattern"
)

// Stream is an event source mapping from the stream of a table to a function.
type Stream struct {
	ID       string // the mapping's logical ID
	ARN      string // the stream's ARN in events
	Table    string
	Function string
	// FunctionARN identifies the function in records of failed batches.
	FunctionARN string
	// Latest means to skip changes from before the mapping was created. Otherwise it starts with the oldest change.
	Latest bool
	// BatchSize is 1 to 10,000; 0 means 100. Window is how long to collect a batch.
	BatchSize int
	Window    time.Duration
	// Parallel is the maximum number of concurrent batches of a shard; 0 means 1. The
	// changes of one item remain in order.
	Parallel int
	// Filters select changes that match at least one of them. Without filters, all changes are delivered.
	Filters []*pattern.Pattern
	// PartialFailures enables batchItemFailures in the function's answer.
	PartialFailures bool
	// Bisect splits a failed batch in two halves, repeatedly, to isolate the change that fails.
	Bisect bool
	// Retries is the maximum number of retries of a failed batch. A negative value means no limit.
	Retries int
	// MaxAge is the age at which a change is discarded; 0 means when DynamoDB trims it.
	MaxAge time.Duration
	// OnFailure is the ARN of the destination for discarded batches. It may be empty.
	OnFailure string
	// Disabled mappings must not be served; the caller checks this.
	Disabled bool
}

// Invocation is the result of an invocation that ran.
type Invocation struct {
	RequestID     string
	Answer        []byte
	FunctionError string
}

// StreamOptions are the dependencies of a Stream.
type StreamOptions struct {
	Client streamClient
	// Find returns the ARN of a table's stream, for use with Client.
	Find   func(ctx context.Context, table string) (arn string, err error)
	Region string
	// Invoke runs a function synchronously. It returns an error if the function did not run.
	Invoke func(ctx context.Context, function string, payload []byte) (Invocation, error)
	// Send sends a message to the destination with an ARN.
	Send func(ctx context.Context, arn string, body []byte) error
	// Duplicate is the share of batches, 0 to 1, that are delivered twice.
	Duplicate float64
	// TimeScale divides the delays between retries, and MaxAge; 0 means 1.
	TimeScale float64
	Logger    *slog.Logger
}

// streamClient is the part of *dynamodbstreams.Client that is used here.
type streamClient interface {
	DescribeStream(context.Context, *dynamodbstreams.DescribeStreamInput, ...func(*dynamodbstreams.Options)) (*dynamodbstreams.DescribeStreamOutput, error)
	GetShardIterator(context.Context, *dynamodbstreams.GetShardIteratorInput, ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetShardIteratorOutput, error)
	GetRecords(context.Context, *dynamodbstreams.GetRecordsInput, ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetRecordsOutput, error)
}

const (
	defaultChanges = 100
	perRead        = 1000                   // changes, the maximum of DynamoDB
	pollInterval   = 250 * time.Millisecond // the same as in AWS
	discovery      = 2 * time.Second        // interval at which to look for new shards and a new stream
)

// Follower delivers the changes of a table to a function, at least once. Its progress is
// stored in a file, from which another Follower can continue.
type Follower struct {
	Stream
	o    StreamOptions
	mark *checkpoint

	mu      sync.Mutex
	arn     string // of the stream, for use with the client
	shards  map[string]*reader
	last    string
	lastAt  time.Time
	batches int
}

// NewFollower returns a Follower for a mapping. Its progress is stored in a file.
func NewFollower(s Stream, checkpointFile string, o StreamOptions) (*Follower, error) {
	if s.BatchSize == 0 {
		s.BatchSize = defaultChanges
	}
	s.Parallel = max(s.Parallel, 1)
	if o.TimeScale == 0 {
		o.TimeScale = 1
	}
	mark, err := openCheckpoint(checkpointFile)
	if err != nil {
		return nil, err
	}
	return &Follower{Stream: s, o: o, mark: mark, shards: map[string]*reader{}}, nil
}

// Serve reads the table's stream until the context is done and the running batches are
// finished or have timed out. If the table is recreated, it has a new stream, and the
// mapping starts again as if it were new.
func (f *Follower) Serve(ctx context.Context) {
	working, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(partingTime, end) })
	defer stop()
	for ctx.Err() == nil {
		if err := f.follow(ctx, working); err != nil && ctx.Err() == nil {
			f.o.Logger.Warn("cannot read a stream", "table", f.Table, "function", f.Function, "error", err)
			pause(ctx, discovery)
		}
	}
}

// follow reads one stream until the table gets a new one.
func (f *Follower) follow(ctx, working context.Context) error {
	arn, err := f.o.Find(ctx, f.Table)
	if err != nil {
		return err
	}
	if err := f.begin(ctx, arn); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	defer func() { cancel(); all.Wait() }()
	ended := make(chan struct{}, 1)
	for ctx.Err() == nil {
		shards, err := f.describe(ctx, arn)
		if err != nil {
			return err
		}
		for _, r := range f.startable(shards) {
			all.Go(func() {
				r.run(ctx, working)
				f.remove(r)
				select {
				case ended <- struct{}{}:
				default:
				}
			})
		}
		select {
		case <-ctx.Done():
		case <-ended: // it may have child shards
		case <-time.After(discovery):
		}
		if now, err := f.o.Find(ctx, f.Table); err != nil || now != arn {
			return err
		}
	}
	return nil
}

// begin records which stream is read. A new stream is read from its oldest change or, with
// Latest, after its newest one.
func (f *Follower) begin(ctx context.Context, arn string) error {
	f.mu.Lock()
	f.arn = arn
	f.mu.Unlock()
	if f.mark.stream() == arn {
		return nil
	}
	positions := map[string]position{}
	if f.Latest {
		shards, err := f.describe(ctx, arn)
		if err != nil {
			return err
		}
		for _, s := range shards {
			if positions[*s.ShardId], err = f.newest(ctx, arn, s); err != nil {
				return err
			}
		}
	}
	return f.mark.begin(arn, positions)
}

// newest returns the position after the last change of a shard. It does not use a LATEST
// iterator, because that has no sequence number to store.
func (f *Follower) newest(ctx context.Context, arn string, s types.Shard) (p position, err error) {
	if closed(s) {
		return position{Done: true}, nil
	}
	iterator, err := f.iterator(ctx, arn, *s.ShardId, position{})
	for err == nil && iterator != nil {
		var out *dynamodbstreams.GetRecordsOutput
		out, err = f.o.Client.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: iterator, Limit: aws.Int32(perRead)})
		if isTrimmed(err) {
			return p, nil // it has no changes
		}
		if err != nil || len(out.Records) == 0 {
			return p, err
		}
		p.After, iterator = *out.Records[len(out.Records)-1].Dynamodb.SequenceNumber, out.NextShardIterator
	}
	p.Done = iterator == nil
	return p, err
}

// closed reports whether a shard is closed: it gets no more changes.
func closed(s types.Shard) bool {
	return s.SequenceNumberRange != nil && s.SequenceNumberRange.EndingSequenceNumber != nil
}

// describe lists the shards that the stream still has.
func (f *Follower) describe(ctx context.Context, arn string) (all []types.Shard, err error) {
	input := &dynamodbstreams.DescribeStreamInput{StreamArn: &arn}
	for {
		out, err := f.o.Client.DescribeStream(ctx, input)
		if err != nil {
			return nil, err
		}
		all = append(all, out.StreamDescription.Shards...)
		if input.ExclusiveStartShardId = out.StreamDescription.LastEvaluatedShardId; input.ExclusiveStartShardId == nil {
			return all, nil
		}
	}
}

// startable returns new readers for the shards without a reader whose parents are
// finished. Parents go first, to preserve the order of an item's changes.
func (f *Follower) startable(shards []types.Shard) (fresh []*reader) {
	there := map[string]bool{}
	for _, s := range shards {
		there[*s.ShardId] = true
	}
	f.mark.keep(there)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range shards {
		parent := aws.ToString(s.ParentShardId)
		waits := there[parent] && !f.mark.at(parent).Done
		if f.shards[*s.ShardId] != nil || f.mark.at(*s.ShardId).Done || waits {
			continue
		}
		r := &reader{Follower: f, stream: f.arn, shard: *s.ShardId, closed: closed(s)}
		f.shards[r.shard] = r
		fresh = append(fresh, r)
	}
	return fresh
}

func (f *Follower) remove(r *reader) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.shards, r.shard)
}

// iterator returns an iterator that begins after a position.
func (f *Follower) iterator(ctx context.Context, arn, shard string, p position) (*string, error) {
	input := &dynamodbstreams.GetShardIteratorInput{StreamArn: &arn, ShardId: &shard, ShardIteratorType: types.ShardIteratorTypeTrimHorizon}
	if p.After != "" {
		input.ShardIteratorType, input.SequenceNumber = types.ShardIteratorTypeAfterSequenceNumber, &p.After
	}
	out, err := f.o.Client.GetShardIterator(ctx, input)
	if err != nil {
		return nil, fmt.Errorf("read the shard %s: %w", shard, err)
	}
	return out.ShardIterator, nil
}
