package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/minim-dev/minim/client"
)

// The exit codes.
const (
	exitDone = iota
	exitFailed
	exitUsage
	exitNotFound
	exitKey
	exitConflict
	exitRefused
	exitUnavailable
	exitInterrupted = 130
)

var (
	errNoKey  = errors.New("no API key: set MINIM_KEY")
	errPartly = errors.New("") // the failures are reported already
)

// usageError is a mistake in the command line.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// flagOf are the flags by which fields of requests are set.
var flagOf = map[string]string{
	"url": "URL", "code": "--code", "title": "--title", "note": "--note", "tags": "--tag", "expiresAt": "--expires", "notBefore": "--not-before",
	"expiredUrl": "--expired-url", "maxClicks": "--max-clicks", "redirect": "--redirect", "password": "--password", "forwardQuery": "--forward-query",
	"q": "WORDS", "anyTag": "--any-tag", "notTag": "--not-tag", "tag": "--tag", "from": "--from", "to": "--to", "tz": "--tz", "unit": "--unit",
	"alt":  "--alt",
	"date": "--date",
	"name": "NAME", "scopes": "--scope", "overlapHours": "--overlap",
}

// explain writes an error for a person, and returns its exit code.
func (a *app) explain(ctx context.Context, called *cobra.Command, err error) int {
	if ctx.Err() != nil {
		return exitInterrupted
	}
	if errors.Is(err, errPartly) {
		return exitFailed
	}
	if _, ok := errors.AsType[usageError](err); ok || !a.started {
		a.note("minim: %v\nRun '%s --help' for usage.", err, called.CommandPath())
		return exitUsage
	}
	answer, ok := errors.AsType[*client.Error](err)
	if !ok {
		a.note("minim: %v", err)
		return exitCode(err)
	}
	a.note("minim: %s", sentence(answer))
	for _, field := range answer.Fields {
		name := field.Name
		if flag := flagOf[name]; flag != "" {
			name = flag
		}
		a.note("  %s: %s", name, field.Message)
	}
	if answer.Status >= http.StatusInternalServerError && answer.Instance != "" {
		a.note("  request %s", answer.Instance)
	}
	return exitCode(err)
}

// sentence says what an answer means.
func sentence(e *client.Error) string {
	switch {
	case len(e.Fields) > 0:
		return "the request breaks a rule:"
	case e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden && (e.Detail == "" || e.Detail == e.Title):
		return "the API key is wrong, has expired or was revoked"
	case e.RetryAfter > 0:
		return fmt.Sprintf("%v Try again in %s.", e, e.RetryAfter)
	}
	return e.Error()
}

// exitCode returns the exit code of an error.
func exitCode(err error) int {
	switch status := client.StatusOf(err); {
	case errors.Is(err, errNoKey) || status == http.StatusUnauthorized || status == http.StatusForbidden:
		return exitKey
	case status == http.StatusNotFound:
		return exitNotFound
	case status == http.StatusConflict || status == http.StatusPreconditionFailed:
		return exitConflict
	case status == http.StatusTooManyRequests || status >= http.StatusInternalServerError:
		return exitUnavailable
	case status >= http.StatusBadRequest:
		return exitRefused
	}
	if _, ok := errors.AsType[*url.Error](err); ok {
		return exitUnavailable
	}
	return exitFailed
}
