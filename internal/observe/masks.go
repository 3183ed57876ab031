package observe

import (
	"slices"
	"strings"
)

// masks is what the rules replaced: rule → pointer.
type masks map[string]map[string]bool

func (m masks) add(rule, pointer string) {
	if m[rule] == nil {
		m[rule] = map[string]bool{}
	}
	m[rule][pointer] = true
}

func (m masks) join(list []Mask) {
	for _, mask := range list {
		for _, pointer := range mask.Pointers {
			m.add(mask.Rule, pointer)
		}
	}
}

// list returns the masks sorted by rule, each with its pointers sorted.
func (m masks) list() []Mask {
	var out []Mask
	for rule, pointers := range m {
		mask := Mask{Rule: rule}
		for p := range pointers {
			mask.Pointers = append(mask.Pointers, p)
		}
		slices.Sort(mask.Pointers)
		out = append(out, mask)
	}
	slices.SortFunc(out, func(a, b Mask) int { return strings.Compare(a.Rule, b.Rule) })
	return out
}
