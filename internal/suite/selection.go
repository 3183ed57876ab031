package suite

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/nearest"
	"github.com/esconform/esconform/internal/suite/tagexpr"
)

// Selection says which scenarios to run. Its parts are joined by "and"; the
// zero Selection selects everything.
type Selection struct {
	Profiles []string
	Tags     string
	IDs      []string // of scenarios, outlines or requirements, in which * stands for anything
	Shard    Shard
}

// Shard is part Index of Count equal parts; the zero Shard is the whole.
type Shard struct{ Index, Count int }

// String returns "1/4" for the first of four, "" for the whole.
func (s Shard) String() string {
	if s.Count == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.Index, s.Count)
}

// ParseShard reads "1/4".
func ParseShard(text string) (Shard, error) {
	if text == "" {
		return Shard{}, nil
	}
	var s Shard
	var rest string
	n, _ := fmt.Sscanf(text+" .", "%d/%d %s", &s.Index, &s.Count, &rest)
	if n != 3 || rest != "." || s.Count < 1 || s.Index < 1 || s.Index > s.Count {
		return Shard{}, fmt.Errorf("read shard %q: not of the form 1/4, with the first number from 1 to the second", text)
	}
	return s, nil
}

// Select returns the scenarios of a selection in the order of their files.
// Unknown names and an empty selection are errors: nothing selected by mistake
// must not look like a pass.
func (s *Suite) Select(sel Selection) ([]*Case, error) {
	for _, p := range sel.Profiles {
		if !slices.Contains(Profiles(), p) {
			return nil, fmt.Errorf("select profile %q: there is no such profile%s; profiles are %s", p, nearest.Hint(p, Profiles()), strings.Join(Profiles(), ", "))
		}
	}
	expr, err := s.parseTags(sel.Tags)
	if err != nil {
		return nil, err
	}
	ids, err := s.patterns(sel.IDs)
	if err != nil {
		return nil, err
	}
	var cases []*Case
	for _, c := range s.Cases {
		if (len(sel.Profiles) == 0 || slices.Contains(sel.Profiles, c.Profile)) &&
			expr.Matches(s.tagsOf(c, expr)) && (len(ids) == 0 || slices.ContainsFunc(ids, c.matches)) {
			cases = append(cases, c)
		}
	}
	cases = sel.Shard.part(cases)
	if len(cases) == 0 {
		return nil, fmt.Errorf("select scenarios: %s selects none of the %d scenarios; see them with \"esconform list\"", sel, len(s.Cases))
	}
	return cases, nil
}

// Part is the suite with these of its scenarios alone.
func (s *Suite) Part(cases []*Case) *Suite {
	part := *s
	part.Cases = cases
	return &part
}

// Holds reports whether a scenario holds for all of these versions.
func (s *Suite) Holds(c *Case, versions ...esversion.Version) bool {
	return !slices.ContainsFunc(versions, func(v esversion.Version) bool { _, ok := s.applies(c, v); return !ok })
}

// part deals the scenarios out one by one, so that parts are of equal size and
// slow neighbours are spread.
func (s Shard) part(cases []*Case) []*Case {
	if s.Count == 0 {
		return cases
	}
	var part []*Case
	for i, c := range cases {
		if i%s.Count == s.Index-1 {
			part = append(part, c)
		}
	}
	return part
}

// String describes the selection as the flags that make it.
func (sel Selection) String() string {
	var parts []string
	for _, p := range sel.Profiles {
		parts = append(parts, "--profile "+p)
	}
	if sel.Tags != "" {
		parts = append(parts, fmt.Sprintf("--tags %q", sel.Tags))
	}
	for _, id := range sel.IDs {
		parts = append(parts, "--id "+id)
	}
	if sel.Shard.Count > 0 {
		parts = append(parts, "--shard "+sel.Shard.String())
	}
	if len(parts) == 0 {
		return "everything"
	}
	return strings.Join(parts, " ")
}

// tagsOf are the tags of a scenario. The names of the APIs that it is about are
// tags, too.
func (s *Suite) tagsOf(c *Case, expr tagexpr.Expr) []string {
	tags := c.Tags
	if slices.ContainsFunc(expr.Tags(), s.isFamilyTag) {
		for _, name := range s.FamiliesOf(c) {
			tags = append(slices.Clip(tags), "@"+name)
		}
	}
	return tags
}

func (s *Suite) isFamilyTag(tag string) bool {
	_, ok := s.Families.Named(strings.TrimPrefix(tag, "@"))
	return ok
}

// matches reports whether an id is that of the scenario, of its outline or of
// a requirement that it proves.
func (c *Case) matches(id *regexp.Regexp) bool {
	if c.Rest != nil { // its file and the folders of that select it, too
		for i, letter := range c.ID {
			if letter == '/' && id.MatchString(c.ID[:i]) {
				return true
			}
		}
	}
	return id.MatchString(c.ID) || c.Outline != "" && id.MatchString(c.Outline) || slices.ContainsFunc(c.Requirements, id.MatchString)
}

func (s *Suite) parseTags(text string) (tagexpr.Expr, error) {
	expr, err := tagexpr.Parse(text)
	if err != nil {
		return expr, err
	}
	known := map[string]bool{}
	for _, c := range s.Cases {
		for _, t := range c.Tags {
			known[t] = true
		}
	}
	for _, t := range expr.Tags() {
		if !known[t] && !s.isFamilyTag(t) {
			names := make([]string, 0, len(known))
			for n := range known {
				names = append(names, n)
			}
			slices.Sort(names)
			return expr, fmt.Errorf("select by tags %q: no scenario has the tag %s%s", text, t, nearest.Hint(t, names))
		}
	}
	return expr, nil
}

// patterns makes patterns out of ids, each of which has to name something.
func (s *Suite) patterns(ids []string) ([]*regexp.Regexp, error) {
	var out []*regexp.Regexp
	for _, id := range ids {
		pattern := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(id), `\*`, ".*") + "$")
		if !slices.ContainsFunc(s.Cases, func(c *Case) bool { return c.matches(pattern) }) {
			return nil, fmt.Errorf("select id %q: there is no such scenario or requirement%s", id, nearest.Hint(id, s.KnownIDs()))
		}
		out = append(out, pattern)
	}
	return out, nil
}

// KnownIDs lists the ids of scenarios, outlines and requirements, sorted.
func (s *Suite) KnownIDs() []string {
	var ids []string
	for _, c := range s.Cases {
		ids = append(ids, c.ID)
		if c.Outline != "" {
			ids = append(ids, c.Outline)
		}
		ids = append(ids, c.Requirements...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (s *Suite) hintRequirement(id string) string {
	var names []string
	for _, r := range s.Catalogue.All() {
		names = append(names, r.ID)
	}
	return nearest.Hint(id, names)
}
