// Package bus is Amazon EventBridge on this machine: event buses, rules with patterns, and their targets.
package bus

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/minim-dev/minim/infra/local/awsjson"
	"github.com/minim-dev/minim/infra/local/pattern"
)

// Default is the name of the bus that every account has.
const Default = "default"

const (
	maxEntries = 10
	maxSize    = 256 << 10 // bytes, for all entries of a call
	attempts   = 3
	wait       = time.Second // before the second attempt; doubled for each further one
)

// Rule sends events to targets: the events of a bus that match its pattern or, without a pattern, those of Fire.
type Rule struct {
	Name, ARN, Bus string
	Pattern        *pattern.Pattern
	Disabled       bool
	Targets        []Target
}

// Target gets the events of a rule: the whole event, a part of it, a fixed text, or a transformed text.
type Target struct {
	ID, ARN        string
	Input, Path    string
	Paths          map[string]string // paths of Template's placeholders, by name
	Template       string
	DeadLetter     string // ARN of the dead-letter queue
	MessageGroupID string
}

// Options are the dependencies of a Server.
type Options struct {
	Region, Account string
	Buses           []string
	Rules           []Rule
	// Send sends an event to the queue, topic or function with an ARN. The group is for FIFO queues.
	Send     func(ctx context.Context, arn string, event []byte, group string) error
	SendDead func(ctx context.Context, arn string, event []byte, attributes map[string]string) error
	Logger   *slog.Logger
	Now      func() time.Time      // default time.Now
	Sleep    func(d time.Duration) // default time.Sleep
}

// Server serves all buses. It is safe for concurrent use.
type Server struct {
	o       Options
	retries sync.WaitGroup
}

// New returns a Server.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = time.Sleep
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Server{o: o}
}

// Wait waits for the retries.
func (s *Server) Wait() { s.retries.Wait() }

// Handler serves the API in the JSON protocol.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		awsjson.Handler("AWSEvents", func(operation string, q request) (any, error) {
			return s.call(context.WithoutCancel(r.Context()), operation, q)
		}).ServeHTTP(w, r)
	})
}

type request struct {
	Entries          []Entry
	EventBusName     string
	Name, NamePrefix string
	Rule             string
}

// Entry is an event in the input of PutEvents.
type Entry struct {
	Source, DetailType, Detail, EventBusName string
	Resources                                []string
	Time                                     *float64
	TraceHeader                              string
}

func (s *Server) call(ctx context.Context, operation string, q request) (any, error) {
	switch operation {
	case "PutEvents":
		return s.put(ctx, q.Entries)
	case "ListEventBuses":
		var all []map[string]string
		for _, name := range s.o.Buses {
			if strings.HasPrefix(name, q.NamePrefix) {
				all = append(all, map[string]string{"Name": name, "Arn": s.arn(name)})
			}
		}
		return map[string]any{"EventBuses": all}, nil
	case "DescribeEventBus":
		name := cmp.Or(q.Name, Default)
		if !slices.Contains(s.o.Buses, name) {
			return nil, awsjson.Fault("ResourceNotFoundException", "Event bus %s does not exist.", name)
		}
		return map[string]string{"Name": name, "Arn": s.arn(name)}, nil
	case "ListRules":
		var all []map[string]string
		for _, r := range s.o.Rules {
			if r.Bus == busName(q.EventBusName) && strings.HasPrefix(r.Name, q.NamePrefix) {
				state := "ENABLED"
				if r.Disabled {
					state = "DISABLED"
				}
				all = append(all, map[string]string{"Name": r.Name, "Arn": r.ARN, "EventBusName": r.Bus, "State": state})
			}
		}
		return map[string]any{"Rules": all}, nil
	}
	return nil, awsjson.Fault("UnknownOperationException", "the local cloud has no %s of EventBridge", operation)
}

func (s *Server) arn(bus string) string {
	return "arn:aws:events:" + s.o.Region + ":" + s.o.Account + ":event-bus/" + bus
}

// busName returns the name of a bus, given its name or ARN.
func busName(given string) string { return cmp.Or(given[strings.LastIndex(given, "/")+1:], Default) }

// put processes each entry separately, and returns the results in the same order.
func (s *Server) put(ctx context.Context, entries []Entry) (any, error) {
	if len(entries) == 0 || len(entries) > maxEntries {
		return nil, awsjson.Fault("ValidationException", "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and %d", maxEntries)
	}
	size := 0
	for _, e := range entries {
		size += len(e.Source) + len(e.DetailType) + len(e.Detail) + len(strings.Join(e.Resources, ""))
	}
	if size > maxSize {
		return nil, awsjson.Fault("ValidationException", "Total size of the entries in the request is over the limit.")
	}
	results, failed := make([]map[string]string, len(entries)), 0
	for i, e := range entries {
		id, err := s.accept(ctx, e)
		refused := &awsjson.Error{}
		switch {
		case err == nil:
			results[i] = map[string]string{"EventId": id}
		case errors.As(err, &refused):
			failed++
			results[i] = map[string]string{"ErrorCode": refused.Code, "ErrorMessage": refused.Message}
		default:
			return nil, err
		}
	}
	return map[string]any{"FailedEntryCount": failed, "Entries": results}, nil
}

func (s *Server) accept(ctx context.Context, e Entry) (id string, err error) {
	for name, value := range map[string]string{"Source": e.Source, "DetailType": e.DetailType, "Detail": e.Detail} {
		if value == "" {
			return "", awsjson.Fault("InvalidArgument", "Parameter %s is not valid. Reason: %s is a required argument.", name, name)
		}
	}
	if strings.HasPrefix(e.Source, "aws.") {
		return "", awsjson.Fault("NotAuthorizedForSource", "Not authorized for the source.")
	}
	var detail map[string]json.RawMessage
	if json.Unmarshal([]byte(e.Detail), &detail) != nil {
		return "", awsjson.Fault("MalformedDetail", "Detail is malformed.")
	}
	at := s.o.Now()
	if e.Time != nil {
		at = time.UnixMilli(int64(*e.Time * 1000))
	}
	id = newID()
	resources := e.Resources
	if resources == nil {
		resources = []string{}
	}
	event, err := json.Marshal(map[string]any{
		"version": "0", "id": id, "detail-type": e.DetailType, "source": e.Source, "account": s.o.Account,
		"time": at.UTC().Format("2006-01-02T15:04:05Z"), "region": s.o.Region, "resources": resources, "detail": json.RawMessage(e.Detail),
	})
	if err != nil {
		return "", err
	}
	return id, s.Publish(ctx, busName(e.EventBusName), event)
}

// Publish sends an event of a bus to the targets of all matching rules.
func (s *Server) Publish(ctx context.Context, bus string, event []byte) error {
	value, err := pattern.Decode(event)
	if err != nil {
		return fmt.Errorf("an event is not JSON: %w", err)
	}
	for _, r := range s.o.Rules {
		if r.Bus == bus && r.Pattern != nil && !r.Disabled && r.Pattern.Match(value) {
			s.deliver(ctx, r, event)
		}
	}
	return nil
}

// Fire sends an event to the targets of the rule with an ARN.
func (s *Server) Fire(ctx context.Context, rule string, event []byte) error {
	at := slices.IndexFunc(s.o.Rules, func(r Rule) bool { return r.ARN == rule })
	if at < 0 {
		return fmt.Errorf("the stack has no rule %s", rule)
	}
	s.deliver(ctx, s.o.Rules[at], event)
	return nil
}

// deliver sends an event to all targets. It makes the first attempt before it returns, so events are normally
// delivered before PutEvents answers.
func (s *Server) deliver(ctx context.Context, r Rule, event []byte) {
	for _, t := range r.Targets {
		input, err := t.input(r, event)
		if err == nil {
			err = s.o.Send(ctx, t.ARN, input, t.MessageGroupID)
		}
		if err != nil {
			ctx := context.WithoutCancel(ctx)
			s.retries.Go(func() { s.retry(ctx, r, t, input, err) })
		}
	}
}

func (s *Server) retry(ctx context.Context, r Rule, t Target, input []byte, err error) {
	for i := 1; i < attempts && input != nil; i++ {
		s.o.Sleep(wait << (i - 1))
		if err = s.o.Send(ctx, t.ARN, input, t.MessageGroupID); err == nil {
			return
		}
	}
	if t.DeadLetter != "" && input != nil && s.o.SendDead != nil {
		failed := s.o.SendDead(ctx, t.DeadLetter, input, map[string]string{
			"RULE_ARN": r.ARN, "TARGET_ARN": t.ARN, "ERROR_CODE": "SDK_CLIENT_ERROR", "ERROR_MESSAGE": err.Error(), "RETRY_ATTEMPTS": fmt.Sprint(attempts - 1),
		})
		err = errors.Join(err, failed)
	}
	s.o.Logger.Error("a rule could not deliver an event", "rule", r.Name, "target", t.ARN, "error", err)
}

// newID returns a UUID.
func newID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
