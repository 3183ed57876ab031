package operation

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/docs/openapi"
	"github.com/esconform/esconform/internal/jsonval"
)

// field is one of the request's body.
type field struct {
	ptr, name string // the name as reports have it, dotted
	schema    openapi.Schema
	required  bool
	at        claim.At
	property  openapi.Property // zero where the field has no name in the document
	value     any              // in the accepted request
	present   bool
}

const (
	maxFields = 40 // of one request
	maxNested = 2  // how deep fields are asked about
)

// fields are those of the body: the outer ones first, inner ones where the
// accepted request has what they stand in, or one level down.
func (b *bench) fields() (list []field, more bool) {
	root := field{schema: b.op.body.Schema, value: b.base.body, present: b.base.body != nil}
	queue := []field{root}
	for depth := 0; depth <= maxNested && len(queue) > 0; depth++ {
		var next []field
		for _, f := range queue {
			inner := f.inner(depth)
			list, next = append(list, inner...), append(next, inner...)
		}
		queue = next
	}
	return firstOf(list, maxFields), len(list) > maxFields
}

// inner are the fields inside of one.
func (f field) inner(depth int) []field {
	s, value, ptr, name := f.schema, f.value, f.ptr, f.name
	alts := s.Alternatives()
	if i := slices.IndexFunc(alts, func(a openapi.Schema) bool { return is("array", value) && a.Items().There() }); i >= 0 {
		items := value.([]any)
		if len(items) == 0 {
			return nil
		}
		s, value, ptr, name = alts[i].Items(), items[0], ptr+"/0", name+"[]"
		alts = s.Alternatives()
	}
	members, _ := value.(map[string]any)
	if members == nil && depth > 1 {
		return nil
	}
	if members != nil {
		alts = fittingFirst(alts, value)
	}
	for _, alt := range alts {
		if props := alt.Properties(); len(props) > 0 {
			return propertiesOf(ofAll(alts, props), members, ptr, name)
		}
		extra, open := alt.Open()
		if open && extra.There() && len(members) > 0 {
			key := slices.Sorted(maps.Keys(members))[0]
			f := field{ptr: ptr + "/" + jsonval.Escape(key), name: strings.TrimPrefix(name+".*", "."), schema: extra, value: members[key], present: true, at: extra.At()}
			return []field{f}
		}
	}
	return nil
}

// fittingFirst has the alternative first that a value fits best: its members are
// those of that one, and not of another.
func fittingFirst(alts []openapi.Schema, v any) []openapi.Schema {
	best, least := 0, -1
	for i, alt := range alts {
		if w := weight(misfits(alt, v), ""); least < 0 || w < least {
			best, least = i, w
		}
	}
	return append(slices.Clone(alts[best:]), alts[:best]...)
}

// ofAll are the properties of one alternative; required is what each of them
// that is an object requires.
func ofAll(alts []openapi.Schema, props []propertyOf) []propertyOf {
	out := slices.Clone(props)
	for i, p := range out {
		for _, alt := range alts {
			others := alt.Properties()
			same := func(other propertyOf) bool { return other.Name == p.Name && other.Required }
			out[i].Required = out[i].Required && (len(others) == 0 || slices.ContainsFunc(others, same))
		}
	}
	return out
}

func propertiesOf(props []propertyOf, members map[string]any, ptr, name string) []field {
	var out []field
	for _, p := range props {
		v, has := members[p.Name]
		out = append(out, field{
			ptr: ptr + "/" + jsonval.Escape(p.Name), name: strings.TrimPrefix(name+"."+p.Name, "."),
			schema: p.Schema, required: p.Required, at: p.At, property: p, value: v, present: has,
		})
	}
	return out
}

// facts are what was found out about a field.
type facts struct {
	field
	trials  []trial
	omitted *call
	null    *call
	taken   any // a value that the server takes
	takes   bool
}

// bodyClaims asks about the body and each of its fields.
func (b *bench) bodyClaims() error {
	if b.op.body == nil {
		return nil
	}
	if err := b.bodyRequired(); err != nil {
		return err
	}
	if _, isObject := b.base.body.(map[string]any); !isObject {
		return nil
	}
	c, err := b.try(field{ptr: "/" + nobodys, name: nobodys}, number("1"), "a field that nobody knows")
	if err != nil {
		return err
	}
	if !c.ok() && c.refuses(nobodys) {
		b.strict = c
	}
	list, more := b.fields()
	b.list = list
	if more {
		c := b.claim("unread/fields", claim.KindUnread, b.op.body.At, "")
		b.cannot(c, claim.NotRun, fmt.Sprintf("the body has more than %d fields: the first are asked about", maxFields))
	}
	var all []*facts
	for _, f := range list {
		if apart := func(name string) bool { return slices.Contains(strings.Split(f.name, "."), name) }; slices.ContainsFunc(b.rules.Fields, apart) {
			b.cannot(b.claim("body/"+f.name, claim.KindBodyField, f.at, "field "+f.name), claim.Untestable, "what has it may not be deleted any more")
			continue
		}
		one, err := b.field(f)
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	return b.together(all)
}

// try sends the accepted request with another value for a field.
func (b *bench) try(f field, v any, purpose string) (*call, error) {
	return b.send(b.varied(f, v, purpose))
}

func (b *bench) varied(f field, v any, purpose string) variation {
	body, _ := jsonval.Clone(b.base.body).(map[string]any)
	if body == nil {
		body = map[string]any{}
	}
	put(body, f.ptr, v)
	return variation{purpose: purpose, body: body, trial: f.ptr}
}

func (b *bench) without(f field, purpose string) variation {
	body := jsonval.Clone(b.base.body)
	remove(body, f.ptr)
	return variation{purpose: purpose, body: body, trial: f.ptr}
}

func (b *bench) field(f field) (*facts, error) {
	one := &facts{field: f}
	for _, v := range firstOf(b.values(f.schema), maxValues) {
		c, err := b.try(f, v.value, fmt.Sprintf("%s is %s", f.name, text(v.value)))
		if err != nil {
			return nil, err
		}
		one.trials = append(one.trials, trial{v, c})
		if c.ok() && !one.takes {
			one.taken, one.takes = v.value, true
		}
		if c.refuses(last(f.ptr)) {
			break
		}
	}
	if f.present {
		one.taken, one.takes = f.value, true
	}
	for _, ask := range []func(*facts) error{b.fieldExists, b.fieldType, b.fieldRequired, b.fieldDefault, b.fieldNull, b.fieldValues} {
		if err := ask(one); err != nil {
			return nil, err
		}
	}
	return one, nil
}

func (b *bench) fieldExists(f *facts) error {
	c := b.claim("body/"+f.name, claim.KindBodyField, f.at, "field "+f.name)
	i := slices.IndexFunc(f.trials, func(t trial) bool { return t.call.refuses(last(f.ptr)) })
	switch refusal := b.unknown[f.ptr]; {
	case f.takes && b.strict != nil:
		b.say(c, claim.Confirmed, "the server takes it, and refuses one that nobody knows")
	case f.takes:
		b.cannot(c, claim.Untestable, "the server takes any field here")
	case refusal != nil:
		b.say(c, claim.Contradicted, "the server does not know it: "+refusal.answer(), refusal)
		b.correct(c, b.inBody(), f.property.Gone())
	case i >= 0:
		t := f.trials[i]
		again, err := b.again(b.varied(f.field, t.value, f.name+" once more"))
		if err != nil {
			return err
		}
		if again.refuses(last(f.ptr)) {
			b.say(c, claim.Contradicted, "the server does not know it: "+t.call.answer(), t.call)
			b.correct(c, b.inBody(), f.property.Gone())
			return nil
		}
		b.cannot(c, claim.Untestable, "the server did not say the same twice")
	default:
		b.cannot(c, claim.Untestable, "the server takes none of the values that were tried: "+f.trials[0].call.answer())
	}
	return nil
}

func (b *bench) fieldRequired(f *facts) error {
	word := "optional"
	if f.required {
		word = "required"
	}
	c := b.claim("body/"+f.name+"/required", claim.KindRequired, f.at, f.name+" is "+word)
	if !f.present {
		if _, there := parent(b.base.body, f.ptr); !there {
			b.cannot(c, claim.Untestable, "the accepted request has nothing that it would stand in")
			return nil
		}
		f.omitted = b.base.call
	} else {
		var err error
		if f.omitted, err = b.send(b.without(f.field, f.name+" is left out")); err != nil {
			return err
		}
	}
	leaf := last(f.ptr)
	switch {
	case f.omitted.ok() && f.required:
		b.say(c, claim.Contradicted, "the server takes the request without it", f.omitted)
		b.correct(c, b.inBody(), f.property.Optional())
	case f.omitted.ok():
		b.say(c, claim.Confirmed, "the server takes the request without it")
	case f.required:
		b.say(c, claim.Confirmed, "without it: "+f.omitted.answer())
	case f.omitted.lacks(leaf) && f.omitted.status == 400:
		other, err := b.standsIn(f)
		if err != nil {
			return err
		}
		if other != "" {
			b.cannot(c, claim.Untestable, "without it the request is refused, but not for that with "+other)
			return nil
		}
		b.say(c, claim.Contradicted, "without it the request is refused: "+f.omitted.answer(), f.omitted)
	default:
		b.cannot(c, claim.Untestable, "without it the request is refused for another reason: "+f.omitted.answer())
	}
	return nil
}

// maxOthers is how many fields are tried in the place of one.
const maxOthers = 8

// standsIn is another field with which the server does not ask for the one that
// is left out, "" for none.
func (b *bench) standsIn(f *facts) (string, error) {
	tried := 0
	for _, other := range b.list {
		if other.present || other.required || other.ptr == f.ptr || before(other.ptr) != before(f.ptr) || tried == maxOthers {
			continue
		}
		tried++
		v := b.without(f.field, fmt.Sprintf("%s in the place of %s", other.name, f.name))
		put(v.body.(map[string]any), other.ptr, b.values(other.schema)[0].value)
		got, err := b.send(v)
		if err != nil {
			return "", err
		}
		if got.ok() || !got.lacks(last(f.ptr)) && !got.refuses(last(other.ptr)) {
			return other.name, nil
		}
	}
	return "", nil
}

// before is a pointer without its last part.
func before(ptr string) string { return ptr[:strings.LastIndexByte(ptr, '/')] }

// fieldDefault asks what is there where a field is left out of what creates
// something.
func (b *bench) fieldDefault(f *facts) error {
	def, has := f.schema.Default()
	if !has || !b.subject.creates {
		return nil
	}
	c := b.claim("body/"+f.name+"/default", claim.KindDefault, f.at, "the default of "+f.name+" is "+asText(def))
	b.current = nil
	got, err := b.send(b.without(f.field, f.name+" is left out of a new one"))
	if err != nil {
		return err
	}
	if !got.ok() {
		b.cannot(c, claim.Untestable, "it cannot be left out: "+got.answer())
		return nil
	}
	doc, proof, err := b.stored()
	if err != nil {
		return err
	}
	is, found := jsonval.Pointer(doc, f.ptr)
	switch {
	case !found || is == nil:
		b.cannot(c, claim.Untestable, "what is not set is not read back")
	case asText(is) == asText(def):
		b.say(c, claim.Confirmed, "without it, "+text(is)+" is read back")
	default:
		b.say(c, claim.Contradicted, "without it, "+text(is)+" is read back", got, proof)
	}
	return nil
}

// causeNull is the habit of documents to call little nullable.
const causeNull = "null-taken"

func (b *bench) fieldNull(f *facts) error {
	if !f.takes {
		return nil
	}
	nullable := f.schema.Nullable()
	if !nullable && b.strict == nil {
		return nil
	}
	got, err := b.try(f.field, nil, f.name+" is null")
	if err != nil {
		return err
	}
	f.null = got
	if !nullable && !got.ok() {
		return nil
	}
	c := b.claim("body/"+f.name+"/null", claim.KindNull, f.at, f.name+" can be null")
	if !nullable {
		c.Documented = f.name + " is never null"
	}
	switch {
	case !got.ok() && got.names(last(f.ptr)):
		b.say(c, claim.Contradicted, "null is refused: "+got.answer(), got)
		return nil
	case !got.ok():
		b.cannot(c, claim.Untestable, "null is refused for another reason: "+got.answer())
		return nil
	}
	kept, proof, err := b.kept(f)
	switch {
	case err != nil:
		return err
	case kept && nullable:
		b.say(c, claim.Contradicted, "null is answered as a success and changes nothing: the value that was stored stays", got, proof)
	case kept:
		b.because(c, causeNull+"-kept", claim.Undocumented, "null is answered as a success and changes nothing: the value that was stored stays", got, proof)
	case nullable:
		b.say(c, claim.Confirmed, "the server takes null")
	default:
		b.because(c, causeNull, claim.Undocumented, "the server takes null", got)
		b.correct(c, b.inBody(), f.schema.Null())
	}
	return nil
}

// kept reports whether null leaves a value that was stored before as it was.
func (b *bench) kept(f *facts) (bool, *call, error) {
	if b.subject.creates || !b.repeatable || f.taken == nil || kindOf(f.taken) == "object" || kindOf(f.taken) == "array" {
		return false, nil, nil
	}
	if c, err := b.try(f.field, f.taken, f.name+" has a value"); err != nil || !c.ok() {
		return false, nil, err
	}
	before, _, err := b.stored()
	was, found := locate(before, f.ptr)
	if err != nil || !found || !jsonval.Equal(was, f.taken) {
		return false, nil, err
	}
	if c, err := b.try(f.field, nil, f.name+" is null once more"); err != nil || !c.ok() {
		return false, nil, err
	}
	after, c, err := b.stored()
	is, found := locate(after, f.ptr)
	return err == nil && found && jsonval.Equal(is, was), c, err
}

// locate looks for where a field is stored: at its own place, or, for an outer
// one, wherever there is a member of its name, the outer ones first.
func locate(doc any, at string) (any, bool) {
	if v, ok := jsonval.Pointer(doc, at); ok || strings.Count(at, "/") > 1 {
		return v, ok
	}
	for _, ptr := range pointers(doc, "") {
		if last(ptr) == last(at) {
			return jsonval.Pointer(doc, ptr)
		}
	}
	return nil, false
}

func (b *bench) fieldValues(f *facts) error {
	listed := slices.DeleteFunc(slices.Clone(f.trials), func(t trial) bool { return t.kind != "value" })
	if len(f.schema.Values()) == 0 || !f.takes {
		return nil
	}
	return b.listedValues("body/"+f.name, f.at, listed, func() (*call, error) {
		return b.try(f.field, nobodys, f.name+" is a value that nobody knows")
	})
}
