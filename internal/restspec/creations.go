package restspec

import (
	"cmp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/family"
)

// Creations are the calls that create something which can be deleted by its
// path, of all that is no part of an index. Their ids are paths.
func (s *Spec) Creations() []family.Creation {
	var out []family.Creation
	for _, name := range s.Names() {
		for _, p := range s.apis[name].Paths {
			switch {
			case s.puts(p):
				out = append(out, s.put(p))
			case slices.Contains(p.Methods, "POST"):
				out = append(out, s.posts(p)...)
			}
		}
	}
	// The longer of two paths says more about a request.
	slices.SortStableFunc(out, func(a, b family.Creation) int {
		return cmp.Compare(strings.Count(b.Request.Path, "/"), strings.Count(a.Request.Path, "/"))
	})
	return out
}

// puts reports whether a path creates what can be deleted there.
func (s *Spec) puts(p Path) bool {
	segments := strings.Split(p.Template, "/")
	_, named := part(segments[len(segments)-1])
	_, inIndex := part(segments[1])
	return named && !inIndex && slices.Contains(p.Methods, "PUT") && len(s.deletable[shape(p.Template)]) > 0
}

// put is the creation of what is at a path. Something that it is a part of may
// come into being with it, or the index that its body has it write to.
func (s *Spec) put(p Path) family.Creation {
	id := lettered(p.Template)
	c := family.Creation{Call: family.Call{Request: family.NewRequest(id, p.Methods...)}, ID: id, Fresh: family.Fresh{Asked: true}}
	c.Brings = &family.Brings{Kind: "index", Each: family.Each{Of: "request", At: "/dest/index"}}
	if owner, ok := s.Owner(p); ok && owner != p.Template {
		c.Brings = &family.Brings{Kind: "unknown", ID: strings.Join(strings.Split(id, "/")[:strings.Count(owner, "/")+1], "/")}
	}
	return c
}

// posts are the creations of members of the collection at a path. The answer
// tells the member's id, if there is one: of a search that has ended, nothing
// is kept.
func (s *Spec) posts(p Path) []family.Creation {
	collection := strings.TrimPrefix(p.Template, "/{index}")
	member, _, ok := s.Member(collection)
	if !ok || strings.Contains(collection, "{") {
		return nil
	}
	id := member[:strings.LastIndex(member, "/")] + "/{answer}"
	call := family.Call{Request: family.NewRequest(lettered(p.Template), "POST")}
	return []family.Creation{{Call: call, ID: id, Answer: "/id", Maybe: true}}
}

// lettered names the parts of a template a, b and so on.
func lettered(template string) string {
	segments := strings.Split(template, "/")
	letter := 'a'
	for i, segment := range segments {
		if _, is := part(segment); is {
			segments[i] = "{" + string(letter) + "}"
			letter++
		}
	}
	return strings.Join(segments, "/")
}
