package reference

import (
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/security"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// Hooks are the steps of a call that can be done otherwise than Elasticsearch
// does them. Plain does them as it does; whoever wants to differ embeds that,
// or wraps it, and replaces a step.
type Hooks interface {
	// Serve answers a call from beginning to end.
	Serve(*Call) *Response
	// Authenticate finds out who a call is from, where security is on.
	Authenticate(*Call) (*security.Subject, *eserr.Error)
	// Authorize returns nil where whoever calls has the privileges for it.
	Authorize(*Call) *eserr.Error
	// Read returns what a reader is shown of a stored document, if anything.
	Read(c *Call, index string, d store.Doc) (shown store.Doc, found bool)
	// Merge makes a document out of the old one, which has no source where a
	// sync job is created, and of changes. It tells whether anything changed.
	Merge(c *Call, old store.Doc, changes *xcontent.Object) (next *xcontent.Object, changed bool, err *eserr.Error)
	// Put writes a whole document in the place of the old one.
	Put(c *Call, index string, old store.Doc, next *xcontent.Object, on store.Condition) (store.Doc, *eserr.Error)
}

// Variant is how a server differs from Elasticsearch. The zero value does not.
type Variant struct {
	// Features may change what the version can do.
	Features func(*Features)
	// Hooks returns those of a call that is about to be answered.
	Hooks func(*Call) Hooks
	// Made is called when the server is made, Loaded after a start on data, when
	// documents have been read again.
	Made, Loaded func(*Server)
}

// hooksOf returns the hooks of a call.
func (s *Server) hooksOf(c *Call) Hooks {
	if s.variant.Hooks == nil {
		return Plain{}
	}
	return s.variant.Hooks(c)
}

// Plain does what Elasticsearch does.
type Plain struct{}

// Serve authenticates whoever calls before anything else is looked at.
func (Plain) Serve(c *Call) *Response {
	if resp := c.Server.authenticate(c); resp != nil {
		return resp
	}
	return c.Server.Dispatch(c)
}

// Authenticate asks the service of security.
func (Plain) Authenticate(c *Call) (*security.Subject, *eserr.Error) {
	return c.Server.security.Authenticate(c.Header, c.uri, c.tls)
}

// Authorize refuses a call of somebody who lacks a privilege for it.
func (Plain) Authorize(c *Call) *eserr.Error {
	for _, a := range c.Server.Actions(c) {
		if denied := c.Who.Authorize(a); denied != nil {
			return c.Server.alsoDenied(c, denied)
		}
	}
	return nil
}

// Read shows a document as it is.
func (Plain) Read(_ *Call, _ string, d store.Doc) (store.Doc, bool) { return d, true }

// Merge merges objects in objects, and replaces everything else.
func (Plain) Merge(_ *Call, old store.Doc, changes *xcontent.Object) (*xcontent.Object, bool, *eserr.Error) {
	if old.Source == nil {
		return changes, true, nil
	}
	next := old.Source.Clone()
	changed := next.Merge(changes)
	return next, changed, nil
}

// Put writes a document that has an id and fields that its index can take.
func (Plain) Put(c *Call, index string, old store.Doc, next *xcontent.Object, on store.Condition) (store.Doc, *eserr.Error) {
	if err := checkID(old.ID); err != nil {
		return store.Doc{}, err
	}
	if err := c.Server.CheckMapping(index, old.ID, next); err != nil {
		return store.Doc{}, err
	}
	return c.Server.Put(c, index, old.ID, next, on)
}
