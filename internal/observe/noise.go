package observe

import (
	"slices"
	"strconv"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
)

// Key identifies an observation in its scenario: two runs ask the same
// question where the keys are the same. Nth counts equal requests of a step.
type Key struct {
	Step, Method, Path, Headers, Body string
	Nth                               int
}

// Keys returns the keys of the observations of a scenario, in order.
func Keys(list []Observation) []Key {
	keys := make([]Key, len(list))
	seen := make(map[Key]int, len(list))
	for i := range list {
		r := &list[i].Request
		k := Key{Step: list[i].Step, Method: r.Method, Path: r.Path, Body: string(r.Body) + r.Text}
		if len(r.Headers) > 0 {
			k.Headers = string(encode(r.Headers))
		}
		n := seen[k]
		seen[k]++
		k.Nth = n
		keys[i] = k
	}
	return keys
}

// LearnNoise compares two runs on the same target and returns the first with
// what differed noted in its header; what differs by itself is not compared.
// Both runs have to be of the same suite and selection.
func LearnNoise(first, second *Set) (*Set, error) {
	out := *first
	seen := map[Noise]bool{}
	for _, n := range out.Header.Noise {
		seen[n] = true
	}
	for i := range first.Scenarios {
		a := &first.Scenarios[i]
		if b := second.Scenario(a.ID); b != nil {
			if err := learnScenario(a, b, seen); err != nil {
				return nil, err
			}
		}
	}
	out.Header.Noise = nil
	for n := range seen {
		out.Header.Noise = append(out.Header.Noise, n)
	}
	slices.SortFunc(out.Header.Noise, func(a, b Noise) int { return strings.Compare(string(encode(a)), string(encode(b))) })
	return &out, nil
}

func learnScenario(a, b *Scenario, seen map[Noise]bool) error {
	first, err := a.Exchanges()
	if err != nil {
		return err
	}
	second, err := b.Exchanges()
	if err != nil {
		return err
	}
	other := map[Key]*Observation{}
	for i, k := range Keys(second) {
		other[k] = &second[i]
	}
	for i, k := range Keys(first) {
		o := &first[i]
		noise := noiseOf(a.ID, o)
		twin, ok := other[k]
		delete(other, k)
		if !ok {
			seen[noise] = true
			continue
		}
		for _, c := range jsonval.Diff(o.Answer.Document(), twin.Answer.Document()) {
			noise.Pointer = Generic(c.Pointer)
			seen[noise] = true
		}
	}
	for _, o := range other {
		seen[noiseOf(b.ID, o)] = true
	}
	return nil
}

func noiseOf(scenario string, o *Observation) Noise {
	return Noise{Scenario: scenario, Step: o.Step, Method: o.Request.Method, Path: o.Request.Path}
}

// Document returns the answer as one JSON document with the members status,
// headers, body, text and error, as far as there are any.
func (a *Answer) Document() map[string]any {
	doc := map[string]any{}
	if a.Status != 0 {
		doc["status"] = a.Status
	}
	if len(a.Headers) > 0 {
		headers := make(map[string]any, len(a.Headers))
		for name, value := range a.Headers {
			headers[name] = value
		}
		doc["headers"] = headers
	}
	if a.Body != nil {
		if body, err := jsonval.Decode(a.Body); err == nil {
			doc["body"] = body
		}
	}
	if a.Text != "" {
		doc["text"] = a.Text
	}
	if a.Error != "" {
		doc["error"] = a.Error
	}
	return doc
}

// Generic returns a pointer with * for each index of an array.
func Generic(pointer string) string {
	parts := strings.Split(pointer, "/")
	for i, p := range parts {
		if _, err := strconv.Atoi(p); err == nil && i > 0 {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}
