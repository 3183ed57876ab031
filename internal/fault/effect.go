package fault

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/security"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// The words that faults are made of, shorter.
type (
	call     = reference.Call
	response = reference.Response
	hooks    = reference.Hooks
	object   = xcontent.Object
	doc      = store.Doc
)

// What calls, answers, documents and values can be, and what becomes of values.
type (
	cond    = func(*call) bool
	test    = func(*response) bool
	docs    = func(doc) bool
	kind    = func(v any) bool
	mapping = func(v any) any
)

// effect does a step of a call otherwise than the hooks it is given.
type effect func(c *call, h hooks, l *live) hooks

// live is a fault of one server, with what it remembers.
type live struct {
	Fault
	calls  atomic.Int64
	mu     sync.Mutex
	before map[string]doc // documents as they were before the last write
	other  *object        // what another update is about to store
}

func newLive(f Fault) *live { return &live{Fault: f, before: map[string]doc{}} }

// hooks returns those of a call: with the effects of the fault where it shows.
func (l *live) hooks(c *call) hooks {
	var h hooks = remembering{live: l}
	if !l.shows(c) {
		return h
	}
	for _, e := range l.effects {
		h = e(c, h, l)
	}
	return h
}

func (l *live) shows(c *call) bool {
	if len(l.ops) > 0 && !slices.Contains(l.ops, c.Op) {
		return false
	}
	n := l.calls.Add(1)
	return l.nth <= 1 || n%l.nth == 0
}

// remembering keeps what documents were before they were written.
type remembering struct {
	reference.Plain
	live *live
}

func (r remembering) Merge(c *call, old doc, changes *object) (*object, bool, *failure) {
	r.live.mu.Lock()
	r.live.before[old.ID] = old
	r.live.mu.Unlock()
	return r.Plain.Merge(c, old, changes)
}

// previous returns a document as it was before its last write, as it is where
// there was none.
func (l *live) previous(d doc) doc {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p, ok := l.before[d.ID]; ok && p.Source != nil {
		return p
	}
	return d
}

// when has effects only in calls for which something holds as they begin.
func when(holds cond, effects ...effect) effect {
	return func(c *call, h hooks, l *live) hooks {
		if holds(c) {
			for _, e := range effects {
				h = e(c, h, l)
			}
		}
		return h
	}
}

// both has two effects, the first nearer to the server.
func both(first, second effect) effect { return when(func(*call) bool { return true }, first, second) }

// step replaces those steps of the hooks that are given; plain is what these
// would do.
type step struct {
	hooks
	serve func(c *call, plain func() *response) *response
	who   func(c *call, who *subject, err *failure) (*subject, *failure)
	judge func(c *call, denied *failure) *failure
	read  func(c *call, index string, d doc) (doc, bool)
	merge func(c *call, old doc, changes *object, plain merged) (*object, bool, *failure)
	put   func(c *call, index string, old doc, next *object, on store.Condition) (doc, *failure)
}

type (
	subject = security.Subject
	failure = eserr.Error
	// merged is what becomes of an old document and of changes.
	merged func() (next *object, changed bool, err *failure)
)

func (s step) Serve(c *call) *response {
	if s.serve == nil {
		return s.hooks.Serve(c)
	}
	return s.serve(c, func() *response { return s.hooks.Serve(c) })
}

func (s step) Authenticate(c *call) (*subject, *failure) {
	who, err := s.hooks.Authenticate(c)
	if s.who == nil {
		return who, err
	}
	return s.who(c, who, err)
}

func (s step) Authorize(c *call) *failure {
	denied := s.hooks.Authorize(c)
	if s.judge == nil {
		return denied
	}
	return s.judge(c, denied)
}

func (s step) Read(c *call, index string, d doc) (doc, bool) {
	d, found := s.hooks.Read(c, index, d)
	if !found || s.read == nil {
		return d, found
	}
	return s.read(c, index, d)
}

func (s step) Merge(c *call, old doc, changes *object) (*object, bool, *failure) {
	if s.merge == nil {
		return s.hooks.Merge(c, old, changes)
	}
	return s.merge(c, old, changes, func() (*object, bool, *failure) { return s.hooks.Merge(c, old, changes) })
}

func (s step) Put(c *call, index string, old doc, next *object, on store.Condition) (doc, *failure) {
	if s.put == nil {
		return s.hooks.Put(c, index, old, next, on)
	}
	return s.put(c, index, old, next, on)
}

// on replaces the steps of hooks.
func (s step) on(h hooks) hooks {
	s.hooks = h
	return s
}

// effect replaces steps in any call.
func (s step) effect(_ *call, h hooks, _ *live) hooks { return s.on(h) }

// stale shows documents as they were before the last write.
func stale(_ *call, h hooks, l *live) hooks {
	return step{read: func(_ *call, _ string, d doc) (doc, bool) { return l.previous(d), true }}.on(h)
}
