package steps

import (
	"encoding/json"
	"regexp"
	"slices"

	"github.com/esconform/esconform/internal/jsonval"
)

// Expect returns what a stored sync job is after a stats update with a body of
// plain values: the counts replaced, metadata merged. last_seen is the given
// one as it was given; where none was given it is taken out of the result.
func Expect(before, body map[string]any) map[string]any {
	after := jsonval.Clone(before).(map[string]any)
	for _, name := range counts {
		if v, ok := body[name]; ok {
			after[name] = v
		}
	}
	if given, ok := body["metadata"].(map[string]any); ok {
		had, _ := after["metadata"].(map[string]any)
		after["metadata"] = merge(had, given)
	}
	delete(after, "last_seen")
	if v, ok := body["last_seen"]; ok {
		after["last_seen"] = v
	}
	return after
}

// merge is how Elasticsearch merges a partial document into a stored one:
// objects at every depth, everything else replaced.
func merge(had, given map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range had {
		out[k] = v
	}
	for k, v := range given {
		was, both := out[k].(map[string]any)
		if is, ok := v.(map[string]any); ok && both {
			v = merge(was, is)
		}
		out[k] = v
	}
	return out
}

// Holds reports whether a stored sync job is the expected one. An expected
// last_seen is compared as an instant, in any form in which it can be given; a
// missing one is not compared. The differences have what is expected on their
// Before side.
func Holds(expected, stored map[string]any) []jsonval.Change {
	want, got := shallow(expected), shallow(stored)
	if given, ok := want["last_seen"]; !ok || sameInstant(given, got["last_seen"]) {
		delete(want, "last_seen")
		delete(got, "last_seen")
	}
	diff := jsonval.Diff(want, got)
	for _, name := range counts {
		known := slices.ContainsFunc(diff, func(c jsonval.Change) bool { return c.Pointer == "/"+name })
		if expected[name] == nil && stored[name] == nil {
			continue // another program stored none
		}
		if n, ok := stored[name].(json.Number); !known && (!ok || !plainInteger.MatchString(n.String())) {
			diff = append(diff, jsonval.Change{Pointer: "/" + name, Before: expected[name], After: stored[name], Kind: jsonval.Changed})
		}
	}
	return diff
}

// plainInteger is how a count has to be written: 10, not 10.0 or 1e1.
var plainInteger = regexp.MustCompile(`^(0|[1-9]\d*)$`)

func shallow(doc map[string]any) map[string]any {
	out := make(map[string]any, len(doc))
	for k, v := range doc {
		out[k] = v
	}
	return out
}

func sameInstant(given, stored any) bool {
	text, ok := given.(string)
	if !ok {
		return false
	}
	want, err := givenInstant(text)
	if err != nil {
		return false
	}
	got, err := writtenInstant(stored)
	return err == nil && got.Equal(want)
}
