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
	closed        bool // when the reader was made
	// untouched: nothing was read since an iterator began at the horizon.
	untouched bool

	mu      sync.Mutex
	waiting []*change // read, in order, the first of them not delivered yet
}

// run reads from the last checkpoint until the end of the shard, of the context,
// or until an error, after which another reader starts anew.
func (r *reader) run(ctx, working context.Context) {
	err := r.read(ctx, working)
	if _, expired := errors.AsType[*types.ExpiredIteratorException](err); expired || err == nil || ctx.Err() != nil {
		return // a batch was tried for longer than an iterator lasts, or there is no more to read
	}
	if !isGone(err) { // otherwise with its table
		r.o.Logger.Warn("cannot read a stream", "table", r.Table, "function", r.Function, "error", err)
	}
	pause(ctx, time.Second)
}

// read continues where the last reader ended. If the stream no longer has that place, it
// continues with the oldest change of the shard; a closed shard without any is done.
// Changes older than 24 hours are lost, as in AWS.
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

// begin returns an iterator that begins after a position, or at the horizon.
func (r *reader) begin(ctx context.Context, p position) (*string, error) {
	r.untouched = p.After == ""
	return r.iterator(ctx, r.stream, r.shard, p)
}

// finish notes that the shard has no more changes to deliver.
func (r *reader) finish() error {
	return r.mark.reach(r.stream, r.shard, position{After: r.mark.at(r.shard).After, Done: true})
}

// isTrimmed reports whether the stream no longer has the changes at an iterator.
// DynamoDB Local says so of every closed shard that is empty.
func isTrimmed(err error) bool {
	_, ok := errors.AsType[*types.TrimmedDataAccessException](err)
	return ok
}

// isGone reports whether a shard, or its stream, does not exist. DynamoDB Local still lists
// closed shards for which it returns this error.
func isGone(err error) bool {
	_, ok := errors.AsType[*types.ResourceNotFoundException](err)
	return ok
}

// isUnknownPlace reports whether a shard refuses a sequence number. DynamoDB Local counts from 1
// again if it was started without records, and then refuses numbers below the first of the shard.
func isUnknownPlace(err error) bool {
	failure, ok := errors.AsType[smithy.APIError](err)
	return ok && failure.ErrorCode() == "ValidationException"
}

// gather collects changes until there are enough, or until the window has passed
// since the first one came. The iterator is nil at the end of the shard.
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
			continue // there is more
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
		// DynamoDB Local may give the first changes numbers below the first of the shard,
		// which the next iterator of an empty shard passes over.
		if r.untouched {
			if iterator, err = r.begin(ctx, position{}); err != nil {
				return nil, nil, err
			}
		}
	}
}

// wait notes what is read and not delivered.
func (r *reader) wait(batch []*change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting = batch
}

// deliver hands changes over, those of an item in their order, and returns false if
// the context has ended before all were taken or given up.
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

// chosen reports whether a filter chooses a change.
func (r *reader) chosen(c *change) bool {
	if len(r.Filters) == 0 {
		return true
	}
	return anyMatches(r.Filters, c.event)
}

// pack splits changes into batches that are no larger than a function takes.
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

// done notes that changes need no delivery any more, and the place up to which
// that holds for all.
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

// duplicated chooses the batches that are delivered a second time.
func (r *reader) duplicated() bool { return rand.Float64() < r.o.Duplicate }

// ShardState is a shard that is read, at one moment.
type ShardState struct {
	ID string `json:"id"`
	// After is the sequence number up to which all was delivered, empty at the beginning.
	After string `json:"after,omitempty"`
	// Waiting is how many changes are read and not delivered; BehindSeconds is how old the oldest is.
	Waiting       int     `json:"waiting"`
	BehindSeconds float64 `json:"behindSeconds"`
}

// StreamState is a mapping at one moment.
type StreamState struct {
	ID       string       `json:"id"`
	Table    string       `json:"table"`
	Function string       `json:"function"`
	Shards   []ShardState `json:"shards"`
	// Batches is how many were delivered since the start; Last and LastAt are the
	// result of the last one: "OK", or what was wrong.
	Batches int       `json:"batches"`
	Last    string    `json:"last,omitempty"`
	LastAt  time.Time `json:"lastAt,omitzero"`
}

// State reports how far the changes have come.
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

// note keeps the result of a batch for State.
func (f *Follower) note(result string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last, f.lastAt, f.batches = result, time.Now(), f.batches+1
}
