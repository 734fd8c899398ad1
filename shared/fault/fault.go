// Package fault defines the errors of operations for their callers: a code for
// programs and a sentence for people.
//
// An error that is not a fault is internal: its text is for the log, never for
// the caller.
package fault

import (
	"errors"
	"slices"
	"strings"
)

// Code classifies a fault. Package web owns the only table of codes to HTTP
// statuses.
type Code string

// The codes. Everything other than the first six is Internal.
const (
	Invalid  Code = "invalid"   // the request breaks a rule; Fields may locate it
	Denied   Code = "denied"    // the caller may not do this
	NotFound Code = "not_found" // no such thing, or not the caller's
	Conflict Code = "conflict"  // another request was first
	TooLarge Code = "too_large" // over a limit of size
	Mismatch Code = "mismatch"  // well formed, but contradicts an earlier request
	Internal Code = "internal"  // our mistake, or a dependency's
)

// Field is one mistake in the input: the field's name as the caller wrote it
// and a sentence about it.
type Field struct {
	Name    string `json:"field"`
	Message string `json:"message"`
}

// Error is a fault. The zero value is not useful; use New, Fields or Wrap.
type Error struct {
	Code    Code
	Message string  // a sentence for the caller, free of internals
	Fields  []Field // the mistakes of an Invalid fault, if they can be placed
	Cause   error   // for the log; may be nil
}

// New returns a fault with a sentence for the caller.
func New(code Code, message string) *Error {
	return &Error{Code: code, Message: message}
}

// Wrap returns a fault with a sentence for the caller and a cause for the log.
func Wrap(code Code, message string, cause error) *Error {
	return &Error{Code: code, Message: message, Cause: cause}
}

// Fields returns an Invalid fault that lists every mistake, or nil if there is
// none, so that a validator can end with `return fault.Fields(found...)`.
func Fields(fields ...Field) error {
	if len(fields) == 0 {
		return nil
	}
	output := make([]string, len(fields))
	for i, f := range fields {
		output[i] = f.Name + ": " + f.Message
	}
	return &Error{Code: Invalid, Message: strings.Join(output, " "), Fields: fields}
}

// Join returns one Invalid fault with the mistakes of several checks of one request, or nil
// if there is none. Of mistakes in the same field it keeps those of the first check. An error
// that is none of the fields' is returned alone, but for an Invalid fault behind mistakes in
// fields, which may be its cause.
func Join(errs ...error) error {
	var all []Field
	for _, err := range errs {
		if err == nil {
			continue
		}
		found := Of(err)
		if found.Code != Invalid || len(found.Fields)+len(all) == 0 {
			return err
		}
		before := all
		for _, f := range found.Fields {
			if !slices.ContainsFunc(before, func(b Field) bool { return b.Name == f.Name }) {
				all = append(all, f)
			}
		}
	}
	return Fields(all...)
}

// Error returns code, sentence and cause, for logs.
func (e *Error) Error() string {
	text := string(e.Code) + ": " + e.Message
	if e.Cause != nil {
		text += " (" + e.Cause.Error() + ")"
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Of finds the fault in err's chain. An error without one becomes an Internal
// fault with a sentence that reveals nothing and err as its cause.
func Of(err error) *Error {
	if found, ok := errors.AsType[*Error](err); ok {
		return found
	}
	return Wrap(Internal, "Something went wrong on our side. Please try again.", err)
}

// CodeOf returns the code of the fault in err's chain, Internal when there is
// none, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	return Of(err).Code
}

// Is reports whether err carries a fault of the given code.
func Is(err error, code Code) bool { return CodeOf(err) == code }
