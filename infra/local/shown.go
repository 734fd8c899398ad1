package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/minim-dev/minim/infra/local/console"
	"github.com/minim-dev/minim/infra/local/template"
)

// eventSources are what brings events to functions, and to queues from buckets and topics.
func (s *site) eventSources() (all []console.Source) {
	for id, e := range template.Of[template.EventSource](s.stack) {
		source := mappingSource(e)
		source.Progress = s.progressOf(id)
		all = append(all, source)
	}
	for _, n := range s.wishes {
		source := console.Source{Kind: "bucket", From: n.Bucket, To: n.Function, Detail: n.Event, State: "on"}
		if n.QueueARN != "" {
			source.To = afterLast(n.QueueARN, ":")
		}
		if n.Prefix != "" {
			source.Detail += ", keys beginning with " + n.Prefix
		}
		if n.Suffix != "" {
			source.Detail += ", keys ending with " + n.Suffix
		}
		all = append(all, source)
	}
	for _, v := range template.Of[template.Subscription](s.stack) {
		source := console.Source{Kind: "topic", From: afterLast(v.TopicArn, ":"), To: afterLast(v.Endpoint, ":"), Detail: v.Protocol, State: "on"}
		if len(v.FilterPolicy) > 0 {
			source.Detail += ", filtered"
		}
		all = append(all, source)
	}
	for _, f := range template.Of[template.SubscriptionFilter](s.stack) {
		to, _ := functionName(f.DestinationArn)
		all = append(all, console.Source{Kind: "log", From: f.LogGroupName, To: to, Detail: cmp.Or(f.FilterPattern, "all lines"), State: "on"})
	}
	return all
}

// mappingSource describes a mapping from a queue or a stream.
func mappingSource(e *template.EventSource) console.Source {
	source := console.Source{Kind: "queue", From: afterLast(e.EventSourceArn, ":"), To: e.FunctionName, State: "on"}
	if name, ok := functionName(e.FunctionName); ok {
		source.To = name
	}
	if isStream(e) {
		source.Kind = "stream"
		if parts := strings.Split(e.EventSourceArn, "/"); len(parts) > 1 {
			source.From = parts[1]
		}
	}
	if e.Enabled != nil && !*e.Enabled {
		source.State = "off"
	}
	words := []string{fmt.Sprintf("batches of up to %d", cmp.Or(e.BatchSize, defaultBatch(e)))}
	if window := e.MaximumBatchingWindowInSeconds; window > 0 {
		words = append(words, fmt.Sprintf("gathered for %d s", window))
	}
	if filters := len(e.FilterCriteria.Filters); filters > 0 {
		words = append(words, fmt.Sprintf("filters: %d", filters))
	}
	if len(e.FunctionResponseTypes) > 0 {
		words = append(words, "partial failures")
	}
	if e.BisectBatchOnFunctionError {
		words = append(words, "split on errors")
	}
	source.Detail = strings.Join(words, ", ")
	return source
}

func afterLast(text, mark string) string { return text[strings.LastIndex(text, mark)+1:] }

// shownRoutes are the routes of all APIs, by path.
func (s *site) shownRoutes() (all []console.Route) {
	authorizers := map[string]string{} // names by id
	for _, a := range template.Of[template.Authorizer](s.stack) {
		authorizers[a.ID()] = a.Name
	}
	for id, r := range template.Of[template.Route](s.stack) {
		method, path, found := strings.Cut(r.RouteKey, " ")
		if !found {
			method, path = "any", r.RouteKey
		}
		shown := console.Route{Method: method, Path: path, Authorizer: authorizers[r.AuthorizerId]}
		if route, err := s.route(id, r, authorizers); err == nil {
			shown.Function = route.Function
		}
		for _, stage := range template.Of[template.APIStage](s.stack) {
			if limit, ok := stage.RouteSettings[r.RouteKey]; ok && stage.ApiId == r.ApiId && limit.ThrottlingRateLimit > 0 {
				shown.Limit = fmt.Sprintf("%g a second, %d at once", limit.ThrottlingRateLimit, limit.ThrottlingBurstLimit)
			}
		}
		all = append(all, shown)
	}
	slices.SortFunc(all, func(a, b console.Route) int { return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method) })
	return all
}
