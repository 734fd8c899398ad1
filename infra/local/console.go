package main

import (
	"cmp"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/minim-dev/minim/infra/local/console"
	"github.com/minim-dev/minim/infra/local/template"
)

// What the console remembers of invocations.
const (
	keptInvocations = 500
	keptBytes       = 16 << 20
)

// console is what the local cloud tells of itself below /_local/. Pages of other
// sites can read nothing of it and change nothing with it. What it shows is there
// when the first request comes.
func (s *site) console() http.Handler {
	open := sync.OnceValue(func() http.Handler {
		pages, err := console.New(s.consoleOptions())
		if err != nil {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				http.Error(w, "The console cannot be shown: "+err.Error(), http.StatusInternalServerError)
			})
		}
		return pages
	})
	return ownName(http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		open().ServeHTTP(w, r)
	})))
}

func (s *site) consoleOptions() console.Options {
	return console.Options{
		Prefix: s.settings.stack + "-", History: s.history,
		Functions: s.platform.Functions, Settings: s.platform.Settings, Invoke: s.platform.Invoke, InvokeAsync: s.platform.InvokeAsync,
		Schedules: s.runner.States, RunSchedule: s.runner.Run,
		Queues: s.clients.SQS, Emulator: s.parts.SQS,
		QueueURL: func(name string) string { return s.options().QueueEndpoint + "/" + account + "/" + name },
		Tables:   s.clients.DynamoDB, TableNames: names(s.stack, func(t *template.Table) string { return t.TableName }),
		Buckets: s.clients.S3, BucketNames: names(s.stack, func(b *template.Bucket) string { return b.BucketName }),
		Sources: s.eventSources, Routes: s.shownRoutes(), Outbox: filepath.Join(s.state, "outbox"),
	}
}

// names are those of all resources of a type, sorted.
func names[T any](stack *template.Stack, name func(*T) string) (all []string) {
	for _, resource := range template.Of[T](stack) {
		all = append(all, name(resource))
	}
	slices.Sort(all)
	return all
}

// eventSources are what brings events to functions, as the template has it.
func (s *site) eventSources() (all []console.Source) {
	for id, e := range template.Of[template.EventSource](s.stack) {
		source := console.Source{Kind: "queue", From: afterLast(e.EventSourceArn, ":"), To: e.FunctionName, State: "on"}
		if name, ok := functionName(e.FunctionName); ok {
			source.To = name
		}
		if isStream(e) {
			source.Kind, source.From = "stream", strings.Split(e.EventSourceArn, "/")[1]
		}
		if e.Enabled != nil && !*e.Enabled {
			source.State = "off"
		}
		source.Detail = fmt.Sprintf("batches of up to %d", cmp.Or(e.BatchSize, defaultBatch(e)))
		if window := e.MaximumBatchingWindowInSeconds; window > 0 {
			source.Detail += fmt.Sprintf(", gathered for %d s", window)
		}
		if len(e.FunctionResponseTypes) > 0 {
			source.Detail += ", partial failures"
		}
		if filters := len(e.FilterCriteria.Filters); filters > 0 {
			source.Detail += fmt.Sprintf(", filters: %d", filters)
		}
		source.Detail += s.progressOf(id)
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
	for _, f := range template.Of[template.SubscriptionFilter](s.stack) {
		to, _ := functionName(f.DestinationArn)
		all = append(all, console.Source{Kind: "log", From: f.LogGroupName, To: to, Detail: cmp.Or(f.FilterPattern, "all lines"), State: "on"})
	}
	return all
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

// ownName refuses requests that call this machine by another name: a page of
// another site could have its name lead here, and read what we tell.
func ownName(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if host = strings.Trim(host, "[]"); host != "localhost" && host != "127.0.0.1" && host != "::1" {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusMisdirectedRequest)
			_, _ = w.Write([]byte(`{"message":"The local cloud answers at localhost only."}` + "\n"))
			return
		}
		next.ServeHTTP(w, r)
	})
}
