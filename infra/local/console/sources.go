package console

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/httpapi"
	"github.com/minim-dev/minim/infra/local/sources"
)

// source is a source of events for a function or a queue.
type source struct {
	Kind   string `json:"kind"` // queue, bucket, stream, topic, log
	From   string `json:"from"` // the name of the source
	To     string `json:"to"`   // the name of a function or a queue
	Detail string `json:"detail"`
	State  string `json:"state"` // on or off
	// Progress describes its progress, if that is known.
	Progress string `json:"progress,omitempty"`
}

// eventSources returns the event sources of the plan.
func (c *Console) eventSources() (all []source) {
	for _, q := range c.o.Plan.Queues {
		all = append(all, source{
			Kind: "queue", From: afterLast(q.ARN, ":"), To: q.Function, State: state(q.Disabled),
			Detail: mapping(cmp.Or(q.BatchSize, 10), q.Window, len(q.Filters), q.PartialFailures, false),
		})
	}
	for _, s := range c.o.Plan.Streams {
		all = append(all, source{
			Kind: "stream", From: s.Table, To: s.Function, State: state(s.Disabled),
			Detail:   mapping(cmp.Or(s.BatchSize, 100), s.Window, len(s.Filters), s.PartialFailures, s.Bisect),
			Progress: c.progress(s),
		})
	}
	for _, n := range c.o.Plan.Notifications {
		s := source{Kind: "bucket", From: n.Bucket, To: n.Function, Detail: n.Event, State: state(false)}
		if n.QueueARN != "" {
			s.To = afterLast(n.QueueARN, ":")
		}
		if n.Prefix != "" {
			s.Detail += ", keys beginning with " + n.Prefix
		}
		if n.Suffix != "" {
			s.Detail += ", keys ending with " + n.Suffix
		}
		all = append(all, s)
	}
	for _, v := range c.o.Plan.Subscriptions {
		s := source{Kind: "topic", From: afterLast(v.TopicARN, ":"), To: afterLast(v.Endpoint, ":"), Detail: v.Protocol, State: state(false)}
		if len(v.Filter) > 0 {
			s.Detail += ", filtered"
		}
		all = append(all, s)
	}
	for _, l := range c.o.Plan.Logs {
		all = append(all, source{Kind: "log", From: l.Group, To: l.To, Detail: cmp.Or(l.Pattern, "all lines"), State: state(false)})
	}
	return all
}

func state(disabled bool) string {
	if disabled {
		return "off"
	}
	return "on"
}

// mapping describes the settings of an event source mapping.
func mapping(batch int, window time.Duration, filters int, partial, bisect bool) string {
	words := []string{fmt.Sprintf("batches of up to %d", batch)}
	if window > 0 {
		words = append(words, fmt.Sprintf("gathered for %.0f s", window.Seconds()))
	}
	if filters > 0 {
		words = append(words, fmt.Sprintf("filters: %d", filters))
	}
	if partial {
		words = append(words, "partial failures")
	}
	if bisect {
		words = append(words, "split on errors")
	}
	return strings.Join(words, ", ")
}

// progress describes the progress of a stream.
func (c *Console) progress(s sources.Stream) string {
	if c.o.Stream == nil || s.Disabled {
		return ""
	}
	state, ok := c.o.Stream(s.ID)
	if !ok {
		return ""
	}
	waiting, behind := 0, 0.0
	for _, shard := range state.Shards {
		waiting, behind = waiting+shard.Waiting, max(behind, shard.BehindSeconds)
	}
	text := fmt.Sprintf("shards: %d, batches since the start: %d", len(state.Shards), state.Batches)
	if waiting > 0 {
		text += fmt.Sprintf(", waiting: %d changes, the oldest for %.0f s", waiting, behind)
	}
	if state.Last != "" && state.Last != "OK" {
		text += ", last result: " + state.Last
	}
	return text
}

func afterLast(text, mark string) string { return text[strings.LastIndex(text, mark)+1:] }

// shownRoute is a route to a function.
type shownRoute struct {
	Method     string `json:"method"`
	Path       string `json:"path"`
	Function   string `json:"function"`
	Authorizer string `json:"authorizer,omitempty"`
	Limit      string `json:"limit,omitempty"` // description of the throttle
}

// shownRoutes returns the routes of all APIs, sorted by path.
func (c *Console) shownRoutes() (all []shownRoute) {
	for _, api := range c.o.Plan.APIs {
		for _, r := range api.Routes {
			method, path, found := strings.Cut(r.Key, " ")
			if !found {
				method, path = "any", r.Key
			}
			all = append(all, shownRoute{Method: method, Path: path, Function: r.Function, Authorizer: r.Authorizer, Limit: limit(r.Throttle)})
		}
	}
	slices.SortFunc(all, func(a, b shownRoute) int { return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method) })
	return all
}

func limit(t httpapi.Throttle) string {
	if t.Rate <= 0 {
		return ""
	}
	return fmt.Sprintf("%g a second, %d at once", t.Rate, t.Burst)
}
