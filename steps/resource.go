package steps

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// spokenOf is the family whose resources have steps of their own.
const spokenOf = "connector"

// resourceSteps are the steps that speak of the resources of the families in
// a set.
func resourceSteps(set family.Set) []Definition {
	n := nounsOf(set)
	if len(n.singular) == 0 {
		return nil
	}
	one := `(` + strings.Join(n.singular, "|") + `)(?: "([^"]*)")?`
	many := `(` + strings.Join(n.plural, "|") + `)`
	verb := `(` + strings.Join(n.verbs, "|") + `)`
	const noun = "resource"
	return []Definition{
		spoken(noun, `an? `+one+`(?: of its own)?`, `a <resource>`,
			`Creates one with the least that it takes, and what it needs before. Its id is saved under the name of the resource, with _ for blanks: {index_template}; or under a name in quotes after it. It is deleted when the scenario ends.`,
			"Given an index template",
			func(w *World) any { return w.givenThing }),
		spoken(noun, `an? `+one+`(?: of its own)? created with:`, `a <resource> created with:`,
			"Creates one with this body.",
			"Given an index template \"low\" created with:\n  \"\"\"\n  {\"index_patterns\": [\"{low}-*\"], \"priority\": 1}\n  \"\"\"",
			func(w *World) any { return w.givenThingWith }),
		spoken(noun, `an? `+one+`(?: of its own)? in the state `+quoted, `a <resource> in the state "<text>"`,
			"Creates one and brings it into a state that its catalogue knows.",
			`Given an index in the state "closed"`,
			func(w *World) any { return w.givenThingIn }),
		spoken(noun, `an id that no `+one+` has`, `an id that no <resource> has`,
			"Saves an id that nothing has; the steps that follow speak of it.",
			"Given an id that no index template has",
			func(w *World) any { return w.givenNoThing }),
		spoken(noun, `the `+one+` is `+verb, `the <resource> is <call>`,
			"Makes a call of the catalogue for it: created (also in place of the one that is there), read, deleted, and what else the catalogue has ("+strings.Join(n.verbs, ", ")+").",
			"When the index template is deleted",
			func(w *World) any { return w.callThing }),
		spoken(noun, `the `+one+` is `+verb+` with:`, `the <resource> is <call> with:`,
			"Makes the call with this body.",
			"When the index template is created with:\n  \"\"\"\n  {\"index_patterns\": [\"{index_template}-*\"]}\n  \"\"\"",
			func(w *World) any { return w.callThingWith }),
		spoken(noun, `the `+many+` are listed`, `the <resources> are listed`,
			"Asks for the list of all of them.",
			"When the index templates are listed",
			func(w *World) any { return w.listThings }),
		spoken(noun, `the `+one+` is unchanged`, `the <resource> is unchanged`,
			"Demands that the whole of it is what it was before the last request that could change something, or else before the first.",
			"Then the index template is unchanged",
			func(w *World) any { return w.thingUnchanged }),
		spoken(noun, `only these fields of the `+one+` have changed:`, `only these fields of the <resource> have changed:`,
			"Demands that exactly the fields at these pointers are others than before the last request that could change something.",
			"Then only these fields of the index template have changed:\n  | /priority |",
			func(w *World) any { return w.thingChanged }),
		spoken(noun, `the `+one+` is gone`, `the <resource> is gone`,
			"Demands that a read does not find it.",
			"Then the index template is gone",
			func(w *World) any { return w.thingGone }),
		spoken(noun, `the `+one+` is there`, `the <resource> is there`,
			"Demands that a read finds it.",
			"Then the index template is there",
			func(w *World) any { return w.thingThere }),
	}
}

// spoken makes a definition whose pattern holds the names of resources.
func spoken(noun, pattern, text, doc, example string, bind func(*World) any) Definition {
	d := generic(noun, pattern, doc, example, bind)
	d.Text = text
	return d
}

// nouns are the words for resources, the longest first.
type nouns struct{ singular, plural, verbs []string }

func nounsOf(set family.Set) nouns {
	var n nouns
	for _, f := range set {
		if f.Name == spokenOf {
			continue
		}
		for i := range f.Resources {
			r := &f.Resources[i]
			n.singular, n.plural = append(n.singular, r.Name), append(n.plural, r.Plural)
			for _, verb := range r.Verbs() {
				if !slices.Contains(n.verbs, verb) {
					n.verbs = append(n.verbs, verb)
				}
			}
		}
	}
	for _, list := range [][]string{n.singular, n.plural} {
		slices.SortStableFunc(list, func(a, b string) int { return len(b) - len(a) })
	}
	return n
}

// thing is a resource of the scenario, or an id that nothing has.
type thing struct {
	res *family.Resource
	id  string
	// before is what it was before the last request that could change it, nil
	// where it was not there.
	before any
	// current: no such request was sent since it was read.
	current bool
}

// label is the name under which a thing is saved.
func label(r *family.Resource, name string) string {
	if name != "" {
		return name
	}
	return r.Placeholder()
}

// resourceNamed returns what the catalogues know of a noun.
func (w *World) resourceNamed(noun string) (*family.Resource, error) {
	r, ok := w.deps.Families.Resource(noun)
	if !ok {
		return nil, fmt.Errorf("no catalogue of APIs knows %q; see \"esconform list --apis\"", noun)
	}
	return r, nil
}

// thingNamed returns the thing of the scenario that a step speaks of.
func (w *World) thingNamed(noun, name string) (*thing, error) {
	r, err := w.resourceNamed(noun)
	if err != nil {
		return nil, err
	}
	t := w.things[label(r, name)]
	if t == nil {
		return nil, fmt.Errorf("there is no %s %s yet; begin the scenario with \"Given an %s\"", noun, name, noun)
	}
	return t, nil
}

// newThing saves a made-up id.
func (w *World) newThing(r *family.Resource, name string) (*thing, error) {
	name = label(r, name)
	if !isName(name) {
		return nil, fmt.Errorf("name it %q: a name begins with a small letter and has small letters, digits, - and _", name)
	}
	t := &thing{res: r, id: strings.ToLower(w.deps.Scope.NewID())}
	w.things[name], w.saved[name] = t, t.id
	return t, nil
}

func (w *World) givenNoThing(noun, name string) error {
	r, err := w.resourceNamed(noun)
	if err != nil {
		return err
	}
	_, err = w.newThing(r, name)
	return err
}

func (w *World) givenThing(ctx context.Context, noun, name string) error {
	return w.setUpThing(ctx, noun, name, nil)
}

func (w *World) givenThingWith(ctx context.Context, noun, name string, doc *godog.DocString) error {
	return w.setUpThing(ctx, noun, name, doc)
}

// setUpThing creates a thing of the scenario and what it needs before.
func (w *World) setUpThing(ctx context.Context, noun, name string, doc *godog.DocString) error {
	r, err := w.resourceNamed(noun)
	if err != nil {
		return err
	}
	for _, need := range r.Needs {
		if needed, _ := w.deps.Families.Resource(need); w.things[label(needed, "")] == nil {
			if err := w.setUpThing(ctx, need, "", nil); err != nil {
				return err
			}
		}
	}
	t, err := w.newThing(r, name)
	if err != nil {
		return err
	}
	call, _ := r.Verb("created")
	res, err := w.request(ctx, t, call, doc)
	if err != nil {
		return err
	}
	if res.Status >= http.StatusMultipleChoices {
		return setupFailed(res, "create "+noun+" "+t.id, "success")
	}
	return nil
}

func (w *World) givenThingIn(ctx context.Context, noun, name, state string) error {
	if err := w.givenThing(ctx, noun, name); err != nil {
		return err
	}
	t, err := w.thingNamed(noun, name)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(t.res.States, func(s family.State) bool { return s.Name == state })
	if i < 0 {
		return fmt.Errorf("no catalogue knows a state %q of %s", state, noun)
	}
	for _, verb := range t.res.States[i].By {
		call, _ := t.res.Verb(verb)
		res, err := w.request(ctx, t, call, nil)
		if err != nil {
			return err
		}
		if res.Status >= http.StatusMultipleChoices {
			return setupFailed(res, fmt.Sprintf("bring %s %s into the state %s: the call %q", noun, t.id, state, verb), "success")
		}
	}
	return nil
}

// request sends a call about a thing; doc replaces the least body.
func (w *World) request(ctx context.Context, t *thing, call family.Call, doc *godog.DocString) (*wire.Response, error) {
	values := w.about(t, call.Request.Path)
	path := family.Fill(call.Request.Path, values)
	if rest := placeholder.FindString(path); rest != "" {
		return nil, fmt.Errorf("%s: nothing is saved as %s; save it in an earlier step", call.Request, rest)
	}
	var body []byte
	switch {
	case doc != nil:
		body = w.expandBody(doc.Content)
	case call.Body != "":
		body = []byte(call.Body)
		for name, v := range values {
			body = []byte(strings.ReplaceAll(string(body), "{"+name+"}", v))
		}
	}
	return w.write(ctx, wire.Request{Method: call.Request.Method(), Path: path, Body: body})
}

// write sends a request, before which everything is known as it is.
func (w *World) write(ctx context.Context, req wire.Request) (*wire.Response, error) {
	if err := w.lookAtThings(ctx); err != nil {
		return nil, err
	}
	for _, t := range w.things {
		t.current = req.Method == http.MethodGet || req.Method == http.MethodHead
	}
	res, err := w.do(ctx, req)
	if err != nil {
		return nil, err
	}
	w.last, w.sent = res, req.Body
	w.again = wire.Request{Method: req.Method, Path: req.Path, Body: req.Body}
	if w.job != nil {
		w.job.current = nil
	}
	return res, nil
}

// lookAtThings reads what may have changed since it was read.
func (w *World) lookAtThings(ctx context.Context) error {
	for _, t := range w.things {
		if t.current {
			continue
		}
		doc, _, err := w.look(ctx, t)
		if err != nil {
			return err
		}
		t.before = doc
	}
	return nil
}

// look reads a thing, nil where it is not there.
func (w *World) look(ctx context.Context, t *thing) (any, *wire.Response, error) {
	res, err := w.get(ctx, family.Fill(t.res.Read.Request.Path, w.about(t, t.res.Read.Request.Path)))
	if err != nil {
		return nil, nil, err
	}
	doc, err := res.JSON()
	if err != nil || res.Status != http.StatusOK {
		return nil, res, nil
	}
	v, _ := t.res.Shown(w.about(t, t.res.Read.Request.Path)["id"], doc)
	return v, res, nil
}

// about are the values for the names in a path or a body of a thing's call:
// what is saved, the ids of what it needs by their kinds, and its own.
func (w *World) about(t *thing, path string) map[string]string {
	values := maps.Clone(w.saved)
	for _, need := range t.res.Needs {
		if n, ok := w.deps.Families.Resource(need); ok {
			values[n.Kind] = w.saved[n.Placeholder()]
		}
	}
	values["id"] = t.id
	if strings.Contains(path, "{raw}") { // it has the ids of others in it
		values["id"] = family.Fill(t.res.Create[0].ID, values)
	}
	return values
}

func (w *World) callThing(ctx context.Context, noun, name, verb string) error {
	return w.makeCallOf(ctx, noun, name, verb, nil)
}

func (w *World) callThingWith(ctx context.Context, noun, name, verb string, doc *godog.DocString) error {
	return w.makeCallOf(ctx, noun, name, verb, doc)
}

func (w *World) makeCallOf(ctx context.Context, noun, name, verb string, doc *godog.DocString) error {
	r, err := w.resourceNamed(noun)
	if err != nil {
		return err
	}
	call, ok := r.Verb(verb)
	if !ok {
		return fmt.Errorf("no catalogue knows how %s is %s; it can be %s", noun, verb, strings.Join(r.Verbs(), ", "))
	}
	t := w.things[label(r, name)]
	if t == nil && verb == "created" {
		t, err = w.newThing(r, name)
	} else if t == nil {
		_, err = w.thingNamed(noun, name)
	}
	if err != nil {
		return err
	}
	_, err = w.request(ctx, t, call, doc)
	return err
}

func (w *World) listThings(ctx context.Context, noun string) error {
	r, err := w.resourceNamed(noun)
	if err != nil {
		return err
	}
	if r.List == nil {
		return fmt.Errorf("no catalogue knows how %s are listed", noun)
	}
	_, err = w.write(ctx, wire.Request{Method: http.MethodGet, Path: family.Fill(r.List.Request.Path, w.saved)})
	return err
}

var errNotWritten = errors.New("nothing was sent since it was made, or it was not there then; put a When step before this one")

// sinceWrite reads a thing and returns what has changed since the last request
// that could change it.
func (w *World) sinceWrite(ctx context.Context, noun, name string) (*thing, *wire.Response, []jsonval.Change, error) {
	t, err := w.thingNamed(noun, name)
	if err != nil {
		return nil, nil, nil, err
	}
	if t.before == nil {
		return nil, nil, nil, errNotWritten
	}
	doc, res, err := w.look(ctx, t)
	if err != nil {
		return nil, nil, nil, err
	}
	if doc == nil {
		return nil, nil, nil, CheckPresent.failf(res, "the "+noun+" "+t.id, answer(res), "the %s is not there any more", noun)
	}
	return t, res, jsonval.Diff(t.before, doc), nil
}

func (w *World) thingUnchanged(ctx context.Context, noun, name string) error {
	_, res, diff, err := w.sinceWrite(ctx, noun, name)
	if err != nil || len(diff) == 0 {
		return err
	}
	return CheckUnchanged.failf(res, sides(diff, false), sides(diff, true), "the %s has changed", noun)
}

func (w *World) thingChanged(ctx context.Context, noun, name string, table *godog.Table) error {
	_, res, diff, err := w.sinceWrite(ctx, noun, name)
	if err != nil {
		return err
	}
	var wanted []string
	for _, row := range table.Rows {
		pointer, err := w.expand(row.Cells[0].Value)
		if err != nil {
			return err
		}
		wanted = append(wanted, pointer)
	}
	for _, pointer := range wanted {
		if !slices.ContainsFunc(diff, func(c jsonval.Change) bool { return within(c.Pointer, pointer) }) {
			return CheckField(pointer).failf(res, "another value at "+pointer, "the same value", "the %s has not changed at %s", noun, pointer)
		}
	}
	rest := slices.DeleteFunc(diff, func(c jsonval.Change) bool {
		return slices.ContainsFunc(wanted, func(pointer string) bool { return within(c.Pointer, pointer) })
	})
	if len(rest) > 0 {
		return CheckField(rest[0].Pointer).failf(res, sides(rest, false), sides(rest, true), "the %s has changed elsewhere, too", noun)
	}
	return nil
}

// within reports whether a pointer leads to a place or into it.
func within(pointer, place string) bool {
	return pointer == place || strings.HasPrefix(pointer, place+"/")
}

func (w *World) thingGone(ctx context.Context, noun, name string) error {
	t, res, there, err := w.isThere(ctx, noun, name)
	if err != nil || !there {
		return err
	}
	return CheckAbsent.failf(res, "no "+noun+" "+t.id, answer(res), "the %s is still there", noun)
}

func (w *World) thingThere(ctx context.Context, noun, name string) error {
	t, res, there, err := w.isThere(ctx, noun, name)
	if err != nil || there {
		return err
	}
	return CheckPresent.failf(res, "the "+noun+" "+t.id, answer(res), "the %s is not there", noun)
}

func (w *World) isThere(ctx context.Context, noun, name string) (*thing, *wire.Response, bool, error) {
	t, err := w.thingNamed(noun, name)
	if err != nil {
		return nil, nil, false, err
	}
	doc, res, err := w.look(ctx, t)
	if err != nil {
		return nil, nil, false, err
	}
	if res.Status != http.StatusNotFound && res.Status != http.StatusOK {
		return nil, nil, false, wantStatus(res, "a read of the "+noun, http.StatusOK, http.StatusNotFound)
	}
	return t, res, doc != nil, nil
}
