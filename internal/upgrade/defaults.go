package upgrade

import (
	"slices"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
)

// viewNew is how differences speak of what a new one has by default.
const viewNew = "as a new one"

// pair is what is seen of an old thing and of a new one.
type pair struct{ old, made *Sight }

// counterparts are new things with what was made in the same way on the old
// version, nil where nothing was.
func counterparts(old, made Snapshot) []pair {
	var out []pair
	for i := range made {
		a := &made[i]
		if isBacking(a) || a.Verb != "" || a.View != viewRead || !a.There {
			continue
		}
		p := pair{made: a}
		if j := slices.IndexFunc(old, func(s Sight) bool { return s.madeAs(a.Subject) && s.View == a.View && s.There }); j >= 0 {
			p.old = &old[j]
		}
		out = append(out, p)
	}
	return out
}

// defaults lists how a new thing differs from an old one that was made in the same
// way. Ids and times are others by themselves, and so is what differs from one to
// the next on the old version.
func (p pair) defaults(r *family.Resource, old Snapshot) []Difference {
	var out []Difference
	own := chance(r, p.old, old)
	for _, c := range jsonval.Diff(plain(r, p.old), plain(r, p.made)) {
		if own[c.Pointer] {
			continue
		}
		out = append(out, Difference{
			Requirement: reqDefaults, Group: p.made.Group, ID: p.made.ID, Kind: p.made.Kind, View: viewNew,
			Pointer: c.Pointer, Change: c.Kind, Before: c.Before, After: c.After, Sights: [2]*Sight{p.old, p.made},
		})
	}
	return out
}

// chance are the pointers to what differs between one and another of the same.
func chance(r *family.Resource, one *Sight, all Snapshot) map[string]bool {
	own := map[string]bool{}
	for i := range all {
		if s := &all[i]; s.Group == one.Group && s.Written == one.Written && s.View == one.View && s.ID != one.ID && s.There {
			for _, c := range jsonval.Diff(plain(r, one), plain(r, s)) {
				own[c.Pointer] = true
			}
			break
		}
	}
	return own
}

// madeAs reports whether two subjects were made in the same way: a state that no
// call of the old version leads to was written.
func (s Subject) madeAs(other Subject) bool {
	return s.Group == other.Group && s.Verb == other.Verb && s.Written == other.Written
}

// plain is what is seen of a subject without what differs from one to the next.
func plain(r *family.Resource, s *Sight) any {
	doc := jsonval.Clone(s.Doc)
	for _, pointer := range r.Varies {
		remove(doc, pointer)
	}
	return renamed(doc, s.names())
}

// names replaces the ids of a subject, and of what it belongs to.
func (s Subject) names() *strings.Replacer {
	pairs := []string{s.ID, "<id>"}
	for name, id := range s.Of {
		if id != "" && id != s.ID {
			pairs = append(pairs, id, "<"+name+">")
		}
	}
	return strings.NewReplacer(pairs...)
}

// remove takes the member at a pointer out of a document.
func remove(doc any, pointer string) {
	at := strings.LastIndex(pointer, "/")
	above, _ := jsonval.Pointer(doc, pointer[:at])
	if members, ok := above.(map[string]any); ok {
		delete(members, jsonval.Unescape(pointer[at+1:]))
	}
}

// instant stands for any.
const instant = "<time>"

// renamed is a document with names replaced, and instants.
func renamed(doc any, names *strings.Replacer) any {
	switch doc := doc.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, v := range doc {
			out[names.Replace(k)] = renamed(v, names)
		}
		return out
	case []any:
		out := make([]any, len(doc))
		for i, v := range doc {
			out[i] = renamed(v, names)
		}
		return out
	case string:
		if _, err := time.Parse(time.RFC3339Nano, doc); err == nil {
			return instant
		}
		return names.Replace(doc)
	}
	return doc
}
