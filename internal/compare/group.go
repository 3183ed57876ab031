package compare

import (
	"fmt"
	"hash"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/wire"
)

// maxExamples is how many exchanges an entry shows; it counts all.
const maxExamples = 3

// groups gathers differences so that what has one cause is one entry.
type groups struct {
	known  []Known             // between the two versions
	met    map[string][]string // known change → requirements that it explains
	byKey  map[string]*Entry
	order  []*Entry
	member map[string]map[string]bool // key → scenarios and routes seen
	shown  map[*Entry]hash.Hash64     // over the exchanges that show it
}

func newGroups(known []Known) *groups {
	return &groups{known: known, met: map[string][]string{}, byKey: map[string]*Entry{}, member: map[string]map[string]bool{}, shown: map[*Entry]hash.Hash64{}}
}

// add puts a difference where others of the same cause are.
func (g *groups) add(sc *observe.Scenario, f *found) {
	known := g.explains(f)
	key := f.kind + "|" + string(f.class) + "|" + f.signature
	e := Entry{Class: f.class, Kind: f.kind, Title: f.title, Pointer: f.pointer}
	if known != nil {
		key = "known|" + known.ID
		e = known.entry()
	}
	entry, ok := g.byKey[key]
	if !ok {
		entry = &e
		g.byKey[key] = entry
		g.member[key] = map[string]bool{}
		g.order = append(g.order, entry)
		g.shown[entry] = fnv.New64a()
	}
	fmt.Fprintf(g.shown[entry], "%p", f.b) //nolint:errcheck // a hash takes everything
	entry.Count++
	entry.FollowUps += f.followUps
	seen := g.member[key]
	if !seen[f.route] {
		seen[f.route] = true
		entry.Routes = append(entry.Routes, f.route)
	}
	if !seen["scenario "+sc.ID] {
		seen["scenario "+sc.ID] = true
		entry.Scenarios = append(entry.Scenarios, sc.ID)
	}
	if len(entry.Examples) == maxExamples {
		return
	}
	if values := "values " + f.old + "|" + f.new; !seen[values] {
		seen[values] = true
		entry.Examples = append(entry.Examples, f.example(sc.ID))
	}
}

func (g *groups) explains(f *found) *Known {
	for i := range g.known {
		if g.known[i].difference(f) {
			return &g.known[i]
		}
	}
	return nil
}

func (k *Known) entry() Entry {
	return Entry{Class: k.Class, Kind: KindKnown, Title: "since " + k.Since + " " + k.Change, Expected: k.explanation() + " (" + k.Source + ")", Known: k.ID}
}

func (f *found) example(scenario string) Example {
	return Example{
		Scenario: scenario, Step: f.b.Step, Old: shorten(f.old), New: shorten(f.new),
		OldCurl: shorten(curl(&f.a.Request)), NewCurl: shorten(curl(&f.b.Request)), OldAnswer: short(&f.a.Answer), NewAnswer: short(&f.b.Answer),
	}
}

func curl(r *observe.Request) string {
	e := result.Exchange{Request: result.Message{Method: r.Method, Path: r.Path, Body: requestText(r), Headers: map[string][]string{}}}
	for name, value := range r.Headers {
		e.Request.Headers[name] = []string{value}
	}
	if r.Body != nil && e.Request.Headers["Content-Type"] == nil {
		e.Request.Headers["Content-Type"] = []string{"application/json"}
	}
	return wire.Curl(e, "$ES")
}

func requestText(r *observe.Request) string {
	if r.Body != nil {
		return string(r.Body)
	}
	return r.Text
}

// entries returns the entries, the worst first and expected ones last. Known
// changes that explain requirements are entries, too, and so are those between
// the two versions that no exchange of this selection shows.
func (g *groups) entries(outcomes []OutcomeChange) []Entry {
	for i := range g.known {
		k := &g.known[i]
		e, ok := g.byKey["known|"+k.ID]
		if !ok {
			entry := k.entry()
			e = &entry
			g.order = append(g.order, e)
		}
		e.Requirements = g.met[k.ID]
		if e.Count == 0 && len(e.Requirements) == 0 {
			e.Expected += "; no exchange of this selection shows it"
		}
	}
	g.join()
	out := make([]Entry, 0, len(g.order))
	for _, e := range g.order {
		if e.Known == "" {
			e.Requirements = failing(e.Scenarios, outcomes)
		}
		slices.Sort(e.Routes)
		slices.Sort(e.Scenarios)
		out = append(out, *e)
	}
	slices.SortStableFunc(out, func(a, b Entry) int {
		if x, y := a.Expected != "", b.Expected != ""; x != y {
			if x {
				return 1
			}
			return -1
		}
		if a.Class != b.Class {
			return a.Class.rank() - b.Class.rank()
		}
		if a.Count != b.Count {
			return b.Count - a.Count
		}
		return strings.Compare(a.Title, b.Title)
	})
	return out
}

// joined are the kinds of entries that are one where the same exchanges show
// them, with the words that follow the list of fields.
var joined = map[string]string{KindValue: "have another value", KindAdded: "are new", KindRemoved: "are gone"}

// join makes one entry of fields that differ in exactly the same exchanges:
// they have one cause.
func (g *groups) join() {
	type key struct {
		kind  string
		class Class
		shown uint64
		count int
	}
	first := map[key]*Entry{}
	fields := map[*Entry][]string{}
	g.order = slices.DeleteFunc(g.order, func(e *Entry) bool {
		if joined[e.Kind] == "" || e.Pointer == "" {
			return false
		}
		k := key{e.Kind, e.Class, g.shown[e].Sum64(), e.Count}
		into, ok := first[k]
		if !ok {
			first[k], fields[e] = e, []string{e.Pointer}
			return false
		}
		fields[into] = append(fields[into], e.Pointer)
		into.FollowUps += e.FollowUps
		into.Examples = append(into.Examples, e.Examples...)
		into.Examples = into.Examples[:min(len(into.Examples), maxExamples)]
		return true
	})
	for e, list := range fields {
		if n := len(list); n > 1 {
			slices.Sort(list)
			e.Title = strings.Join(list[:n-1], ", ") + " and " + list[n-1] + " " + joined[e.Kind]
			e.Pointer = strings.Join(list, ",")
		}
	}
}

// failing lists the requirements that fail since in one of these scenarios.
func failing(scenarios []string, outcomes []OutcomeChange) []string {
	shown := make(map[string]bool, len(scenarios))
	for _, id := range scenarios {
		shown[id] = true
	}
	var out []string
	for _, o := range outcomes {
		if o.Change == NewlyFailing && slices.ContainsFunc(o.Scenarios, func(id string) bool { return shown[id] }) {
			out = append(out, o.Requirement)
		}
	}
	return out
}
