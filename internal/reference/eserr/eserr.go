// Package eserr models the exceptions that Elasticsearch reports in the body
// of an error answer: a type, a reason, extra fields and a cause.
package eserr

import (
	"fmt"
	"strings"
)

// Family decides where Elasticsearch looks for the root cause of an error.
type Family int

const (
	// Elastic is a subclass of ElasticsearchException: its root cause is the
	// root cause of its cause as long as that is one too.
	Elastic Family = iota
	// Parse is an XContentParseException: its root cause is that of its cause
	// as long as that is a parse error or an ElasticsearchException.
	Parse
	// Java is any other exception: it is its own root cause.
	Java
)

// Field is one extra member of an error object, such as "index".
type Field struct {
	Name  string
	Value any
}

// Error is one exception.
type Error struct {
	Type   string
	Reason string
	Status int
	Family Family
	Fields []Field
	Cause  *Error
	// Suppressed went wrong, too.
	Suppressed []*Error
	// RootCause is the root cause where it is none of the causes.
	RootCause *Error
}

// Error returns type and reason in one line.
func (e *Error) Error() string { return e.Type + ": " + e.Reason }

// Unwrap returns the cause, nil where there is none.
func (e *Error) Unwrap() error {
	if e.Cause == nil {
		return nil
	}
	return e.Cause
}

// New makes an ElasticsearchException with a status of its own.
func New(status int, typ, format string, args ...any) *Error {
	return &Error{Type: typ, Reason: fmt.Sprintf(format, args...), Status: status}
}

// IllegalArgument makes an IllegalArgumentException, which is a 400.
func IllegalArgument(format string, args ...any) *Error {
	return &Error{Type: "illegal_argument_exception", Reason: fmt.Sprintf(format, args...), Status: 400, Family: Java}
}

// JavaError makes an exception that Elasticsearch has no status for.
func JavaError(typ, format string, args ...any) *Error {
	return &Error{Type: typ, Reason: fmt.Sprintf(format, args...), Status: 500, Family: Java}
}

// StatusException makes an ElasticsearchStatusException.
func StatusException(status int, format string, args ...any) *Error {
	return New(status, "status_exception", format, args...)
}

// NotFound makes a ResourceNotFoundException.
func NotFound(format string, args ...any) *Error {
	return New(404, "resource_not_found_exception", format, args...)
}

// Validation makes an ActionRequestValidationException that counts the
// messages; nil where there are none.
func Validation(messages ...string) *Error {
	if len(messages) == 0 {
		return nil
	}
	var b strings.Builder
	b.WriteString("Validation Failed: ")
	for i, m := range messages {
		fmt.Fprintf(&b, "%d: %s;", i+1, m)
	}
	return &Error{Type: "action_request_validation_exception", Reason: b.String(), Status: 400, Family: Java}
}

// CausedBy sets the cause and returns e.
func (e *Error) CausedBy(cause *Error) *Error {
	e.Cause = cause
	return e
}

// With adds extra fields and returns e.
func (e *Error) With(fields ...Field) *Error {
	e.Fields = append(e.Fields, fields...)
	return e
}

// Root returns the exception that Elasticsearch names as the root cause.
func (e *Error) Root() *Error {
	c := e.Cause
	switch {
	case e.RootCause != nil:
		return e.RootCause
	case c == nil:
		return e
	case e.Family == Elastic && c.Family == Elastic,
		e.Family == Parse && (c.Family == Elastic || c.Family == Parse):
		return c.Root()
	}
	return e
}
