package sources

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	"github.com/aws/smithy-go"
)

// reader delivers the changes of one shard.
type reader struct {
	*Follower
	stream, shard string
	closed        bool // when the reader was created
	// untouched means that nothing was read since an iterator began at TRIM_HORIZON.
	untouched bool

	mu      sync.Mutex
	waiting []*change // changes in order; the first one is not delivered yet
}

// run reads from the last checkpoint until the shard ends, the context is done, or an
// error occurs. After an error a new reader is started.
func (r *reader) run(ctx, working context.Context) {
	err := r.read(ctx, working)
	if _, expired := errors.AsType[*types.ExpiredIteratorException](err); expired || err == nil || ctx.Err() != nil {
		return // retries took longer than an iterator is valid, or the shard has ended
	}
	if !isGone(err) { // not a problem: the table was deleted
		r.o.Logger.Warn("cannot read a stream", "table", r.Table, "function", r.Function, "error", err)
	}
	pause(ctx, time.Second)
}

// read continues at the position of the last reader. If the stream no longer has that
// position, read continues with the oldest change of the shard; a closed shard without
// changes is finished. Changes older than 24 hours are lost, as in AWS.
func (r *reader) read(ctx, working context.Context) error {
	iterator, err := r.begin(ctx, r.mark.at(r.shard))
	for iterator != nil || err != nil {
		switch {
		case err == nil:
		case !r.untouched && (isTrimmed(err) || isUnknownPlace(err)):
			iterator, err = r.begin(ctx, position{})
			continue
		case r.closed && (isTrimmed(err) || isGone(err)):
			return r.finish()
		default:
			return err
		}
		var batch []*change
		if batch, iterator, err = r.gather(ctx, iterator); err != nil {
			continue
		}
		if !r.deliver(ctx, working, batch) {
			return nil
		}
	}
	return r.finish()
}

// begin returns an iterator that begins after a position, or at TRIM_HORIZON.
func (r *reader) begin(ctx context.Context, p position) (*string, error) {
	r.untouched = p.After == ""
	return r.iterator(ctx, r.stream, r.shard, p)
}

// finish records that all changes of the shard are delivered.
func (r *reader) finish() error {
	return r.mark.reach(r.stream, r.shard, position{After: r.mark.at(r.shard).After, Done: true})
}

// isTrimmed reports whether the changes at an iterator were trimmed. DynamoDB Local also
// returns this error for each empty closed shard.
func isTrimmed(err error) bool {
	_, ok := errors.AsType[*types.TrimmedDataAccessException](err)
	return ok
}

// isGone reports whether a shard or its stream does not exist. DynamoDB Local also returns
// this error for some closed shards that it lists.
func isGone(err error) bool {
	_, ok := errors.AsType[*types.ResourceNotFoundException](err)
	return ok
}

// isUnknownPlace reports whether a shard rejects a sequence number. DynamoDB Local counts from 1
// again if it starts without records, and then rejects numbers below the first one of the shard.
func isUnknownPlace(err error) bool {
	failure, ok := errors.AsType[smithy.APIError](err)
	return ok && failure.ErrorCode() == "ValidationException"
}

// gather collects changes until the batch is full, or until the window after the first
// change has passed. The iterator is nil at the end of the shard.
func (r *reader) gather(ctx context.Context, iterator *string) (batch []*change, next *string, err error) {
	var close time.Time
	most := r.BatchSize * r.Parallel
	for {
		limit := int32(min(perRead, most-len(batch)))
		out, err := r.o.Client.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: iterator, Limit: &limit})
		if err != nil {
			return nil, nil, err
		}
		for _, record := range out.Records {
			c, err := r.change(record)
			if err != nil {
				return nil, nil, err
			}
			if later(c.sequence, r.mark.at(r.shard).After) {
				batch = append(batch, c)
			}
		}
		r.wait(batch)
		r.untouched = r.untouched && len(out.Records) == 0
		if iterator = out.NextShardIterator; iterator == nil || len(batch) >= most {
			return batch, iterator, nil
		}
		if len(out.Records) == int(limit) {
			continue // there are more changes
		}
		if len(batch) > 0 && close.IsZero() {
			close = time.Now().Add(r.Window)
		}
		left := pollInterval
		if len(batch) > 0 {
			if left = min(left, time.Until(close)); left <= 0 {
				return batch, iterator, nil
			}
		}
		if pause(ctx, left); ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		// In DynamoDB Local the numbers of the first changes may be lower than the first
		// number of the shard. The next iterator of an empty shard skips such changes.
		if r.untouched {
			if iterator, err = r.begin(ctx, position{}); err != nil {
				return nil, nil, err
			}
		}
	}
}

// wait records changes that are read but not delivered.
func (r *reader) wait(batch []*change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting = batch
}

// deliver delivers changes; those of one item remain in order. It returns false if the
// context is done before all are processed or discarded.
func (r *reader) deliver(ctx, working context.Context, batch []*change) bool {
	lanes := make([][]*change, r.Parallel)
	for _, c := range batch {
		if !r.chosen(c) {
			r.done(c)
			continue
		}
		lane := c.lane % uint32(r.Parallel)
		lanes[lane] = append(lanes[lane], c)
	}
	all := true
	var mu sync.Mutex
	var under sync.WaitGroup
	for _, lane := range lanes {
		under.Go(func() {
			for _, part := range r.pack(lane) {
				if d := (delivery{reader: r}); !d.finish(ctx, working, part) {
					mu.Lock()
					defer mu.Unlock()
					all = false
					return
				}
			}
		})
	}
	under.Wait()
	return all
}

// chosen reports whether a change matches a filter.
func (r *reader) chosen(c *change) bool {
	if len(r.Filters) == 0 {
		return true
	}
	return anyMatches(r.Filters, c.event)
}

// pack splits changes into batches within the payload limit of a function.
func (r *reader) pack(changes []*change) (parts [][]*change) {
	size := 0
	for _, c := range changes {
		last := len(parts) - 1
		if last < 0 || len(parts[last]) == r.BatchSize || size+len(c.event)+1 > maxPayload {
			parts, size, last = append(parts, nil), 0, last+1
		}
		size += len(c.event) + 1
		parts[last] = append(parts[last], c)
	}
	return parts
}

// done records that changes are finished, and the position up to which all changes are
// finished.
func (r *reader) done(changes ...*change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range changes {
		c.done = true
	}
	after := ""
	for len(r.waiting) > 0 && r.waiting[0].done {
		after, r.waiting = r.waiting[0].sequence, r.waiting[1:]
	}
	if after == "" {
		return
	}
	if err := r.mark.reach(r.stream, r.shard, position{After: after}); err != nil {
		r.o.Logger.Warn("changes will be delivered again after a restart", "table", r.Table, "function", r.Function, "error", err)
	}
}

// duplicated decides at random whether a batch is delivered a second time.
func (r *reader) duplicated() bool { return rand.Float64() < r.o.Duplicate }

// ShardState is a snapshot of a shard that is being read.
type ShardState struct {
	ID string `json:"id"`
	// After is the sequence number up to which all changes are delivered, or "" at the beginning.
	After string `json:"after,omitempty"`
	// Waiting is the number of changes that are read but not delivered; BehindSeconds is the age of the oldest.
	Waiting       int     `json:"waiting"`
	BehindSeconds float64 `json:"behindSeconds"`
}

// StreamState is a snapshot of a mapping.
type StreamState struct {
	ID       string       `json:"id"`
	Table    string       `json:"table"`
	Function string       `json:"function"`
	Shards   []ShardState `json:"shards"`
	// Batches is the number of delivered batches since the start. Last and LastAt are
	// the result and time of the last one; the result is "OK" or an error.
	Batches int       `json:"batches"`
	Last    string    `json:"last,omitempty"`
	LastAt  time.Time `json:"lastAt,omitzero"`
}

// State returns the progress of the mapping.
func (f *Follower) State() StreamState {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := StreamState{ID: f.ID, Table: f.Table, Function: f.Function, Shards: []ShardState{}, Batches: f.batches, Last: f.last, LastAt: f.lastAt}
	for id, r := range f.shards {
		r.mu.Lock()
		shard := ShardState{ID: id, After: f.mark.at(id).After, Waiting: len(r.waiting)}
		if len(r.waiting) > 0 {
			shard.BehindSeconds = time.Since(r.waiting[0].arrived).Seconds()
		}
		r.mu.Unlock()
		s.Shards = append(s.Shards, shard)
	}
	slices.SortFunc(s.Shards, func(a, b ShardState) int { return strings.Compare(a.ID, b.ID) })
	return s
}

// note records the result of a batch for State.
func (f *Follower) note(result string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last, f.lastAt, f.batches = result, time.Now(), f.batches+1
}
