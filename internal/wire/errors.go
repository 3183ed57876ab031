package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// The kinds of a TransportError.
const (
	KindRefused   = "refused"   // nothing listens there
	KindTimeout   = "timeout"   // no complete answer within the limit
	KindCancelled = "cancelled" // the run was cancelled
	KindTLS       = "tls"       // the handshake or the certificate
	KindDNS       = "dns"       // the host name is unknown
	KindClosed    = "closed"    // the connection ended before the answer did
	KindTooLarge  = "too_large" // the answer is longer than MaxBody
	KindMalformed = "malformed" // the answer is not HTTP, or compressed
	KindOther     = "other"
)

// Unavailable reports whether a status says that a server is not there for a
// request now, whatever that asks: 408, 429 or 5xx.
func Unavailable(status int) bool {
	return status == http.StatusRequestTimeout || status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}

// TransportError says why there is no complete answer to a request. It says
// nothing about what the target was asked to do.
type TransportError struct {
	Kind    string
	Request string // "PUT /path"
	Err     error

	text string // the whole message, without secrets
}

// Error returns one line without secrets.
func (e *TransportError) Error() string { return e.text }

// Unwrap returns the cause. Its text may hold secrets.
func (e *TransportError) Unwrap() error { return e.Err }

func (c *Client) transportError(ctx context.Context, req Request, err error, detail string) *TransportError {
	kind, why := classify(ctx, err, c.limits.Request)
	e := &TransportError{Kind: kind, Request: c.Redact(req.Method + " " + req.Path), Err: err}
	e.text = fmt.Sprintf("%s: %s", e.Request, why)
	if detail != "" {
		e.text += "; " + detail
	}
	e.text = c.Redact(strings.Join(strings.Fields(e.text), " "))
	return e
}

// classify names the kind of an error and says in words what happened. ctx is
// the caller's, without the limit of the request.
func classify(ctx context.Context, err error, limit time.Duration) (kind, why string) {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return KindCancelled, "cancelled before the answer was complete"
	case ctx.Err() != nil:
		return KindTimeout, "the time for the whole scenario or run ended before the answer was complete"
	case errors.Is(err, context.DeadlineExceeded):
		return KindTimeout, fmt.Sprintf("no complete answer within %s", limit)
	case errors.Is(err, errTooLarge):
		return KindTooLarge, err.Error()
	case errors.Is(err, errEncoded):
		return KindMalformed, err.Error()
	}
	if why, ok := tlsReason(err); ok {
		return KindTLS, why
	}
	return network(err)
}

func network(err error) (kind, why string) {
	var dns *net.DNSError
	var timeout net.Error
	switch text := err.Error(); {
	case errors.As(err, &dns):
		return KindDNS, fmt.Sprintf("the host name %s cannot be resolved (%s)", dns.Name, dns.Err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return KindRefused, "connection refused: nothing listens there"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET),
		errors.Is(err, syscall.EPIPE), strings.Contains(text, "server closed idle connection"):
		return KindClosed, "the connection was closed before the answer was complete"
	case errors.As(err, &timeout) && timeout.Timeout():
		return KindTimeout, "the network timed out: " + text
	case strings.Contains(text, "malformed"), strings.Contains(text, "net/http: HTTP/1.x transport connection broken"),
		strings.Contains(text, "server response headers exceeded"), strings.Contains(text, "invalid byte in chunk length"):
		return KindMalformed, "the answer is not HTTP/1.1: " + text
	default:
		return KindOther, text
	}
}

func tlsReason(err error) (string, bool) {
	var (
		pin       *pinError
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
		alert     tls.AlertError
		verify    *tls.CertificateVerificationError
	)
	switch text := err.Error(); {
	case errors.As(err, &pin):
		return pin.Error(), true
	case errors.As(err, &authority):
		return "the server's certificate was issued by an authority that is not trusted: give its CA file or fingerprint", true
	case errors.As(err, &host):
		return "the server's certificate is for another host: " + host.Error(), true
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the server's certificate has expired or is not valid yet: " + invalid.Error(), true
	case errors.As(err, &record), strings.Contains(text, "server gave HTTP response to HTTPS client"):
		return "the server does not speak TLS: use http:// in the URL", true
	case errors.As(err, &alert), errors.As(err, &verify), errors.As(err, &invalid),
		strings.Contains(text, "tls: "), strings.Contains(text, "x509: "):
		return "TLS handshake failed: " + text, true
	}
	return "", false
}
