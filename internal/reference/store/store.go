// Package store keeps documents in memory with the versions and sequence
// numbers that Elasticsearch gives them.
package store

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// Doc is one version of a document. It never changes.
type Doc struct {
	ID      string
	Source  *xcontent.Object
	Version int64
	SeqNo   int64
	// Created says of what Put returns that there was no such document before.
	Created bool
}

// Store holds indices. It is safe for concurrent use.
type Store struct {
	mu        sync.RWMutex
	indices   map[string]*index
	aliases   map[string]string // alias to index
	rand      *rand.Rand
	templated func() bool       // see New
	journal   func(Entry) error // nil: changes are written down nowhere
}

type index struct {
	uuid string
	seq  int64 // of the next write
	docs map[string]Doc
	// gone holds the version of deleted documents: a new one goes on from it.
	gone map[string]int64
	bare bool // made without a template, so that no alias leads to it
}

// New makes a store. The random numbers make the uuids of indices. templated
// tells whether an index that is made now gets its alias; nil: every one does.
func New(random *rand.Rand, aliases map[string]string, templated func() bool) *Store {
	return &Store{indices: map[string]*index{}, aliases: aliases, rand: random, templated: templated}
}

// Resolve returns the index behind a name or an alias, and whether it exists.
func (s *Store) Resolve(name string) (string, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if to, ok := s.aliases[name]; ok {
		if ix, made := s.indices[to]; made && ix.bare {
			return name, false
		}
		name = to
	}
	_, ok := s.indices[name]
	return name, ok
}

// Unalias has no alias lead to an index any more.
func (s *Store) Unalias(index string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.aliases, func(_, to string) bool { return to == index })
}

// AliasOf returns the alias of an index, "" where it has none.
func (s *Store) AliasOf(name string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for alias, to := range s.aliases {
		if ix, made := s.indices[name]; to == name && !(made && ix.bare) {
			return alias
		}
	}
	return ""
}

// Bare reports whether an index was made without its template.
func (s *Store) Bare(name string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ix, ok := s.indices[name]
	return ok && ix.bare
}

// Create makes an index unless it exists; it reports whether it made one.
func (s *Store) Create(name string) (created bool, err *eserr.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.indices[name]; ok {
		return false, nil
	}
	_, err = s.create(name)
	return err == nil, err
}

func (s *Store) create(name string) (*index, *eserr.Error) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	uuid := make([]byte, 22)
	for i := range uuid {
		uuid[i] = letters[s.rand.IntN(len(letters))]
	}
	bare := s.templated != nil && !s.templated()
	if err := s.note(func() Entry { return Entry{Op: OpIndex, Index: name, UUID: string(uuid), Bare: bare} }); err != nil {
		return nil, err
	}
	ix := &index{uuid: string(uuid), docs: map[string]Doc{}, gone: map[string]int64{}, bare: bare}
	s.indices[name] = ix
	return ix, nil
}

// Drop removes an index with everything in it.
func (s *Store) Drop(name string) *eserr.Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.indices[name]; !ok {
		return nil
	}
	if err := s.note(func() Entry { return Entry{Op: OpDrop, Index: name} }); err != nil {
		return err
	}
	delete(s.indices, name)
	return nil
}

// Names returns the names of all indices, sorted.
func (s *Store) Names() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	names := make([]string, 0, len(s.indices))
	for n := range s.indices {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// UUID returns the uuid of an index, "_na_" where there is none.
func (s *Store) UUID(name string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if ix, ok := s.indices[name]; ok {
		return ix.uuid
	}
	return "_na_"
}

// Get returns a document.
func (s *Store) Get(name, id string) (Doc, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ix, ok := s.indices[name]
	if !ok {
		return Doc{}, false
	}
	d, ok := ix.docs[id]
	return d, ok
}

// All returns the documents of an index in the order of their last writes.
func (s *Store) All(name string) []Doc {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ix, ok := s.indices[name]
	if !ok {
		return nil
	}
	return ix.sorted()
}

// sorted returns the documents in the order of their last writes.
func (ix *index) sorted() []Doc {
	docs := make([]Doc, 0, len(ix.docs))
	for _, d := range ix.docs {
		docs = append(docs, d)
	}
	slices.SortFunc(docs, func(a, b Doc) int { return cmp.Compare(a.SeqNo, b.SeqNo) })
	return docs
}

// Count returns the number of documents in an index.
func (s *Store) Count(name string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if ix, ok := s.indices[name]; ok {
		return len(ix.docs)
	}
	return 0
}

// PrimaryTerm is that of every write: there is one node.
const PrimaryTerm = 1

// Condition is what a write demands of the document that is there.
type Condition struct{ SeqNo, Term int64 }

var (
	// Any is the condition of a write that has none.
	Any = Condition{SeqNo: -1}
	// Absent is the condition of a write that must find no document.
	Absent = Condition{SeqNo: -2}
)

// At is the condition of a write that must find what was written with that
// sequence number.
func At(seqNo int64) Condition { return Condition{seqNo, PrimaryTerm} }

// Put writes a document if its condition holds, which is otherwise answered by
// a version conflict. The source must not be changed afterwards.
func (s *Store) Put(name, id string, source *xcontent.Object, on Condition) (Doc, *eserr.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ix, ok := s.indices[name]
	if !ok {
		var err *eserr.Error
		if ix, err = s.create(name); err != nil {
			return Doc{}, err
		}
	}
	old, exists := ix.docs[id]
	if err := ix.check(name, id, old, exists, on); err != nil {
		return Doc{}, err
	}
	version := old.Version
	if !exists {
		version = ix.gone[id]
	}
	d := Doc{ID: id, Source: source, Version: version + 1, SeqNo: ix.seq}
	if err := s.note(func() Entry { return putEntry(name, d) }); err != nil {
		return Doc{}, err
	}
	ix.put(d)
	d.Created = !exists // also after a deletion, whose version counts on
	return d, nil
}

func (ix *index) put(d Doc) {
	delete(ix.gone, d.ID)
	ix.docs[d.ID] = d
	ix.seq = max(ix.seq, d.SeqNo+1)
}

// Delete removes a document. Where there is none, found is false and the
// version is that of the attempt.
func (s *Store) Delete(name, id string, on Condition) (d Doc, found bool, err *eserr.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ix, ok := s.indices[name]
	if !ok {
		return Doc{}, false, nil
	}
	old, exists := ix.docs[id]
	if err := ix.check(name, id, old, exists, on); err != nil {
		return Doc{}, false, err
	}
	version := old.Version
	if !exists {
		version = ix.gone[id]
	}
	d = Doc{ID: id, Version: version + 1, SeqNo: ix.seq}
	if err := s.note(func() Entry { return Entry{Op: OpDelete, Index: name, ID: id, Version: d.Version, SeqNo: d.SeqNo} }); err != nil {
		return Doc{}, false, err
	}
	ix.remove(d)
	return d, exists, nil
}

func (ix *index) remove(d Doc) {
	delete(ix.docs, d.ID)
	ix.gone[d.ID] = d.Version
	ix.seq = max(ix.seq, d.SeqNo+1)
}

// check holds a write's condition against the document that is there.
func (ix *index) check(name, id string, old Doc, exists bool, on Condition) *eserr.Error {
	switch {
	case on == Any, on == Absent && !exists, exists && on == At(old.SeqNo):
		return nil
	case on == Absent:
		return ix.conflict(name, id, fmt.Sprintf("document already exists (current version [%d])", old.Version))
	case !exists:
		return ix.conflict(name, id, fmt.Sprintf("required seqNo [%d], primary term [%d]. but no document was found", on.SeqNo, on.Term))
	}
	return ix.conflict(name, id, fmt.Sprintf("required seqNo [%d], primary term [%d]. current document has seqNo [%d] and primary term [%d]",
		on.SeqNo, on.Term, old.SeqNo, PrimaryTerm))
}

func (ix *index) conflict(name, id, problem string) *eserr.Error {
	return eserr.New(409, "version_conflict_engine_exception", "[%s]: version conflict, %s", id, problem).
		With(eserr.Field{Name: "index_uuid", Value: ix.uuid}, eserr.Field{Name: "shard", Value: "0"},
			eserr.Field{Name: "index", Value: name})
}

// Conflict is the answer to a request that expects another document.
func (s *Store) Conflict(name, id, problem string) *eserr.Error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.indices[name].conflict(name, id, problem)
}

// Check holds a condition against the document that is there now.
func (s *Store) Check(name string, d Doc, on Condition) *eserr.Error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ix, ok := s.indices[name]
	if !ok {
		return nil
	}
	return ix.check(name, d.ID, d, true, on)
}
