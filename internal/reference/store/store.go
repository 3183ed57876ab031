// Package store keeps documents in memory with the versions and sequence
// numbers that Elasticsearch gives them.
package store

import (
	"cmp"
	"fmt"
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
	templated func() bool // see New
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

// Bare reports whether an index was made without its template.
func (s *Store) Bare(name string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ix, ok := s.indices[name]
	return ok && ix.bare
}

// Create makes an index unless it exists; it reports whether it made one.
func (s *Store) Create(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.indices[name]; ok {
		return false
	}
	s.create(name)
	return true
}

func (s *Store) create(name string) *index {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	uuid := make([]byte, 22)
	for i := range uuid {
		uuid[i] = letters[s.rand.IntN(len(letters))]
	}
	ix := &index{uuid: string(uuid), docs: map[string]Doc{}, gone: map[string]int64{}, bare: s.templated != nil && !s.templated()}
	s.indices[name] = ix
	return ix
}

// Drop removes an index with everything in it; it reports whether there was
// one.
func (s *Store) Drop(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.indices[name]
	delete(s.indices, name)
	return ok
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

// Any is the sequence number of a write that has no condition.
const Any int64 = -1

// Absent is the sequence number of a write that must find no document.
const Absent int64 = -2

// Put writes a document. The source must not be changed afterwards. With
// ifSeqNo, the document must be at that sequence number, or not be there at
// all; otherwise the answer is a version conflict.
func (s *Store) Put(name, id string, source *xcontent.Object, ifSeqNo int64) (Doc, *eserr.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ix, ok := s.indices[name]
	if !ok {
		ix = s.create(name)
	}
	old, exists := ix.docs[id]
	if err := ix.check(name, id, old, exists, ifSeqNo); err != nil {
		return Doc{}, err
	}
	version := old.Version
	if !exists {
		version = ix.gone[id]
		delete(ix.gone, id)
	}
	d := Doc{ID: id, Source: source, Version: version + 1, SeqNo: ix.seq}
	ix.seq++
	ix.docs[id] = d
	d.Created = !exists // also after a deletion, whose version counts on
	return d, nil
}

// Delete removes a document. Where there is none, found is false and the
// version is that of the attempt.
func (s *Store) Delete(name, id string, ifSeqNo int64) (d Doc, found bool, err *eserr.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ix, ok := s.indices[name]
	if !ok {
		return Doc{}, false, nil
	}
	old, exists := ix.docs[id]
	if err := ix.check(name, id, old, exists, ifSeqNo); err != nil {
		return Doc{}, false, err
	}
	version := old.Version
	if !exists {
		version = ix.gone[id]
	}
	ix.gone[id] = version + 1
	delete(ix.docs, id)
	ix.seq++
	return Doc{ID: id, Version: version + 1, SeqNo: ix.seq - 1}, exists, nil
}

// check holds a write's condition against the document that is there.
func (ix *index) check(name, id string, old Doc, exists bool, ifSeqNo int64) *eserr.Error {
	var problem string
	switch {
	case ifSeqNo == Any, ifSeqNo == Absent && !exists, exists && ifSeqNo == old.SeqNo:
		return nil
	case ifSeqNo == Absent:
		problem = fmt.Sprintf("document already exists (current version [%d])", old.Version)
	case !exists:
		problem = fmt.Sprintf("required seqNo [%d], primary term [1]. but no document was found", ifSeqNo)
	default:
		problem = fmt.Sprintf("required seqNo [%d], primary term [1]. current document has seqNo [%d] and primary term [1]",
			ifSeqNo, old.SeqNo)
	}
	return eserr.New(409, "version_conflict_engine_exception", "[%s]: version conflict, %s", id, problem).
		With(eserr.Field{Name: "index_uuid", Value: ix.uuid}, eserr.Field{Name: "shard", Value: "0"},
			eserr.Field{Name: "index", Value: name})
}
