package probe

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
)

// Query returns the parameters that a page documents for the query: those in
// a section of that name, and those that stand among the path parameters
// though no route has them.
func Query(m *claim.Model) []claim.Field {
	inRoute := map[string]bool{}
	for _, r := range m.Routes {
		for _, p := range r.Params() {
			inRoute[p] = true
		}
	}
	var out []claim.Field
	for _, f := range m.Fields {
		if f.In == claim.InQuery || f.In == claim.InPath && !inRoute[f.Name] && m.Source == claim.SourcePage {
			out = append(out, f)
		}
	}
	return out
}

func (b *bench) queryParams(t *target, rf *RouteFacts, m *claim.Model, hints []*claim.Model) error {
	params := Query(m)
	for _, h := range hints {
		params = append(params, h.In(claim.InQuery)...)
	}
	if len(params) > 0 && t.kind == nil && t.whose != nil {
		if err := b.populate(t.whose); err != nil {
			return err
		}
	}
	seen := map[string]bool{}
	for _, p := range params {
		if seen[p.Name] {
			continue
		}
		seen[p.Name] = true
		p.Values = union(params, p.Name)
		if err := b.queryParam(t, rf, p); err != nil {
			return err
		}
		if f := rf.Field(claim.InQuery, p.Name); f.Sent != nil && slices.ContainsFunc(params, func(o claim.Field) bool { return o.Name == p.Name && o.TakesList() }) {
			if err := b.queryList(t, rf, p); err != nil {
				return err
			}
		}
	}
	for _, name := range sortedKeys(seen) {
		if err := b.queryDefault(t, rf, name, defaults(params, name)); err != nil {
			return err
		}
	}
	return nil
}

// union returns every value that any of the documents lists for a field.
func union(fields []claim.Field, name string) []string {
	var out []string
	for _, f := range fields {
		for _, v := range f.Values {
			if f.Name == name && !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
	}
	return out
}

// populate makes one resource in each state, so that lists have something to
// select from.
func (b *bench) populate(k *kind) error {
	for _, st := range k.states() {
		if _, err := b.get(k, st.Name); aborts(err) {
			return err
		}
	}
	return nil
}

func (b *bench) queried(t *target, rf *RouteFacts, purpose string, q url.Values, uncommon bool) (*Call, error) {
	return b.call(t, rf, request{purpose: purpose, body: rf.Body, query: q, uncommon: uncommon})
}

func (b *bench) queryParam(t *target, rf *RouteFacts, p claim.Field) error {
	f := rf.field(claim.InQuery, p.Name)
	value, err := b.queryValue(p)
	if err != nil {
		return err
	}
	c, err := b.queried(t, rf, fmt.Sprintf("%s is %s", p.Name, value), url.Values{p.Name: {value}}, true)
	if err != nil {
		return err
	}
	if c.Names("unrecognized parameter") {
		f.Refused = c
		return nil
	}
	f.Omitted = rf.OK
	f.Trials = append(f.Trials, Trial{Sample: SampleOwn, Value: value, Call: c})
	if c.OK() {
		f.Sent, f.Value = c, value
	}
	integer := "7"
	if strings.HasPrefix(p.Name, "wait_for") {
		integer = "1" // what waits for more than there is waits in vain
	}
	for _, s := range []sample{{SampleInteger, integer}, {SampleWord, "esconform"}, {SampleBoolean, "true"}, {SampleFalse, "false"}, {SampleDecimal, "7.5"}, {SampleInstant, "2023-02-03T04:05:06Z"}, {SampleDuration, "30s"}} {
		c, err := b.queried(t, rf, fmt.Sprintf("%s is of another kind: %s", p.Name, s.name), url.Values{p.Name: {s.value.(string)}}, false)
		if err != nil {
			return err
		}
		f.Trials = append(f.Trials, Trial{Sample: s.name, Value: s.value, Call: c})
	}
	values := p.Values
	if len(values) == 0 && f.Sent != nil {
		values = []string{value}
	}
	for _, v := range values {
		c, err := b.queried(t, rf, fmt.Sprintf("%s is %s", p.Name, v), url.Values{p.Name: {v}}, false)
		if err != nil {
			return err
		}
		f.Listed[v] = c
		if all, known := selects(c.JSON, p.Name, v); known {
			f.Filters[v] = all
		}
	}
	return nil
}

// maxAlone is how many values are tried alone to find two that select
// something.
const maxAlone = 12

// queryList sends two values at once, where a document says that the parameter
// takes a list. Each is one that the server takes alone, and if it can be, one
// that selects something.
func (b *bench) queryList(t *target, rf *RouteFacts, p claim.Field) error {
	name, values := p.Name, slices.Clone(p.Values)
	f := rf.field(claim.InQuery, name)
	q, err := b.scoped(t, rf, name)
	if err != nil {
		return err
	}
	if len(values) < 2 && t.whose != nil { // something else to select
		if _, err := b.make(t.whose, t.whose.states()[0]); err != nil {
			return err
		}
	}
	found, err := b.valuesOfResults(t, rf, name, q)
	if err != nil {
		return err
	}
	for _, v := range append(found, sortedKeys(f.Listed)...) {
		if !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	f.Selects = map[string]bool{}
	var selecting, others []string
	for i, v := range values {
		if len(selecting) == 2 || i == maxAlone {
			break
		}
		q.Set(name, v)
		c, err := b.queried(t, rf, fmt.Sprintf("%s is %s", name, v), q, false)
		if err != nil {
			return err
		}
		switch f.Selects[v] = Selected(c, name, v); {
		case f.Selects[v]:
			selecting = append(selecting, v)
		case c.OK():
			others = append(others, v)
		}
	}
	if values = append(selecting, others...); len(values) < 2 {
		return nil
	}
	f.ListValues = values[:2]
	q.Set(name, strings.Join(f.ListValues, ","))
	f.List, err = b.queried(t, rf, name+" is a list of two values", q, false)
	return err
}

// valuesOfResults are the values that a field has in a list without the
// parameter.
func (b *bench) valuesOfResults(t *target, rf *RouteFacts, name string, q url.Values) ([]string, error) {
	all, err := b.queried(t, rf, "which values of "+name+" there are", q, true)
	if err != nil {
		return nil, err
	}
	list, _ := results(all.JSON)
	var out []string
	for _, item := range list {
		s, isText := selectedBy(item, name)
		if isText && s != "" && !strings.Contains(s, ",") && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out, nil
}

// Selected reports whether a list in an answer has a result with the value.
func Selected(c *Call, name, value string) bool {
	list, _ := results(c.JSON)
	return slices.ContainsFunc(list, func(item any) bool {
		s, isText := selectedBy(item, name)
		return isText && s == value
	})
}

// selectedBy is the text by which a parameter of that name selects a result.
func selectedBy(item any, name string) (string, bool) {
	v, ok := find(item, name)
	if !ok {
		v, _ = lookup(item, strings.ReplaceAll(name, "_", ".")) // connector_id selects by connector.id
	}
	s, isText := v.(string)
	return s, isText
}

// queryValue is a value that the parameter should take.
func (b *bench) queryValue(p claim.Field) (string, error) {
	switch {
	case len(p.Values) > 0:
		return p.Values[0], nil
	case sampleFor(p.Type) == SampleInteger:
		return "1", nil
	case sampleFor(p.Type) == SampleBoolean:
		return "true", nil
	case b.known.scopes[p.Name] != nil:
		return b.parent(b.known.scopes[p.Name])
	case p.Default != nil:
		return *p.Default, nil
	}
	return "esconform", nil
}

// results returns the list in an answer: its first array of objects.
func results(doc any) ([]any, bool) {
	m, ok := doc.(map[string]any)
	if !ok {
		return nil, false
	}
	for _, k := range sortedKeys(m) {
		if list, ok := m[k].([]any); ok {
			return list, true
		}
	}
	return nil, false
}

// selects reports whether every result has the value. It knows nothing where
// there is no result, or where results have no such field.
func selects(doc any, name, value string) (all, known bool) {
	list, ok := results(doc)
	if !ok || len(list) == 0 {
		return false, false
	}
	for _, item := range list {
		s, isText := selectedBy(item, name)
		if !isText {
			return false, false
		}
		if s != value {
			return false, true
		}
	}
	return true, true
}

// scoped returns the query that narrows a list to what this run made, so that
// what others do at the same time is not seen; empty where there is none.
func (b *bench) scoped(t *target, rf *RouteFacts, except string) (url.Values, error) {
	if t.kind != nil || t.whose == nil || t.route.Method != http.MethodGet {
		return url.Values{}, nil
	}
	name, of := t.whose.scope(b.known)
	if of == nil || name == except {
		return url.Values{}, nil
	}
	id, err := b.parent(of)
	if err != nil {
		return nil, err
	}
	q := url.Values{name: {id}}
	c, err := b.queried(t, rf, "only what this run made", q, true)
	if err != nil || !c.OK() {
		return url.Values{}, err
	}
	return q, nil
}
