// Package upgrade sees what becomes of what an older version has stored: it makes
// what the catalogues know in every state, observes it through every view,
// compares what a newer version shows of it, and has old things take every call as
// new ones do. What it finds are scenarios of a run, with requirements of their
// own.
package upgrade

import (
	"maps"
	"strings"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/result"
)

// Subject is something that has to be carried over.
type Subject struct {
	// Group puts together what is alike: the name of a resource, and a state.
	Group string
	Kind  string
	// ID is its whole id; Of are the names in its paths: its own as id, and the
	// ids of what it needs by their kinds.
	ID string
	Of map[string]string
	// Verb is the call that it is there for, "" for none.
	Verb string
	// Written: what is stored of it was written past the API.
	Written bool
}

// unknown is the kind of what no catalogue has: its id is its path.
const unknown = "unknown"

// Kept are the subjects that a run has kept in a target.
func Kept(set family.Set, res result.Resources, of string) []Subject {
	var out []Subject
	for _, l := range res.Leftovers {
		if !l.Kept {
			continue
		}
		s := Subject{Group: of + ", " + l.Kind, Kind: l.Kind, ID: l.ID, Of: map[string]string{"id": l.ID}}
		r, known := set.Kind(l.Kind)
		switch {
		case known:
			s.Group, s.Of = of+", "+r.Name, r.NamesOf(l.ID)
		case l.Kind != unknown:
			continue // a change of what is there anyway
		}
		out = append(out, s)
	}
	return out
}

// fill puts the names of a subject into a path.
func (s Subject) fill(path string) string {
	values := s.Of
	if strings.Contains(path, "{raw}") {
		values = maps.Clone(s.Of)
		values["id"] = s.ID
	}
	return family.Fill(path, values)
}

// slug is a group as it stands in ids.
func slug(group string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(group) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_', r == '.':
			b.WriteRune(r)
		case r == ',' && b.Len() > 0:
			b.WriteByte('/')
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-") && !strings.HasSuffix(b.String(), "/"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-/")
}
