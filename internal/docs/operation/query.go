package operation

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/openapi"
	"github.com/esconform/esconform/internal/jsonval"
)

// nobodys is the name of a parameter or field that no server knows.
const nobodys = "esconform_unknown"

// queryClaims asks about each parameter of the query.
func (b *bench) queryClaims() error {
	params := b.op.in(claim.InQuery)
	if len(params) == 0 {
		return nil
	}
	c, err := b.queried(nobodys, "1", "a parameter that nobody knows")
	if err != nil {
		return err
	}
	if !c.ok() && unknownParam.MatchString(c.text) {
		b.strictQuery = c
	}
	for _, p := range params {
		if slices.Contains(b.rules.Apart, p.Name) {
			b.cannot(b.claim("query/"+p.Name, claim.KindQueryParam, p.At, "parameter "+p.Name), claim.Untestable, "it makes the call last, or reach further")
			continue
		}
		if err := b.queryParam(p); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) queried(name, value, purpose string) (*call, error) {
	return b.send(variation{purpose: purpose, body: b.base.body, query: url.Values{name: {value}}})
}

// trial is one value and its answer.
type trial struct {
	sample
	call *call
}

func (b *bench) queryParam(p openapi.Parameter) error {
	exists := b.claim("query/"+p.Name, claim.KindQueryParam, p.At, "parameter "+p.Name)
	var trials []trial
	for _, v := range firstOf(b.values(p.Schema), maxValues) {
		c, err := b.queried(p.Name, asText(v.value), fmt.Sprintf("%s is %s", p.Name, asText(v.value)))
		if err != nil {
			return err
		}
		trials = append(trials, trial{v, c})
		if unknownParam.MatchString(c.text) && c.names("["+p.Name+"]") {
			return b.unknownQuery(exists, p, asText(v.value), c)
		}
	}
	b.queryExists(exists, trials)
	if p.Required {
		if err := b.queryRequired(p); err != nil {
			return err
		}
	}
	for _, ask := range []func(openapi.Parameter, []trial) error{b.queryType, b.queryValues, b.queryDefault} {
		if err := ask(p, trials); err != nil {
			return err
		}
	}
	return nil
}

const maxValues = 12

func firstOf[T any](list []T, n int) []T { return list[:min(n, len(list))] }

// unknownQuery notes a parameter that the server does not know, if it does not
// know it beside the others and without a body either: some are read in certain
// company alone.
func (b *bench) unknownQuery(c *claim.Claim, p openapi.Parameter, value string, first *call) error {
	query := url.Values{p.Name: {value}}
	for _, other := range b.op.in(claim.InQuery) {
		if other.Name != p.Name && !slices.Contains(b.rules.Apart, other.Name) {
			query.Set(other.Name, asText(b.values(other.Schema)[0].value))
		}
	}
	v := variation{purpose: p.Name + " beside all others", query: query}
	if b.op.body != nil && b.op.body.Required {
		v.body = b.base.body
	}
	b.current = nil
	again, err := b.send(v)
	switch {
	case err != nil:
		return err
	case unknownParam.MatchString(again.text) && again.names("["+p.Name+"]"):
		b.say(c, claim.Contradicted, "the server does not know it: "+first.answer(), first)
		b.correct(c, p.Item, p.Gone())
	case again.ok() || unknownParam.MatchString(again.text):
		b.say(c, claim.Confirmed, "the server knows it beside others")
	default:
		b.cannot(c, claim.Untestable, "alone the server does not know it; beside the others the request is refused: "+again.answer())
	}
	return nil
}

func (b *bench) queryExists(c *claim.Claim, trials []trial) {
	i := slices.IndexFunc(trials, func(t trial) bool { return t.call.ok() })
	switch {
	case b.strictQuery == nil:
		b.cannot(c, claim.Untestable, "the server looks at no parameter that it does not know, so its answer does not tell")
	case i >= 0:
		b.say(c, claim.Confirmed, "the server takes it, and refuses one that nobody knows")
	default:
		b.say(c, claim.Confirmed, "the server looks at it: "+trials[0].call.answer())
	}
}

func (b *bench) queryRequired(p openapi.Parameter) error {
	c := b.claim("query/"+p.Name+"/required", claim.KindRequired, p.At, p.Name+" is required")
	had := b.query[p.Name]
	delete(b.query, p.Name)
	call, err := b.send(variation{purpose: p.Name + " is left out", body: b.base.body})
	b.query[p.Name] = had
	switch {
	case err != nil:
		return err
	case call.ok():
		b.say(c, claim.Contradicted, "the server takes the request without it", call)
		b.correct(c, p.Item, p.Optional())
	default:
		b.say(c, claim.Confirmed, "without it: "+call.answer())
	}
	return nil
}

// queryType asks whether the values of each documented kind can be read, and
// which numbers can.
func (b *bench) queryType(p openapi.Parameter, trials []trial) error {
	c := b.claim("query/"+p.Name+"/type", claim.KindType, p.At, p.Schema.Type())
	if c.Documented == "" {
		c.Documented = "any value"
	}
	taken := slices.IndexFunc(trials, func(t trial) bool { return t.call.ok() })
	if taken < 0 {
		b.cannot(c, claim.Untestable, "the server takes none of the values that were tried: "+trials[0].call.answer())
		return nil
	}
	b.say(c, claim.Confirmed, fmt.Sprintf("%s is taken", asText(trials[taken].value)))
	for _, t := range trials {
		if t.kind != "value" && t.call.misreads() && t.call.names(p.Name) {
			b.say(c, claim.Contradicted, fmt.Sprintf("%s is taken, but %s is not: %s", asText(trials[taken].value), asText(t.value), t.call.answer()), t.call, trials[taken].call)
		}
	}
	if trials[taken].kind != "number" || c.Verdict != claim.Confirmed || p.Schema.Format() != "" {
		return nil
	}
	return b.numbers(numeric{"query", p.Name, p.At, p.Schema, p.Item}, func(n string) (*call, error) {
		return b.queried(p.Name, n, fmt.Sprintf("%s is %s", p.Name, n))
	}, nil)
}

// numeric is a parameter or field that is a number.
type numeric struct {
	where, name string
	at          claim.At
	schema      openapi.Schema
	through     string // pointer to the part of the operation that has it
}

// numbers asks which numbers are taken where the document says no more than
// that it is one, and that an integer is.
func (b *bench) numbers(n numeric, try func(string) (*call, error), kept func() (string, *call, error)) error {
	whole := b.claim(n.where+"/"+n.name+"/integer", claim.KindType, n.at, n.name+" is a number, a fraction too")
	c, err := try("1.5")
	if err != nil {
		return err
	}
	is, proof, err := "", (*call)(nil), error(nil)
	if c.ok() && kept != nil {
		if is, proof, err = kept(); err != nil {
			return err
		}
	}
	switch {
	case c.ok() && (is == "1" || is == "2"):
		b.because(whole, "cut/"+n.where, claim.Contradicted, "1.5 is taken, and what is stored is "+is, c, proof)
	case c.ok():
		b.say(whole, claim.Confirmed, "1.5 is taken")
	case c.misreads() || c.names("1.5"):
		b.because(whole, "integer/"+n.where, claim.Contradicted, "it has to be an integer: 1.5 is refused: "+c.answer(), c)
	default:
		b.cannot(whole, claim.Untestable, "1.5 is refused for another reason: "+c.answer())
	}
	integral := whole.Verdict == claim.Contradicted
	if integral {
		b.correct(whole, n.through, n.schema.Integral())
	}
	width := b.claim(n.where+"/"+n.name+"/width", claim.KindWidth, n.at, n.name+" is a number of any size")
	// The largest integer itself is not tried: where it is taken, as many of
	// something may be made.
	more, err := try("2147483648")
	switch {
	case err != nil:
		return err
	case more.ok():
		b.say(width, claim.Confirmed, "2147483648 is taken")
	case tooWide.MatchString(more.text):
		b.because(width, "width/"+n.where, claim.Contradicted, "it has to fit into 32 bits: 2147483648 is refused: "+more.answer(), more)
		if integral {
			b.correct(width, n.through, n.schema.Narrow())
		}
	default:
		b.cannot(width, claim.Untestable, "such numbers are refused for another reason: "+more.answer())
	}
	return nil
}

// queryValues asks about each value that is listed.
func (b *bench) queryValues(p openapi.Parameter, trials []trial) error {
	listed := slices.DeleteFunc(slices.Clone(trials), func(t trial) bool { return t.kind != "value" })
	if len(listed) < 2 && len(p.Schema.Values()) == 0 {
		return nil
	}
	return b.listedValues("query/"+p.Name, p.At, listed, func() (*call, error) {
		return b.queried(p.Name, nobodys, p.Name+" is a value that nobody knows")
	})
}

// listedValues compares how each listed value is answered with how one is that
// nobody knows: a value that is refused in the same words is not known.
func (b *bench) listedValues(suffix string, at claim.At, listed []trial, wrong func() (*call, error)) error {
	if len(listed) == 0 {
		return nil
	}
	var names []string
	for _, t := range listed {
		names = append(names, asText(t.value))
	}
	c := b.claim(suffix+"/values", claim.KindValues, at, "one of "+strings.Join(names, ", "))
	other, err := wrong()
	if err != nil {
		return err
	}
	if other.ok() {
		if slices.ContainsFunc(listed, func(t trial) bool { return t.call.ok() }) {
			b.say(c, claim.Confirmed, "each that is listed is taken; the server does not refuse others")
		} else {
			b.cannot(c, claim.Untestable, "the server takes others, and none of these")
		}
		return nil
	}
	var unknown []trial
	for _, t := range listed {
		if !t.call.ok() && sameRefusal(t.call, asText(t.value), other, nobodys) {
			unknown = append(unknown, t)
		}
	}
	switch {
	case len(unknown) == len(listed):
		b.cannot(c, claim.Untestable, "the server refuses every value in the same words: "+other.answer())
	case len(unknown) > 0:
		b.say(c, claim.Contradicted, fmt.Sprintf("%s is refused like a value that nobody knows: %s", asText(unknown[0].value), unknown[0].call.answer()), unknown[0].call, other)
	default:
		b.say(c, claim.Confirmed, "none is refused like a value that nobody knows")
	}
	return nil
}

// position is where in a body something was read.
var position = regexp.MustCompile(`\[\d+:\d+\]`)

// sameRefusal reports whether two refusals name their value, and differ in
// nothing else.
func sameRefusal(a *call, value string, b *call, other string) bool {
	named := regexp.MustCompile(`(?i)[\[("'=]` + regexp.QuoteMeta(value) + `\\?[\])"']`)
	plain := func(c *call, value string) string {
		return position.ReplaceAllString(strings.ReplaceAll(strings.ToLower(c.text), strings.ToLower(value), "…"), "")
	}
	return a.status == b.status && named.MatchString(a.text) && plain(a, value) == plain(b, other)
}

// queryDefault asks whether the default makes no difference, where the answer
// is the same every time.
func (b *bench) queryDefault(p openapi.Parameter, _ []trial) error {
	def, has := p.Schema.Default()
	if !has || !b.op.reads() || b.op.method == "HEAD" || strings.Contains(asText(def), ",") {
		return nil
	}
	c := b.claim("query/"+p.Name+"/default", claim.KindDefault, p.At, "the default is "+asText(def))
	left := variation{purpose: p.Name + " is left out", body: b.base.body}
	given := variation{purpose: p.Name + " is its default", body: b.base.body, query: url.Values{p.Name: {asText(def)}}}
	var answers []*call
	for _, v := range []variation{left, given, left} {
		got, err := b.send(v)
		if err != nil {
			return err
		}
		answers = append(answers, got)
	}
	without, with := answers[0], answers[1]
	switch {
	case !with.ok():
		b.cannot(c, claim.Untestable, "the default is refused: "+with.answer())
	case without.doc == nil || !b.same(answers[0], answers[2]):
		b.cannot(c, claim.Untestable, "the answer is another each time")
	case b.same(without, with):
		b.say(c, claim.Confirmed, "with it the answer is the same as without")
	default:
		return b.defaultAgain(c, left, given, answers)
	}
	return nil
}

// defaultAgain says that a default makes a difference, if it makes the same one
// a second time: others may have changed what is shown.
func (b *bench) defaultAgain(c *claim.Claim, left, given variation, first []*call) error {
	with, err := b.send(given)
	if err != nil {
		return err
	}
	without, err := b.send(left)
	if err != nil {
		return err
	}
	if !b.same(with, first[1]) || !b.same(without, first[0]) {
		b.cannot(c, claim.Untestable, "the answer is another each time")
		return nil
	}
	b.say(c, claim.Contradicted, "with it the answer is another than without: "+differences(without.doc, with.doc), with, without)
	return nil
}

// same reports whether two answers differ in nothing but what varies anyway.
func (b *bench) same(one, other *call) bool {
	return !slices.ContainsFunc(jsonval.Diff(one.doc, other.doc), func(d jsonval.Change) bool { return !slices.Contains(b.rules.Varies, last("/"+d.Pointer)) })
}

// differences are the first places at which two answers differ.
func differences(a, b any) string {
	var out []string
	for _, d := range firstOf(jsonval.Diff(a, b), 3) {
		out = append(out, d.Pointer)
	}
	return strings.Join(out, ", ")
}

// unknownID asks about something that is not there.
func (b *bench) unknownID() error {
	param, isParam := "", false
	for _, s := range b.op.segs {
		if name, is := claim.Param(s); is {
			param, isParam = name, true
		}
	}
	if !isParam || b.subject.creates || b.subject.sources[param].fixed != "" {
		return nil
	}
	p := b.op.in(claim.InPath)
	at := claim.At{}
	for _, p := range p {
		if p.Name == param {
			at = p.At
		}
	}
	c := b.claim("path/"+param, claim.KindPathParam, at, param+" names something that is there")
	name := b.name()
	got, err := b.send(variation{purpose: param + " names nothing", body: b.base.body, values: map[string]string{param: name}})
	switch {
	case err != nil:
		return err
	case got.ok():
		b.current = nil
		b.cannot(c, claim.Untestable, "the server takes a name that nothing has, too")
	case got.status == 404:
		b.say(c, claim.Confirmed, "a name that nothing has: "+got.answer())
	default:
		b.say(c, claim.Confirmed, "a name that nothing has is refused: "+got.answer())
	}
	return nil
}
