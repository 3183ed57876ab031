// Package cause finds what failures have in common: those that differ in
// nothing but the scenario have one cause, and are told once.
package cause

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/result"
)

// Key is the same for failures of one cause: what was looked at, at which
// endpoint, and in what it differs from what it has to be.
type Key struct {
	Outcome                 result.Outcome
	About, Call, Difference string
}

// Finder tells the causes of a run apart.
type Finder struct{ observer *observe.Observer }

// NewFinder returns a finder for scenarios of a run.
func NewFinder(runID string, started time.Time) *Finder {
	return &Finder{observe.NewObserver(runID, started)}
}

// outcomes are those that have a cause, the worst first.
var outcomes = []result.Outcome{result.Failed, result.Flaky, result.Error}

// Has reports whether an outcome has a cause.
func Has(o result.Outcome) bool { return slices.Contains(outcomes, o) }

// Of returns the cause of a scenario that did not pass, with nothing but this
// scenario in it, and the key by which others of the same cause are known.
func (f *Finder) Of(sc *result.Scenario) (Key, result.Cause) {
	plain := f.plain(sc)
	c := result.Cause{
		Outcome: sc.Outcome, Statement: plain(sc.Reason),
		Count: 1, Requirements: sc.Blamed(), Scenarios: []string{sc.ID},
	}
	k := Key{Outcome: sc.Outcome, Difference: c.Statement}
	if fail := sc.Failure; fail != nil {
		message := strings.TrimPrefix(fail.Message, fail.Call+": ") // of a request without an answer
		c.Call, c.Statement = route(plain(fail.Call)), plain(message)+places(fail.Expected)
		k.About, k.Call, k.Difference = about(fail, plain), c.Call, difference(fail, plain)
	}
	return k, c
}

// longest is how much of a text tells one cause from another, in bytes.
const longest = 4 << 10

// plain returns what takes out of texts of the scenario what is another one in
// the next, and puts them on one line.
func (f *Finder) plain(sc *result.Scenario) func(string) string {
	normal := f.observer.Texts(sc)
	return func(text string) string {
		if len(text) > longest {
			text = strings.ToValidUTF8(text[:longest], "")
		}
		return strings.Join(strings.Fields(numbered.ReplaceAllString(normal(text), "<$1>")), " ")
	}
}

var (
	numbered = regexp.MustCompile(`<([a-z ]+) \d+>`) // <name 2>: which one it is depends on the scenario
	replaced = regexp.MustCompile(`<[^<>/]*>`)
	number   = regexp.MustCompile(`\d+(\.\d+)?`)
	quoted   = regexp.MustCompile(`"[^"]*"`)
	atPlace  = regexp.MustCompile(`(?:^|\s)(/\S*) ("[^"]*"|[^\s,;]+)`) // a JSON pointer, and the value there
	inside   = regexp.MustCompile(`\[[^][]*\]`)                        // in messages of Elasticsearch, what they are about
	lineOf   = regexp.MustCompile(`(?m)^(/\S+) `)                      // what stands there, a line for each place
	status   = regexp.MustCompile(`^\d{3}\b`)
	answered = regexp.MustCompile(`: got (\d{3} .*), want \d{3}`) // what a set-up got
	errType  = regexp.MustCompile(`"type" ?: ?"(\w+)"`)
)

// route is a call without the ids in its path.
func route(call string) string {
	method, path, ok := strings.Cut(replaced.ReplaceAllString(call, "{id}"), " ")
	if !ok {
		return method
	}
	path = family.EmbeddedPaths().WithoutID(path, "{id}")
	return method + " /" + strings.Trim(path, "/")
}

// about is what was looked at. Where an assertion does not say it, its step
// does, but for the values in it.
func about(f *result.Failure, plain func(string) string) string {
	if f.Check != "" {
		return f.Kind + " " + f.Check
	}
	_, step, _ := strings.Cut(plain(f.Step), " ") // without the keyword
	return f.Kind + " " + blurred(quoted.ReplaceAllString(step, `"…"`))
}

// difference is in what it differs. Of a status that is wrong, that is the
// status that came, with the type of the error; of values at a place the place.
func difference(f *result.Failure, plain func(string) string) string {
	actual := plain(f.Actual)
	code, isStatus := status.FindString(actual), strings.Contains(f.Expected, "status")
	if code != "" && (isStatus || strings.HasPrefix(f.Check, "code.")) {
		return ofStatus(actual)
	}
	if f.Expected == "" && f.Actual == "" {
		return blurred(plain(f.Message))
	}
	return values(plain(f.Expected)) + " | " + values(actual)
}

// ofStatus is the status of an answer, with the type of the error.
func ofStatus(answer string) string {
	code := status.FindString(answer)
	if t := errType.FindStringSubmatch(answer); t != nil {
		code += " " + t[1]
	}
	return code
}

func values(text string) string {
	text = atPlace.ReplaceAllStringFunc(text, func(found string) string {
		place, value, _ := strings.Cut(strings.TrimSpace(found), " ")
		return " " + place + " " + kind(value)
	})
	return blurred(text)
}

// blurred is a text without the numbers and names that it is about.
func blurred(text string) string {
	text = replaced.ReplaceAllString(inside.ReplaceAllString(text, "[…]"), "<…>")
	return number.ReplaceAllString(text, "N")
}

// places are where in a document something else is expected.
func places(expected string) string {
	var list []string
	for _, found := range lineOf.FindAllStringSubmatch(expected, 4) {
		if !slices.Contains(list, found[1]) {
			list = append(list, found[1])
		}
	}
	if len(list) == 0 || len(list) > 3 {
		return ""
	}
	return ": " + strings.Join(list, ", ")
}

// kind is what kind of value a text begins like.
func kind(value string) string {
	switch c := value[0]; {
	case c == '"' || c == '<':
		return "<text>"
	case c == '-' || '0' <= c && c <= '9':
		return "<number>"
	}
	return value
}

// Of returns the causes of everything that went wrong in a run: what failed
// first, then what has the most scenarios. The scenarios of a cause are sorted
// by how simple they are.
func Of(run *result.Run) []result.Cause {
	finder := NewFinder(run.RunID, run.Started)
	byKey := map[Key]*group{}
	var order []*group
	for i := range run.Scenarios {
		sc := &run.Scenarios[i]
		if !Has(sc.Outcome) {
			continue
		}
		key, c := finder.Of(sc)
		g := byKey[key]
		if g == nil {
			g = &group{key: key}
			byKey[key] = g
			order = append(order, g)
		}
		g.members = append(g.members, member{sc, c})
	}
	causes := make([]result.Cause, len(order))
	for i, g := range order {
		causes[i] = g.cause()
		if first := g.sameAnswer(order); first != nil {
			causes[i].Statement += "; others failed by the same answer: " + first.members[0].cause.Statement
		}
	}
	slices.SortStableFunc(causes, func(a, b result.Cause) int {
		return cmp.Or(slices.Index(outcomes, a.Outcome)-slices.Index(outcomes, b.Outcome), b.Count-a.Count)
	})
	return causes
}

// group gathers the scenarios of one cause.
type group struct {
	key     Key
	members []member
}

// sameAnswer returns the failures at the call by which a set-up went wrong, if
// they are about the very answer that it got. What was not carried out is no
// failure, but somebody who has mended the one need not look for another.
func (g *group) sameAnswer(all []*group) *group {
	answer := answered.FindStringSubmatch(g.members[0].cause.Statement)
	if answer == nil || g.key.Outcome != result.Error {
		return nil
	}
	i := slices.IndexFunc(all, func(other *group) bool {
		return other.key.Outcome == result.Failed && other.key.Call == g.key.Call && other.key.Difference == ofStatus(answer[1])
	})
	if i < 0 {
		return nil
	}
	return all[i]
}

type member struct {
	*result.Scenario
	cause result.Cause
}

func (g *group) cause() result.Cause {
	slices.SortStableFunc(g.members, func(a, b member) int { return simpler(a.Scenario, b.Scenario) })
	c := g.members[0].cause
	c.Count, c.Scenarios, c.Requirements = len(g.members), nil, nil
	blamed := map[string]int{}
	for _, m := range g.members {
		c.Scenarios = append(c.Scenarios, m.ID)
		for _, id := range m.cause.Requirements {
			if blamed[id]++; blamed[id] == 1 {
				c.Requirements = append(c.Requirements, id)
			}
		}
	}
	slices.SortStableFunc(c.Requirements, func(a, b string) int { return blamed[b] - blamed[a] })
	return c
}

// simpler orders scenarios by how easily somebody understands what went wrong:
// what needs a restart or writers at once comes last, and what went wrong while
// something was set up before that; few steps and few requests come first.
func simpler(a, b *result.Scenario) int {
	return cmp.Or(
		hard(a)-hard(b),
		len(a.Steps)-len(b.Steps),
		max(a.Requests, len(a.Exchanges))-max(b.Requests, len(b.Exchanges)),
	)
}

func hard(sc *result.Scenario) int {
	switch {
	case sc.Profile == "resilience" || slices.Contains(sc.Tags, "@resilience"):
		return 2
	case sc.Failure != nil && strings.HasPrefix(sc.Failure.Step, "Given "):
		return 1
	}
	return 0
}
