package probe

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/jsonval"
)

// bodyFields probes every field of the request's body that the page, a
// specification or the server itself names.
func (b *bench) bodyFields(t *target, rf *RouteFacts, m *claim.Model, hints []*claim.Model) error {
	if err := b.widen(t, rf, m, hints); err != nil {
		return err
	}
	documented := m.In(claim.InBody)
	for _, h := range hints {
		documented = append(documented, h.In(claim.InBody)...)
	}
	for _, name := range b.fieldNames(rf, m, hints) {
		if err := b.bodyField(t, rf, union(documented, name), name); err != nil {
			return err
		}
		if !nullable(documented, name) {
			continue
		}
		if err := b.null(t, rf, rf.field(claim.InBody, name)); err != nil {
			return err
		}
	}
	for _, f := range documented {
		if err := b.alone(t, rf, m, union(documented, f.Name), f.Name); err != nil {
			return err
		}
	}
	if len(rf.Body) == 0 {
		return nil
	}
	if err := b.oneOf(t, rf); err != nil {
		return err
	}
	return b.discover(t, rf, m)
}

func (b *bench) fieldNames(rf *RouteFacts, m *claim.Model, hints []*claim.Model) []string {
	var out []string
	seen := map[string]bool{}
	add := func(name string) {
		if _, has := lookup(rf.Body, name); has && !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	for _, f := range m.In(claim.InBody) {
		add(f.Name)
	}
	for _, h := range hints {
		for _, f := range h.In(claim.InBody) {
			add(f.Name)
		}
	}
	for _, name := range sortedKeys(rf.Body) {
		add(name)
	}
	return out
}

func (b *bench) bodyField(t *target, rf *RouteFacts, values []string, name string) error {
	f := rf.field(claim.InBody, name)
	f.Sent = rf.OK
	f.Value, _ = lookup(rf.OK.Sent, name)
	f.Stored, f.Found = findValue(rf.OK.After, name, f.Value)
	if s, ok := f.Value.(string); f.Ref != "" && (!ok || s != b.parents[f.Ref]) {
		f.Ref = ""
	}
	if err := b.omit(t, rf, f); err != nil {
		return err
	}
	if f.Ref != "" {
		return b.unknownReference(t, rf, f)
	}
	if err := b.trials(t, rf, f); err != nil {
		return err
	}
	if err := b.widths(t, rf, f); err != nil {
		return err
	}
	if err := b.merge(t, rf, f); err != nil {
		return err
	}
	for _, v := range values {
		value := any(v)
		if _, isList := f.Value.([]any); isList {
			value = []any{v}
		}
		c, err := b.with(t, rf, name, value, fmt.Sprintf("%s is %q", name, v))
		if err != nil {
			return err
		}
		f.Listed[v] = c
	}
	return nil
}

// with sends the working request with one field changed.
func (b *bench) with(t *target, rf *RouteFacts, name string, v any, purpose string) (*Call, error) {
	body := clone(rf.Body)
	set(body, name, v)
	return b.call(t, rf, request{purpose: purpose, body: body, trial: name})
}

func (b *bench) omit(t *target, rf *RouteFacts, f *FieldFacts) error {
	body := clone(rf.Body)
	unset(body, f.Name)
	c, err := b.call(t, rf, request{purpose: f.Name + " is left out", body: body})
	if err != nil {
		return err
	}
	f.Omitted = c
	f.Left, f.Kept = find(c.After, f.Name)
	f.LeftBefore, _ = find(c.Before, f.Name)
	return nil
}

func (b *bench) unknownReference(t *target, rf *RouteFacts, f *FieldFacts) error {
	c, err := b.with(t, rf, f.Name, b.registry.NewID(), f.Name+" names something that does not exist")
	if err != nil {
		return err
	}
	f.Trials = append(f.Trials, Trial{Sample: SampleWord, Call: c})
	f.Trials = append(f.Trials, Trial{Sample: SampleOwn, Value: f.Value, Call: rf.OK, Stored: f.Stored, Found: f.Found})
	return nil
}

func (b *bench) trials(t *target, rf *RouteFacts, f *FieldFacts) error {
	f.Trials = append(f.Trials, Trial{Sample: SampleOwn, Value: f.Value, Call: rf.OK, Stored: f.Stored, Found: f.Found})
	for _, s := range b.samples() {
		c, err := b.with(t, rf, f.Name, s.value, fmt.Sprintf("%s is of another kind: %s", f.Name, s.name))
		if err != nil {
			return err
		}
		tr := Trial{Sample: s.name, Value: s.value, Call: c}
		if c.OK() {
			tr.Stored, tr.Found = findValue(c.After, f.Name, s.value)
		}
		f.Trials = append(f.Trials, tr)
	}
	return nil
}

// limits of integers: the largest of each usual width, and one more.
var integerLimits = []string{"127", "128", "32767", "32768", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808"}

func (b *bench) widths(t *target, rf *RouteFacts, f *FieldFacts) error {
	tr := f.Trial(SampleInteger)
	if tr == nil || !tr.Call.OK() || !tr.Found || !jsonval.Equal(tr.Stored, json.Number("7")) || isText(tr.Stored) {
		return nil
	}
	for _, n := range integerLimits {
		c, err := b.with(t, rf, f.Name, json.Number(n), fmt.Sprintf("%s is %s", f.Name, n))
		if err != nil {
			return err
		}
		w := Trial{Sample: n, Value: json.Number(n), Call: c}
		if c.OK() {
			w.Stored, w.Found = find(c.After, f.Name)
		}
		f.Widths = append(f.Widths, w)
	}
	return nil
}

func isText(v any) bool { _, ok := v.(string); return ok }

// merge sends an object and then another one to the same resource: where both
// are kept, objects are merged.
func (b *bench) merge(t *target, rf *RouteFacts, f *FieldFacts) error {
	tr := f.Trial(SampleObject)
	if tr == nil || !tr.Call.OK() || !tr.Found || t.creates {
		return nil
	}
	key := strings.ToLower(b.registry.NewID())
	c, err := b.next(t, rf, tr.Call, f.Name, map[string]any{key: "b"}, f.Name+" is another object than the one that is stored")
	if err != nil || !c.OK() {
		return err
	}
	before, _ := find(c.Before, f.Name)
	after, _ := find(c.After, f.Name)
	was, _ := before.(map[string]any)
	is, _ := after.(map[string]any)
	if len(was) > 0 && len(is) > len(was) && is[key] != nil {
		f.Merge = c
	}
	return nil
}

// next sends another value to the resource that a call was about.
func (b *bench) next(t *target, rf *RouteFacts, first *Call, name string, v any, purpose string) (*Call, error) {
	body := clone(rf.Body)
	set(body, name, v)
	c, err := b.call(t, rf, request{purpose: purpose, id: path.Base(first.Resource), body: body})
	if err != nil {
		return nil, err
	}
	c.Before, c.Resource = first.After, first.Resource
	in, err := b.named(t.kind, path.Base(first.Resource))
	if err != nil {
		return nil, err
	}
	c.After, _, err = b.read(in)
	for _, in := range b.pool {
		if in.path() == c.Resource {
			in.doc = c.After
		}
	}
	return c, err
}

// discover sends what the stored resource holds as fields of the request:
// where the server takes one that nobody documents, there is one to document.
func (b *bench) discover(t *target, rf *RouteFacts, m *claim.Model) error {
	doc, _ := rf.OK.After.(map[string]any)
	for _, name := range sortedKeys(doc) {
		if _, has := rf.Body[name]; has || name == "id" && t.kind != nil || rf.Field(claim.InBody, name) != nil {
			continue
		}
		if _, documented := m.Field(claim.InBody, name); documented {
			continue
		}
		v := doc[name]
		if v == nil {
			v = strings.ToLower(b.registry.NewID())
		}
		c, err := b.with(t, rf, name, v, fmt.Sprintf("%s, which the stored document has, is sent as well", name))
		if err != nil {
			return err
		}
		if c.OK() {
			rf.Extra = append(rf.Extra, &FieldFacts{Name: name, In: claim.InBody, Sent: c, Value: v})
		}
	}
	return nil
}
