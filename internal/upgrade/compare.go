package upgrade

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
)

// The requirements of an upgrade, by their ids.
const (
	reqStarts     = "upgrade.starts"
	reqLost       = "upgrade.nothing-lost"
	reqUnchanged  = "upgrade.unchanged"
	reqRewritten  = "upgrade.documents.not-rewritten"
	reqCounters   = "upgrade.documents.counters-go-on"
	reqMapping    = "upgrade.indices.mapping"
	reqAsFresh    = "upgrade.indices.mapping-as-fresh"
	reqSettings   = "upgrade.indices.settings"
	reqAliases    = "upgrade.indices.aliases"
	reqDefaults   = "upgrade.defaults"
	reqCalls      = "upgrade.takes-calls"
	reqSuite      = "upgrade.conforms-as-fresh"
	reqDocumented = "upgrade.changes-as-documented"
	reqEither     = "upgrade.rolling.either-version"
)

// Difference is something that is not as it was.
type Difference struct {
	Requirement   string
	Group, ID     string
	Kind          string
	View          string
	Pointer       string
	Change        string // added, removed or changed; lost where nothing is shown any more
	Before, After any
	// Sights show it, before and after.
	Sights [2]*Sight
}

// lost is the change of what is shown no more.
const lost = "lost"

// String says it in one line, in which what is alike in several is the same.
func (d Difference) String() string {
	rises := number(d.After) > number(d.Before)
	switch {
	case strings.HasSuffix(d.View, afterwards):
		return fmt.Sprintf("%s: %s is %s, and %s with a new one", d.View, cmp.Or(d.Pointer, "it"), brief(d.After), brief(d.Before))
	case d.Requirement == reqCalls:
		return fmt.Sprintf("%s: %s of the answer is %s, and %s with a new one", d.View, d.Pointer, brief(d.After), brief(d.Before))
	case d.Requirement == reqAsFresh && d.After == nil:
		return fmt.Sprintf("%s lacks %s, which is %s on a fresh server", d.ID, d.Pointer, brief(d.Before))
	case d.Requirement == reqAsFresh:
		return fmt.Sprintf("%s has %s in %s, which is %s on a fresh server", d.ID, brief(d.After), d.Pointer, brief(d.Before))
	case d.Requirement == reqStarts:
		return fmt.Sprintf("%s does not start on the data of %s, and does without: %v", d.ID, d.Before, d.After)
	case d.Requirement == reqSuite:
		return fmt.Sprintf("%s passes on a fresh server, and not on the upgraded one: %v", d.ID, d.After)
	case d.Requirement == reqEither:
		return fmt.Sprintf("%s passes on neither version alone that the nodes are of: %v", d.ID, d.After)
	case d.Requirement == reqRewritten && rises:
		return fmt.Sprintf("%s, %s has risen", d.View, d.Pointer)
	case d.Requirement == reqCounters && !rises:
		return fmt.Sprintf("%s, %s has gone back", d.View, d.Pointer)
	case d.Change == lost:
		return fmt.Sprintf("it is not shown any more %s: %v", d.View, d.After)
	case d.Change == jsonval.Added:
		return fmt.Sprintf("%s, it has %s: %s", d.View, d.Pointer, brief(d.After))
	case d.Change == jsonval.Removed:
		return fmt.Sprintf("%s, it has lost %s: %s", d.View, d.Pointer, brief(d.Before))
	}
	return fmt.Sprintf("%s, %s is %s, and was %s", d.View, cmp.Or(d.Pointer, "it"), brief(d.After), brief(d.Before))
}

// maxBrief is how long a value is that a line repeats.
const maxBrief = 80

func brief(v any) string {
	if s, isText := v.(string); isText && !json.Valid([]byte(s)) && len(s) < maxBrief {
		return s
	}
	text := []rune(string(jsonval.Encode(v)))
	if len(text) > maxBrief {
		return string(text[:maxBrief]) + "…"
	}
	return string(text)
}

// Compare lists what differs between two snapshots of the same subjects: what the
// second shows no more, or otherwise.
func Compare(before, after Snapshot) []Difference {
	type key struct{ kind, id, view string }
	now := map[key]*Sight{}
	for i := range after {
		s := &after[i]
		now[key{s.Kind, s.ID, s.View}] = s
	}
	var out []Difference
	for i := range before {
		b := &before[i]
		a := now[key{b.Kind, b.ID, b.View}]
		if a == nil { // it depended on what is shown in another view, which says so
			continue
		}
		out = append(out, compare(b, a)...)
	}
	return out
}

// compare lists what differs in one view of one subject.
func compare(b, a *Sight) []Difference {
	d := Difference{Group: b.Group, ID: b.ID, Kind: b.Kind, View: b.View, Sights: [2]*Sight{b, a}}
	switch {
	case b.There && !a.There:
		d.Requirement, d.Change, d.Before, d.After = aspectOf(b, ""), lost, b.Doc, fmt.Sprintf("the answer is %d", a.Status)
		return []Difference{d}
	case !b.There && !(a.There && slices.Contains(absent, b.Status)):
		return nil // a view that did not show it, nor say that it is not there
	case !b.There:
		d.Requirement, d.Pointer, d.Change = reqUnchanged, "", jsonval.Changed
		d.Before, d.After = fmt.Sprintf("the answer %d", b.Status), fmt.Sprintf("the answer %d", a.Status)
		return []Difference{d}
	}
	var out []Difference
	for _, c := range jsonval.Diff(b.Doc, a.Doc) {
		d.Pointer, d.Change, d.Before, d.After = c.Pointer, c.Kind, c.Before, c.After
		if d.Requirement = of(b, c); d.Requirement != "" {
			out = append(out, d)
		}
	}
	return out
}

// absent are the statuses of a view that has looked, and not found it.
var absent = []int{http.StatusOK, http.StatusNotFound}

// of is the requirement that a change speaks against, "" where it may be.
func of(s *Sight, c jsonval.Change) string {
	pointer := c.Pointer
	switch s.View {
	case viewStored, viewSearch, viewState:
	case viewHolds:
		id, _, within := strings.Cut(pointer[1:], "/")
		if !within && c.Kind == jsonval.Removed {
			return reqLost
		}
		pointer = pointer[1+len(id):]
	default:
		return aspectOf(s, pointer)
	}
	switch pointer {
	case "/_version", "/_seq_no":
		if number(c.After) > number(c.Before) {
			return reqRewritten
		}
		return reqCounters
	case "/_primary_term": // of a shard that has a new primary
		if number(c.After) > number(c.Before) {
			return ""
		}
		return reqCounters
	}
	return reqUnchanged
}

func number(v any) int64 {
	n, _ := v.(json.Number)
	i, _ := n.Int64()
	return i
}

// aspectOf is the requirement that is about a part of a view.
func aspectOf(s *Sight, pointer string) string {
	switch {
	case s.View == viewAlias, s.Kind == alias, s.Kind == index && strings.HasPrefix(pointer, "/aliases"):
		return reqAliases
	case pointer == "":
		return reqLost
	case s.Kind == index && strings.HasPrefix(pointer, "/mappings"):
		return reqMapping
	case s.Kind == index && strings.HasPrefix(pointer, "/settings"):
		return reqSettings
	}
	return reqUnchanged
}

// aspects are the requirements that a view says something about.
func aspects(s *Sight) []string {
	switch {
	case s.View == viewAlias, s.Kind == alias:
		return []string{reqAliases}
	case s.View == viewRead && s.Kind == index:
		return []string{reqLost, reqMapping, reqSettings, reqAliases}
	case s.View == viewStored, s.View == viewHolds:
		return []string{reqLost, reqUnchanged, reqRewritten, reqCounters}
	}
	return []string{reqLost, reqUnchanged}
}
