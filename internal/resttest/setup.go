package resttest

import (
	"fmt"
	"slices"
)

// SetUp is the set-up of a file, without its tests: what it makes stays. LeftOut
// says why it is not to be performed beside the others, or is empty.
type SetUp struct {
	*Test
	LeftOut string
}

// SetUps are those of the files of tests, in their order. One is left out that
// shares a name with one before it, or touches what it does not name.
func SetUps(tests []*Test) []SetUp {
	var out []SetUp
	taken := map[string]string{} // by name, the file
	done := map[string]bool{}
	for _, t := range tests {
		if done[t.FileID] {
			continue
		}
		done[t.FileID] = true
		s, has := t.setUp()
		if !has {
			continue
		}
		left := ""
		for name, file := range taken {
			if slices.ContainsFunc(s.Touches.Names, func(n string) bool { return overlap(n, name) }) {
				left = fmt.Sprintf("its set-up uses the name %s, as that of %s does", name, file)
				break
			}
		}
		if s.Touches.Alone {
			left = "its set-up touches what it does not name"
		}
		if left == "" {
			for _, name := range s.Touches.Names {
				taken[name] = t.File
			}
		}
		out = append(out, SetUp{s, left})
	}
	return out
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
