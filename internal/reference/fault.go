package reference

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/esconform/esconform/internal/nearest"
	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/security"
	"github.com/esconform/esconform/internal/reference/store"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// Fault is one named defect that a server can be told to have. What it does
// is told by hooks, each of which is optional.
type Fault struct {
	// ID names it, in the manner of requirement ids.
	ID string
	// Sentence says what is wrong with a server that has it.
	Sentence string
	// Requirements are the ids of those that have to catch it.
	Requirements []string
	// Emulate is the version to show it with, "" for the newest: faults of
	// one version's behaviour show only there.
	Emulate string
	// Security says that it shows only on a server with security on.
	Security bool

	ops   []string // the calls it meddles with; all of them where it is empty
	every int64    // only every nth of them, where it is above 1

	request  func(*call) *response                                  // may change the call or answer it
	answer   func(*call, *response) *response                       // may change the answer
	update   func(c *call, old store.Doc, partial *xcontent.Object) // may change what is merged
	write    func(c *call, old store.Doc, next *xcontent.Object)    // may change what is stored
	read     func(c *call, f *activeFault, index, id string, d store.Doc, found bool) (store.Doc, bool)
	after    func(c *call, resp *response) // side effects once the answer is made
	changes  func(changed bool) bool       // may overrule whether an update changed anything
	blind    bool                          // writes without looking for conflicts
	torn     bool                          // writes field by field
	upserts  bool                          // an update creates what it does not find
	unmapped bool                          // documents are stored whatever the mapping says
	crowd    bool                          // updates at the same time conflict, whatever they update
	mixes    bool                          // updates at the same time see each other's counts
	features func(*features)               // what the version can do
	loaded   func(*Server)                 // after a restart

	// defects are those of who may do what; judge may overrule whether the
	// privileges suffice. Both show only where security is on.
	defects security.Defects
	judge   func(c *call, denied *eserr.Error) *eserr.Error
}

// activeFault is the fault of one server, with what it remembers.
type activeFault struct {
	*Fault
	calls atomic.Int64
	mu    sync.Mutex
	prev  map[string]store.Doc // the version before the last write
	other *xcontent.Object     // what another update is about to store
}

// inCrowd is for faults that show where updates of different documents meet.
func (f *activeFault) inCrowd(c *call, id string, partial *xcontent.Object) *eserr.Error {
	if f == nil || !c.faulty || (!f.crowd && !f.mixes) {
		return nil
	}
	f.mu.Lock()
	f.other = partial.Clone().Set("of", id)
	f.mu.Unlock()
	time.Sleep(3 * time.Millisecond) // for the others to come as far
	if same, all := c.server.busy.with(id); all <= same {
		return nil
	}
	if f.crowd {
		return eserr.New(409, "version_conflict_engine_exception", "[%s]: version conflict, another document is being written", id)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.other.String("of") != id {
		partial.SetIf("indexed_document_count", f.other.Get("indexed_document_count"))
	}
	return nil
}

func (f *activeFault) tears(c *call) bool { return f != nil && c.faulty && f.torn }

// tornPause is how long a torn update stands half written.
const tornPause = time.Millisecond

// putTorn writes the changes of a document field by field, each for itself.
func (s *Server) putTorn(index string, old store.Doc, next *xcontent.Object) (d store.Doc, err *eserr.Error) {
	if err := s.checkMapping(index, old.ID, next); err != nil {
		return d, err
	}
	for _, k := range next.Keys() {
		if xcontent.Equal(old.Source.Get(k), next.Get(k)) && k != "last_seen" {
			continue
		}
		time.Sleep(tornPause)
		now, found := s.store.Get(index, old.ID)
		if !found {
			return d, s.documentMissing(index, old.ID)
		}
		if d, err = s.store.Put(index, old.ID, now.Source.Clone().Set(k, next.Get(k)), store.Any); err != nil {
			return d, err
		}
	}
	return d, nil
}

// faultByID finds a fault in the catalogue.
func faultByID(id string) (*activeFault, error) {
	all := Faults()
	names := make([]string, len(all))
	for i := range all {
		if all[i].ID == id {
			return &activeFault{Fault: &all[i], prev: map[string]store.Doc{}}, nil
		}
		names[i] = all[i].ID
	}
	return nil, fmt.Errorf("there is no fault %q%s; see \"esconform selftest --list\"", id, nearest.Hint(id, names))
}

// onRequest decides whether the fault shows in this call. It may answer it.
func (f *activeFault) onRequest(c *call) *response {
	if f == nil || (len(f.ops) > 0 && !slices.Contains(f.ops, c.op)) {
		return nil
	}
	if n := f.calls.Add(1); f.every > 1 && n%f.every != 0 {
		return nil
	}
	c.faulty = true
	if f.request == nil {
		return nil
	}
	return f.request(c)
}

// onResponse may change an answer, and brings about side effects.
func (f *activeFault) onResponse(c *call, r *response) *response {
	if f == nil || !c.faulty {
		return r
	}
	if f.after != nil {
		f.after(c, r)
	}
	if f.answer != nil {
		return f.answer(c, r)
	}
	return r
}

func (f *activeFault) onUpdate(c *call, old store.Doc, partial *xcontent.Object) {
	if f != nil && c.faulty && f.update != nil {
		f.update(c, old, partial)
	}
}

func (f *activeFault) onWrite(c *call, old store.Doc, next *xcontent.Object) {
	if f == nil {
		return
	}
	f.mu.Lock()
	f.prev[old.ID] = old
	f.mu.Unlock()
	if c.faulty && f.write != nil {
		f.write(c, old, next)
	}
}

func (f *activeFault) onRead(c *call, index, id string, d store.Doc, found bool) (store.Doc, bool) {
	if f == nil || !c.faulty || f.read == nil {
		return d, found
	}
	return f.read(c, f, index, id, d, found)
}

// judged is what becomes of a request that is allowed (nil) or denied.
func (f *activeFault) judged(c *call, denied *eserr.Error) *eserr.Error {
	if f == nil || !c.faulty || f.judge == nil {
		return denied
	}
	return f.judge(c, denied)
}

// previous returns the version of a document before its last write, the
// present one where it has none.
func (f *activeFault) previous(id string, d store.Doc) store.Doc {
	f.mu.Lock()
	defer f.mu.Unlock()
	if p, ok := f.prev[id]; ok && p.Source != nil {
		return p
	}
	return d
}

// changed tells whether an update is written.
func (f *activeFault) changed(changed bool, before, after *xcontent.Object) bool {
	if f == nil {
		return changed
	}
	changed = changed || !xcontent.Equal(before, after)
	if f.changes != nil {
		return f.changes(changed)
	}
	return changed
}

// condition is what an update of a document insists on.
func (f *activeFault) condition(c *call, seqNo int64) store.Condition {
	if f != nil && c.faulty && f.blind {
		return store.Any
	}
	return store.At(seqNo)
}

func (f *activeFault) mappingError(c *call, err *eserr.Error) *eserr.Error {
	if f != nil && c.faulty && f.unmapped {
		return nil
	}
	return err
}

// upsert writes an update's fields as a new document where there is none, if
// that is the fault.
func (f *activeFault) upsert(c *call, index, id string, partial *xcontent.Object) (store.Doc, bool) {
	if f == nil || !c.faulty || !f.upserts {
		return store.Doc{}, false
	}
	if _, exists := c.server.store.Get(index, id); exists {
		return store.Doc{}, false
	}
	d, err := c.server.store.Put(index, id, partial, store.Absent)
	return d, err == nil
}
