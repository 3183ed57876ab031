package probe

import (
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
)

// Together is what an answer says of fields that depend on each other.
type Together struct {
	Fields []string
	Call   *Call
}

// Of reports whether it is about the field.
func (t *Together) Of(name string) bool { return t != nil && slices.Contains(t.Fields, name) }

// Exclusive returns the fields that exclude this one, or nil.
func (r *RouteFacts) Exclusive(name string) *Together {
	for i := range r.Exclusives {
		if r.Exclusives[i].Of(name) {
			return &r.Exclusives[i]
		}
	}
	return nil
}

var bothRE = regexp.MustCompile(`(?i)\bboth\b|\bmutually exclusive\b|\btogether\b`)

// named are the fields of a list that an answer names.
func (c *Call) named(fields []string) []string {
	var out []string
	for _, f := range fields {
		if c.Names("[" + f + "]") {
			out = append(out, f)
		}
	}
	return out
}

// exclude reports whether an answer says that fields of the body exclude each
// other, and notes it.
func (r *RouteFacts) exclude(c *Call, body map[string]any) bool {
	named := c.named(sortedKeys(body))
	if len(named) < 2 || !bothRE.MatchString(c.Reason) {
		return false
	}
	if r.Exclusive(named[0]) == nil {
		r.Exclusives = append(r.Exclusives, Together{named, c})
	}
	return true
}

// alone probes a field that excludes others of the working request, in a
// request without those.
func (b *bench) alone(t *target, rf *RouteFacts, m *claim.Model, values []string, name string) error {
	ex := rf.Exclusive(name)
	if _, has := lookup(rf.Body, name); has || ex == nil || len(rf.field(claim.InBody, name).Trials) > 0 {
		return nil
	}
	body, ok := rf.Body, rf.OK
	defer func() { rf.Body, rf.OK = body, ok }()
	rf.Body = clone(body)
	for _, other := range ex.Fields {
		delete(rf.Body, other)
	}
	if err := b.addField(t, rf, m, name); err != nil {
		return err
	}
	if _, has := lookup(rf.Body, name); !has {
		return nil
	}
	return b.bodyField(t, rf, values, name)
}

// oneOf leaves out all optional fields at once: it may be that one of them is
// needed, whichever it is.
func (b *bench) oneOf(t *target, rf *RouteFacts) error {
	var optional []string
	body := clone(rf.Body)
	for _, name := range sortedKeys(rf.Body) {
		f := rf.Field(claim.InBody, name)
		switch {
		case f == nil || f.Omitted == nil:
		case f.Omitted.OK():
			optional = append(optional, name)
			delete(body, name)
		case rf.Exclusive(name) != nil && len(f.Omitted.named(rf.Exclusive(name).Fields)) > 1:
			rf.OneOf = &Together{rf.Exclusive(name).Fields, f.Omitted}
			return nil
		}
	}
	if len(optional) < 2 {
		return nil
	}
	c, err := b.call(t, rf, request{purpose: strings.Join(optional, ", ") + " are left out together", body: body})
	if err != nil || c.OK() {
		return err
	}
	if named := c.named(optional); len(named) > 1 {
		rf.OneOf = &Together{named, c}
	}
	return nil
}

// null sends null for a field that a document types as nullable, after another
// value: it may be refused, or change nothing.
func (b *bench) null(t *target, rf *RouteFacts, f *FieldFacts) error {
	if t.creates {
		return nil
	}
	first, err := b.with(t, rf, f.Name, f.Value, f.Name+" is set")
	if err != nil || !first.OK() {
		return err
	}
	c, err := b.next(t, rf, first, f.Name, nil, f.Name+" is null")
	if err != nil {
		return err
	}
	f.Null = &Trial{Sample: "null", Call: c}
	f.Null.Stored, f.Null.Found = find(c.After, f.Name)
	return nil
}

// nullable reports whether a document types a field as one that can be null.
func nullable(fields []claim.Field, name string) bool {
	return slices.ContainsFunc(fields, func(f claim.Field) bool {
		return f.Name == name && slices.Contains(claim.Alternatives(f.Type), "null")
	})
}
