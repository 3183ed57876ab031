package operation

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/openapi"
	"github.com/esconform/esconform/internal/resource"
)

// described is what the document says of an answer: under its status, or, for a
// success that has none, under that of another success.
func (b *bench) described(status int) (openapi.Response, bool) {
	for _, ask := range []func(openapi.Response) bool{
		func(r openapi.Response) bool { return r.Status == status },
		func(r openapi.Response) bool { return status < 300 && r.Status >= 200 && r.Status < 300 },
	} {
		if i := slices.IndexFunc(b.op.responses, ask); i >= 0 {
			return b.op.responses[i], true
		}
	}
	return openapi.Response{}, false
}

// fits holds an answer against what the document says of it.
func (b *bench) fits(c *call) {
	res, ok := b.described(c.status)
	if !ok || !res.Schema.There() {
		return
	}
	if c.doc == nil {
		if c.text != "" && b.noJSON == nil {
			b.noJSON = c
		}
		return
	}
	for _, m := range misfits(res.Schema, c.doc) {
		m.name = b.starred(m.name)
		key := m.how + " " + m.name + " " + m.at.Pointer
		b.observe(key, observed{m, c, res.At.Pointer})
	}
	// An object of which nothing is said.
	if members, isObject := c.doc.(map[string]any); isObject && res.Schema.Bare() && len(members) > 0 {
		name := strings.Join(slices.Sorted(maps.Keys(members)), ", ")
		if b.starred(name) != name {
			name = "*" // names of things, others each time
		}
		b.observe("bare", observed{misfit{
			how: misfitUnknown, name: name, at: res.At, want: "not described: the answer is an object, of which nothing more is said", is: text(c.doc),
			schema: res.Schema, values: []any{c.doc},
		}, c, res.At.Pointer})
	}
}

// observe keeps a misfit and the first answer that has it, and all values.
func (b *bench) observe(key string, o observed) {
	if known := b.misfit[key]; known != nil {
		known.values = append(known.values, o.values...)
		return
	}
	b.misfit[key] = &o
}

// starred is the name of a member with * for what the run has named: claims are
// called the same in every run.
func (b *bench) starred(name string) string {
	return regexp.MustCompile(regexp.QuoteMeta(resource.Prefix+b.Registry.RunID()+"-")+`\w+`).ReplaceAllString(name, "*")
}

// answerClaims says what answers were had, and how they fit.
func (b *bench) answerClaims() {
	if b.base == nil {
		return
	}
	b.statusClaims()
	res, ok := b.described(b.base.call.status)
	if !ok {
		return
	}
	c := b.claim("response", claim.KindResponseBody, res.At, "the answer is "+orWord(res.Schema.Type(), "not described"))
	switch {
	case len(b.misfit) > 0:
		b.cannot(c, claim.Untestable, fmt.Sprintf("%d points in which answers do not fit are claims of their own", len(b.misfit)))
	case b.noJSON != nil:
		b.cannot(c, claim.Untestable, "an answer is no JSON, and is not held against a schema: "+b.noJSON.answer())
	default:
		b.say(c, claim.Confirmed, "every answer fits")
	}
	for _, key := range slices.Sorted(maps.Keys(b.misfit)) {
		b.misfitClaim(b.misfit[key])
	}
}

func orWord(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// Causes that are the same wherever they show.
const (
	causeAny  = "any-as-object"
	causeNil  = "null-in-answers"
	causeCode = "status/"
)

func (b *bench) misfitClaim(o *observed) {
	kind, v := claim.KindResponseField, claim.Contradicted
	if o.how == misfitUnknown {
		v = claim.Undocumented
	}
	want := o.want
	if o.name != "" {
		want = fmt.Sprintf("%s: %s", o.name, o.want)
	}
	c := b.claim("response/"+orWord(o.name, "whole")+"/"+o.how, kind, o.at, want)
	cause := o.how + " " + o.at.Pointer + " " + lastOf(o.name)
	switch o.how {
	case misfitAny:
		cause = causeAny
	case misfitNull:
		cause = causeNil
	}
	b.because(c, cause, v, "in an answer "+o.say(), o.call)
	b.correct(c, o.through, o.change())
}

// lastOf is the last part of a dotted name.
func lastOf(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// statusClaims says which documented statuses were had, and which others.
func (b *bench) statusClaims() {
	for _, res := range b.op.responses {
		if res.Status == 0 {
			continue
		}
		c := b.claim(fmt.Sprintf("code/%d", res.Status), claim.KindCode, res.At, fmt.Sprintf("status %d", res.Status))
		seen := b.codes[res.Status]
		switch {
		case len(seen) > 0:
			b.say(c, claim.Confirmed, seen[0].answer())
		case res.Status < 300:
			b.because(c, fmt.Sprintf("%snot-%d", causeCode, res.Status), claim.Contradicted, fmt.Sprintf("every success was answered %d", b.base.call.status), b.base.call)
			if status, only := b.insteadOf(res); only {
				b.correct(c, b.op.At().Pointer, b.op.Answers(status, res, true))
			}
		default:
			b.cannot(c, claim.Untestable, "no request led to it")
		}
	}
	for _, status := range slices.Sorted(maps.Keys(b.codes)) {
		if slices.ContainsFunc(b.op.responses, func(r openapi.Response) bool { return r.Status == status || r.Status == 0 }) {
			continue
		}
		at := b.op.At()
		if len(b.op.responses) > 0 {
			at = b.op.responses[0].At
		}
		c := b.claim(fmt.Sprintf("code/%d", status), claim.KindCode, at, fmt.Sprintf("no status %d", status))
		seen := b.codes[status][0]
		b.because(c, fmt.Sprintf("%s%d", causeCode, status), claim.Undocumented, seen.answer(), seen)
		b.correct(c, b.op.At().Pointer, b.statusChange(status))
	}
}
