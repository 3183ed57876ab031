// Package blame decides which requirements a failed scenario is held against.
// A scenario often needs more to be right than what it is there for; where
// that is wrong, the requirement that is about it fails, and those that the
// scenario is there for are not proven.
package blame

import (
	"path"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/requirement"
	"github.com/esconform/esconform/internal/result"
)

// Judge knows which requirement is about which check of which call.
type Judge struct {
	cat    *requirement.Catalogue
	owners []claim // in the order of the catalogue, which goes from basic to special
	bases  []claim
}

// claim says that a requirement is about a check on one of the calls of its
// area.
type claim struct {
	id    string
	check string     // of package steps; may end in *
	calls [][]string // each a method and the segments of a path
}

// NewJudge reads the claims of a catalogue.
func NewJudge(cat *requirement.Catalogue) *Judge {
	j := &Judge{cat: cat}
	for _, r := range cat.All() {
		var calls [][]string
		for _, c := range cat.Calls(r.ID) {
			calls = append(calls, segments(c))
		}
		for _, c := range r.Owns {
			j.owners = append(j.owners, claim{r.ID, c, calls})
		}
		for _, c := range r.Basis {
			j.bases = append(j.bases, claim{r.ID, c, calls})
		}
	}
	return j
}

// segments splits "PUT /a/b" into its method and the segments of its path.
func segments(call string) []string {
	method, rest, _ := strings.Cut(call, " ")
	return append([]string{method}, strings.Split(strings.Trim(rest, "/"), "/")...)
}

// holds reports whether a claim is about a failure.
func (c claim) holds(f *result.Failure) bool {
	got := segments(f.Call)
	about, _ := path.Match(c.check, f.Check)
	return about && slices.ContainsFunc(c.calls, func(call []string) bool { return isCall(call, got) })
}

// isCall compares paths from their ends: a target may sit below a base path.
func isCall(want, got []string) bool {
	if want[0] == requirement.AnyCall {
		return true
	}
	below := len(got) - len(want)
	return below >= 0 && want[0] == got[0] && slices.EqualFunc(want[1:], got[below+1:], func(w, g string) bool { return w == "*" || w == g })
}

// About reports whether a requirement is about a call, given as method and
// path.
func (j *Judge) About(id, call string) bool {
	got := segments(call)
	return slices.ContainsFunc(j.cat.Calls(id), func(c string) bool { return c != requirement.AnyCall && isCall(segments(c), got) })
}

// First says whom a failure is held against as far as it shows by itself:
// those that the scenario is there for and that are about the check; else the
// one that is about it anywhere; else those that the scenario is there for and
// that are about no check in particular; else the one that others build on, and
// at last all that the scenario is there for. A scenario that did not fail, or that
// is there for nothing, is held against nobody.
func (j *Judge) First(sc result.Scenario) []string {
	if sc.Failure == nil || sc.Failure.Kind != "assertion" {
		return nil
	}
	return union(j.particular(sc), j.among(sc.Requirements, sumsUp))
}

func (j *Judge) particular(sc result.Scenario) []string {
	check := sc.Failure.Check
	own := j.among(sc.Requirements, func(r requirement.Requirement) bool { return r.IsAbout(check) })
	if len(own) > 0 {
		return own
	}
	if owner := firstHolding(j.owners, sc.Failure); owner != "" {
		return []string{owner}
	}
	if rest := j.among(sc.Requirements, func(r requirement.Requirement) bool { return !r.Choosy() && !r.SumsUp }); len(rest) > 0 {
		return rest
	}
	if basic := firstHolding(j.bases, sc.Failure); basic != "" {
		return []string{basic}
	}
	return slices.Clone(sc.Requirements)
}

func firstHolding(claims []claim, f *result.Failure) string {
	for _, c := range claims {
		if c.holds(f) {
			return c.id
		}
	}
	return ""
}

func sumsUp(r requirement.Requirement) bool { return r.SumsUp }

func union(a, b []string) []string {
	for _, id := range b {
		if !slices.Contains(a, id) {
			a = append(a, id)
		}
	}
	return a
}

func (j *Judge) among(ids []string, is func(requirement.Requirement) bool) []string {
	var out []string
	for _, id := range ids {
		if r, ok := j.cat.Get(id); ok && is(r) {
			out = append(out, id)
		}
	}
	return out
}

// Settle sets Blames of every scenario of a run: what First says, but that a
// failure at a check that others build on is held against the most basic
// requirement alone that fails at it in a scenario of its own.
func (j *Judge) Settle(scenarios []result.Scenario) {
	type failing struct{ id, check string }
	fails := map[failing]bool{}
	for i := range scenarios {
		sc := &scenarios[i]
		sc.Blames = j.First(*sc)
		for _, id := range sc.Blames {
			if slices.Contains(sc.Requirements, id) {
				fails[failing{id, sc.Failure.Check}] = true
			}
		}
	}
	for i := range scenarios {
		sc := &scenarios[i]
		if len(sc.Blames) == 0 {
			continue
		}
		for _, c := range j.bases {
			if c.holds(sc.Failure) && fails[failing{c.id, sc.Failure.Check}] {
				sc.Blames = union([]string{c.id}, j.among(sc.Requirements, sumsUp))
				break
			}
		}
	}
}
