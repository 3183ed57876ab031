package resttest

import (
	"fmt"
	"maps"
	"slices"
)

// SetUp is the set-up of a file, without its tests: what it makes stays. LeftOut
// says why it is not to be performed beside the others, or is empty.
type SetUp struct {
	*Test
	LeftOut string
}

// SetUps are those of the files of tests, in their order, but for those of a
// serverless Elasticsearch alone, which come last. One is left out that shares a
// name with one before it, or touches what it does not name.
func SetUps(tests []*Test) []SetUp {
	var out []SetUp
	tests = slices.Clone(tests)
	slices.SortStableFunc(tests, func(a, b *Test) int { return a.elsewhere() - b.elsewhere() })
	taken := map[string]string{} // by name, the file
	done := map[string]bool{}
	for _, t := range tests {
		s, has := t.setUp()
		if done[t.FileID] || !has {
			continue
		}
		done[t.FileID] = true
		left := s.collides(taken)
		if left == "" {
			for _, name := range s.Touches.Names {
				taken[name] = t.File
			}
		}
		out = append(out, SetUp{s, left})
	}
	return out
}

// elsewhere is 1 where a test is for a serverless Elasticsearch alone, else 0.
func (t *Test) elsewhere() int {
	if slices.ContainsFunc(t.Steps, func(st Step) bool { f, is := st.action.(flavours); return is && !f.stack }) {
		return 1
	}
	return 0
}

// collides says why a set-up is not to be performed beside those that have taken
// names, "" where nothing speaks against it.
func (t *Test) collides(taken map[string]string) string {
	if t.Touches.Alone {
		return "its set-up touches what it does not name"
	}
	for _, name := range slices.Sorted(maps.Keys(taken)) {
		if slices.ContainsFunc(t.Touches.Names, func(n string) bool { return overlap(n, name) }) {
			return fmt.Sprintf("its set-up uses the name %s, as that of %s does", name, taken[name])
		}
	}
	return ""
}

// setUp is what the set-up of a test's file is alone, if there is any.
func (t *Test) setUp() (*Test, bool) {
	s := *t
	s.ID, s.Name = t.FileID+"/setup", "setup"
	s.Steps = slices.DeleteFunc(slices.Clone(t.Steps), func(st Step) bool { return st.Part != Setup && st.Part != Condition })
	s.APIs = nil
	for _, d := range s.calls() {
		s.APIs = append(s.APIs, d.api.Name)
	}
	slices.Sort(s.APIs)
	s.APIs = slices.Compact(s.APIs)
	s.Touches = s.touches()
	return &s, slices.ContainsFunc(s.Steps, func(st Step) bool { return st.Part == Setup })
}
