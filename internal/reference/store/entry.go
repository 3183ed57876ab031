package store

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/esconform/esconform/internal/reference/eserr"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// Entry is one change of what is stored. A store is what its entries make one
// after the other.
type Entry struct {
	Op      Op              `json:"op"`
	Index   string          `json:"index"`
	UUID    string          `json:"uuid,omitempty"` // of an index
	ID      string          `json:"id,omitempty"`   // of a document
	Version int64           `json:"version,omitempty"`
	SeqNo   int64           `json:"seq_no"` // of an index: that of its next change
	Source  json.RawMessage `json:"source,omitempty"`
}

// Op is what an entry does.
type Op string

// The kinds of entries.
const (
	OpIndex  Op = "index"  // creates an index
	OpDrop   Op = "drop"   // removes an index
	OpPut    Op = "put"    // writes a document
	OpDelete Op = "delete" // removes a document, or notes that it is gone
)

// Journal has every change written down before it is made: one that cannot be
// is not made.
func (s *Store) Journal(write func(Entry) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal = write
}

// note writes a change down.
func (s *Store) note(change func() Entry) *eserr.Error {
	if s.journal == nil {
		return nil
	}
	if err := s.journal(change()); err != nil {
		return eserr.JavaError("i_o_exception", "%s", err)
	}
	return nil
}

func putEntry(index string, d Doc) Entry {
	return Entry{Op: OpPut, Index: index, ID: d.ID, Version: d.Version, SeqNo: d.SeqNo, Source: xcontent.JSON(d.Source)}
}

// Entries returns the shortest list of entries that make what is stored.
func (s *Store) Entries() []Entry {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var entries []Entry
	for _, name := range slices.Sorted(maps.Keys(s.indices)) {
		ix := s.indices[name]
		entries = append(entries, Entry{Op: OpIndex, Index: name, UUID: ix.uuid, SeqNo: ix.seq})
		for _, id := range slices.Sorted(maps.Keys(ix.gone)) {
			entries = append(entries, Entry{Op: OpDelete, Index: name, ID: id, Version: ix.gone[id]})
		}
		for _, d := range ix.sorted() {
			entries = append(entries, putEntry(name, d))
		}
	}
	return entries
}

// Reset removes everything.
func (s *Store) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.indices = map[string]*index{}
}

// Apply makes the change of an entry without writing it down.
func (s *Store) Apply(e Entry) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.Op == OpIndex {
		s.indices[e.Index] = &index{uuid: e.UUID, seq: e.SeqNo, docs: map[string]Doc{}, gone: map[string]int64{}}
		return nil
	}
	ix, ok := s.indices[e.Index]
	if !ok {
		return fmt.Errorf("index %q is not there", e.Index)
	}
	switch e.Op {
	case OpDrop:
		delete(s.indices, e.Index)
	case OpPut:
		source, err := xcontent.ParseObject(e.Source)
		if err != nil {
			return fmt.Errorf("document %s/%s: %w", e.Index, e.ID, err)
		}
		ix.put(Doc{ID: e.ID, Source: source, Version: e.Version, SeqNo: e.SeqNo})
	case OpDelete:
		ix.remove(Doc{ID: e.ID, Version: e.Version, SeqNo: e.SeqNo})
	default:
		return fmt.Errorf("unknown kind of entry %q", e.Op)
	}
	return nil
}
