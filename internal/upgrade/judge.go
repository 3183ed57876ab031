package upgrade

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
)

// titles say what scenarios about a group see.
var titles = map[string]string{
	reqStarts:     "the new version starts on the data of the old one",
	reqLost:       "%s: everything is there after the upgrade",
	reqUnchanged:  "%s: everything is shown as before",
	reqRewritten:  "%s: no document is written again",
	reqCounters:   "%s: versions and sequence numbers go on",
	reqMapping:    "%s: the mapping is that of before",
	reqAsFresh:    "%s: everything is mapped as on a fresh server",
	reqSettings:   "%s: the settings are those of before",
	reqAliases:    "%s: the aliases lead where they did",
	reqDefaults:   "%s: a new one is as it was before",
	reqCalls:      "%s: old ones take every call as new ones do",
	reqSuite:      "everything conforms that does on a fresh server",
	reqDocumented: "documented: %s",
	reqEither:     "%s: every answer is one that either version may give",
}

const (
	feature  = "Upgrade"
	profile  = "contract"
	idPrefix = "upgrade/"
)

// scenario is one about a requirement and a group, which passes as long as nobody
// says otherwise.
func scenario(req, group string) result.Scenario {
	name, id := titles[req], idPrefix+strings.TrimPrefix(req, "upgrade.")
	if strings.Contains(name, "%s") {
		name, id = fmt.Sprintf(name, group), idPrefix+slug(group)+"/"+strings.TrimPrefix(req, "upgrade.")
	}
	return result.Scenario{
		ID: id, Name: name, Feature: feature, File: file, Line: 1, Profile: profile,
		Requirements: []string{req}, Outcome: result.Passed, Started: time.Now().UTC(),
	}
}

// broken is a scenario that could not be carried out.
func broken(req, group string, err error) result.Scenario {
	sc := scenario(req, group)
	sc.Outcome, sc.Failure = result.Error, &result.Failure{Kind: "setup", Message: strings.Join(strings.Fields(err.Error()), " ")}
	return sc
}

// skipped is one that says nothing of this upgrade.
func skipped(req, group, why string) result.Scenario {
	sc := scenario(req, group)
	sc.Outcome, sc.Reason = result.Skipped, why
	return sc
}

// topic is what a scenario is about: a requirement and a group.
type topic struct{ req, group string }

// judge makes scenarios out of what was looked at and what was found.
type judge struct {
	topics []topic
	steps  map[topic][]string // what was looked at, in order
	seen   map[topic][]result.Exchange
	found  map[topic][]Difference
}

func newJudge() *judge {
	return &judge{steps: map[topic][]string{}, seen: map[topic][]result.Exchange{}, found: map[topic][]Difference{}}
}

// looked notes that a requirement was looked at in a group.
func (j *judge) looked(t topic, at string, seen ...result.Exchange) {
	j.seen[t] = append(j.seen[t], seen...)
	if _, known := j.steps[t]; !known {
		j.topics = append(j.topics, t)
	}
	if !slices.Contains(j.steps[t], at) {
		j.steps[t] = append(j.steps[t], at)
	}
}

// lookedAt notes everything that a snapshot says something about.
func (j *judge) lookedAt(all Snapshot) {
	for i := range all {
		if !all[i].There {
			continue
		}
		for _, req := range aspects(&all[i]) {
			j.looked(topic{req, all[i].Group}, all[i].View, all[i].Exchange)
		}
	}
}

// find adds differences that nothing explains.
func (j *judge) find(all []Difference) {
	for _, d := range all {
		t := topic{d.Requirement, d.Group}
		j.looked(t, d.View)
		j.found[t] = append(j.found[t], d)
	}
}

// scenarios are one for each topic.
func (j *judge) scenarios() []result.Scenario {
	var out []result.Scenario
	for _, t := range j.topics {
		sc := scenario(t.req, t.group)
		for _, at := range j.steps[t] {
			st := result.Step{Keyword: "Then", Text: at, Line: 1, Outcome: result.Passed}
			if slices.ContainsFunc(j.found[t], func(d Difference) bool { return d.View == at }) {
				st.Outcome = result.Failed
			}
			sc.Steps = append(sc.Steps, st)
		}
		sc.Exchanges, sc.ServerMS = j.seen[t], result.ServerTime(j.seen[t])
		sc.Requests = len(sc.Exchanges)
		fail(&sc, j.found[t])
		out = append(out, sc.Capped())
	}
	return out
}

// mostShown is how many differences a failure shows one by one, each on a line.
const mostShown = 20

// fail has a scenario fail with the differences that it is about, if there are
// any, and takes their evidence.
func fail(sc *result.Scenario, found []Difference) {
	if len(found) == 0 {
		return
	}
	sc.Outcome, sc.Exchanges = result.Failed, nil
	f := &result.Failure{Kind: "assertion", Message: found[0].String(), Step: found[0].View, Location: file + ":1"}
	var expected, actual []string
	kinds := alike(found)
	for _, list := range kinds[:min(len(kinds), mostShown)] {
		d, of := list[0], list[0].ID
		if n := len(list) - 1; n > 0 {
			of += fmt.Sprintf(" and %d more", n)
		}
		line := cmp.Or(d.Pointer, "/") + " %s " + d.View + ": " + of
		expected = append(expected, fmt.Sprintf(line, side(d.Before, d.Change == jsonval.Added)))
		actual = append(actual, fmt.Sprintf(line, side(d.After, d.Change == jsonval.Removed)))
		for _, s := range d.Sights {
			if s != nil {
				sc.Exchanges = append(sc.Exchanges, s.Exchange)
			}
		}
	}
	if n := len(kinds) - mostShown; n > 0 {
		actual = append(actual, fmt.Sprintf("… and %s", result.Plural(n, "further difference")))
	}
	f.Expected, f.Actual = strings.Join(expected, "\n"), strings.Join(actual, "\n")
	if len(sc.Exchanges) > 1 {
		second := 1
		f.Exchange = &second
	}
	sc.Requests = max(sc.Requests, len(sc.Exchanges))
	sc.Failure = f
}

// alike puts together what differs in the same place of several things.
func alike(found []Difference) [][]Difference {
	type place struct{ view, pointer, change string }
	at := map[place]int{}
	var out [][]Difference
	for _, d := range found {
		p := place{d.View, d.Pointer, d.Change}
		if _, known := at[p]; !known {
			at[p] = len(out)
			out = append(out, nil)
		}
		out[at[p]] = append(out[at[p]], d)
	}
	return out
}

func side(v any, absent bool) string {
	if absent {
		return "(nothing)"
	}
	return string(jsonval.Encode(v))
}

// scenarios are one for each documented change: it showed, or had to and did not.
func (b *book) scenarios(seen Snapshot) []result.Scenario {
	var out []result.Scenario
	for _, c := range b.changes {
		sc := scenario(reqDocumented, c.ID)
		sc.Name = fmt.Sprintf(titles[reqDocumented], c.Reason) + " (" + c.Source + ")"
		used := b.used[c.ID]
		about := slices.ContainsFunc(seen, func(s Sight) bool {
			return (c.Kind == "" || c.Kind == s.Kind) && (c.View == "" || c.View == s.View || c.View == viewNew)
		})
		switch {
		case len(used) > 0:
			for _, line := range lines(used) {
				sc.Steps = append(sc.Steps, result.Step{Keyword: "Then", Text: line, Line: 1, Outcome: result.Passed})
			}
		case c.Sometimes:
			sc.Outcome, sc.Reason = result.Skipped, "did not show in this upgrade, and need not"
		case !about:
			sc.Outcome, sc.Reason = result.Skipped, "nothing that it is about was there"
		default:
			sc.Outcome = result.Failed
			sc.Failure = &result.Failure{
				Kind: "assertion", Message: "the documented change " + c.ID + " does not show in this upgrade; where it no longer holds, say until which version it did",
				Expected: c.Reason, Actual: "nothing of the kind has changed", Location: file + ":1",
			}
		}
		out = append(out, sc)
	}
	return out
}

// lines are differences, each in a line, those that are alike in one.
func lines(all []Difference) []string {
	count := map[string]int{}
	for _, d := range all {
		count[d.Group+": "+d.String()]++
	}
	var out []string
	for _, line := range slices.Sorted(maps.Keys(count)) {
		if n := count[line]; n > 1 {
			line += fmt.Sprintf(" (%d times)", n)
		}
		if len(out) == mostShown {
			return append(out, "…")
		}
		out = append(out, line)
	}
	return out
}
