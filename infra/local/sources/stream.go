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
	ID       string // of the mapping
	ARN      string // of the stream, as functions see it
	Table    string
	Function string
	// FunctionARN is how the records of failed batches name the function.
	FunctionARN string
	// Latest begins with what comes after the mapping was made, not with the oldest change.
	Latest bool
	// BatchSize is 1 to 10,000, 100 when it is 0; Window is how long to gather.
	BatchSize int
	Window    time.Duration
	// Parallel is how many batches of a shard may be under way, 1 when it is 0. The
	// changes of one item stay in their order.
	Parallel int
	// Filters choose changes, each of them some; without any all are chosen.
	Filters []*pattern.Pattern
	// PartialFailures takes the function's batchItemFailures into account.
	PartialFailures bool
	// Bisect halves a batch that fails, until the change that fails is alone.
	Bisect bool
	// Retries is how often a batch that fails is tried again, without end below 0.
	Retries int
	// MaxAge is the age at which a change is discarded, 0: when DynamoDB trims it.
	MaxAge time.Duration
	// OnFailure is the ARN to which discarded changes are reported. It may be empty.
	OnFailure string
	// Disabled mappings are for the caller to leave out.
	Disabled bool
}

// Invocation is the end of an invocation that has run.
type Invocation struct {
	RequestID     string
	Answer        []byte
	FunctionError string
}

// StreamOptions are what a Stream needs from outside.
type StreamOptions struct {
	Client streamClient
	// Find returns the ARN of a table's stream, as the client knows it.
	Find   func(ctx context.Context, table string) (arn string, err error)
	Region string
	// Invoke runs a function synchronously. The error is for one that did not run.
	Invoke func(ctx context.Context, function string, payload []byte) (Invocation, error)
	// Send delivers to a destination by its ARN.
	Send func(ctx context.Context, arn string, body []byte) error
	// Duplicate is the share of batches, 0 to 1, that are delivered twice.
	Duplicate float64
	// TimeScale divides the times between retries and the age of changes, 1 when it is 0.
	TimeScale float64
	Logger    *slog.Logger
}

// streamClient is what is used of *dynamodbstreams.Client.
type streamClient interface {
	DescribeStream(context.Context, *dynamodbstreams.DescribeStreamInput, ...func(*dynamodbstreams.Options)) (*dynamodbstreams.DescribeStreamOutput, error)
	GetShardIterator(context.Context, *dynamodbstreams.GetShardIteratorInput, ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetShardIteratorOutput, error)
	GetRecords(context.Context, *dynamodbstreams.GetRecordsInput, ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetRecordsOutput, error)
}

const (
	defaultChanges = 100
	perRead        = 1000                   // changes, the most that DynamoDB gives
	pollInterval   = 250 * time.Millisecond // as AWS does
	discovery      = 2 * time.Second        // between looks for new shards, and for a new stream
)

// Follower brings the changes of a table to a function, at least once: what was
// delivered is kept in a file, so that another Follower continues from there.
type Follower struct {
	Stream
	o    StreamOptions
	mark *checkpoint

	mu      sync.Mutex
	arn     string // of the stream, as the client knows it
	shards  map[string]*reader
	last    string
	lastAt  time.Time
	batches int
}

// NewFollower returns one for a mapping whose progress is kept in a file.
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

// Serve follows the table until the context ends and the batches under way are done
// or have had their time. A table that is recreated has a new stream, which begins
// as if the mapping were new too.
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

// follow reads one stream until the table has another one.
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
		case <-ended: // perhaps with children
		case <-time.After(discovery):
		}
		if now, err := f.o.Find(ctx, f.Table); err != nil || now != arn {
			return err
		}
	}
	return nil
}

// begin notes which stream is read. One that was not read before begins at its
// oldest change, or, with Latest, after its newest one.
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

// newest is the position after the last change of a shard. An iterator LATEST would
// not do: it has no sequence number that could be kept.
func (f *Follower) newest(ctx context.Context, arn string, s types.Shard) (p position, err error) {
	if closed(s) {
		return position{Done: true}, nil
	}
	iterator, err := f.iterator(ctx, arn, *s.ShardId, position{})
	for err == nil && iterator != nil {
		var out *dynamodbstreams.GetRecordsOutput
		out, err = f.o.Client.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: iterator, Limit: aws.Int32(perRead)})
		if isTrimmed(err) {
			return p, nil // it has none
		}
		if err != nil || len(out.Records) == 0 {
			return p, err
		}
		p.After, iterator = *out.Records[len(out.Records)-1].Dynamodb.SequenceNumber, out.NextShardIterator
	}
	p.Done = iterator == nil
	return p, err
}

// closed reports whether a shard gets no more changes.
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

// startable makes readers for the shards that nobody reads and whose time has come:
// after their parents, so that the changes of an item stay in their order.
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

// iterator begins after a position.
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
