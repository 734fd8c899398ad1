package main

import (
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
		Queues: s.clients.SQS, Emulator: s.parts.SQS, EmulatorHost: s.parts.Host,
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

// forPrograms refuses what a browser sends. The services of AWS that are imitated
// here check no signatures: whatever page is open on this machine could speak to them.
func forPrograms(next http.Handler) http.Handler {
	return ownName(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != "" {
			refuse(w, http.StatusForbidden, "This is for programs, not for pages.")
			return
		}
		next.ServeHTTP(w, r)
	}))
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
			refuse(w, http.StatusMisdirectedRequest, "The local cloud answers at localhost only.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "{\"message\":%q}\n", message)
}
