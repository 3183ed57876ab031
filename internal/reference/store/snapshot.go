package store

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/esconform/esconform/internal/reference/xcontent"
)

// snapshot is what Save writes.
type snapshot struct {
	Indices map[string]savedIndex `json:"indices"`
}

type savedIndex struct {
	UUID string           `json:"uuid"`
	Seq  int64            `json:"seq"`
	Docs []savedDoc       `json:"docs"`
	Gone map[string]int64 `json:"gone,omitempty"`
	Bare bool             `json:"bare,omitempty"`
}

type savedDoc struct {
	ID      string          `json:"id"`
	Version int64           `json:"version"`
	SeqNo   int64           `json:"seq_no"`
	Source  json.RawMessage `json:"source"`
}

// Save writes everything that is stored.
func (s *Store) Save(w io.Writer) error {
	out := snapshot{Indices: map[string]savedIndex{}}
	s.mu.RLock()
	for name, ix := range s.indices {
		docs := make([]savedDoc, 0, len(ix.docs))
		for _, d := range ix.docs {
			docs = append(docs, savedDoc{d.ID, d.Version, d.SeqNo, xcontent.JSON(d.Source)})
		}
		slices.SortFunc(docs, func(a, b savedDoc) int { return cmp.Compare(a.SeqNo, b.SeqNo) })
		out.Indices[name] = savedIndex{ix.uuid, ix.seq, docs, maps.Clone(ix.gone), ix.bare}
	}
	s.mu.RUnlock()
	if err := json.NewEncoder(w).Encode(out); err != nil {
		return fmt.Errorf("write stored documents: %w", err)
	}
	return nil
}

// Load replaces everything that is stored by what Save wrote.
func (s *Store) Load(r io.Reader) error {
	var in snapshot
	if err := json.NewDecoder(r).Decode(&in); err != nil {
		return fmt.Errorf("read stored documents: %w", err)
	}
	indices := map[string]*index{}
	for name, saved := range in.Indices {
		ix := &index{uuid: saved.UUID, seq: saved.Seq, docs: map[string]Doc{}, gone: saved.Gone, bare: saved.Bare}
		if ix.gone == nil {
			ix.gone = map[string]int64{}
		}
		for _, d := range saved.Docs {
			source, err := xcontent.ParseObject(d.Source)
			if err != nil {
				return fmt.Errorf("read stored document %s/%s: %w", name, d.ID, err)
			}
			ix.docs[d.ID] = Doc{ID: d.ID, Source: source, Version: d.Version, SeqNo: d.SeqNo}
		}
		indices[name] = ix
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.indices = indices
	return nil
}
