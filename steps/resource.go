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

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

// The steps for the resources of every catalogue.
var resourceSteps = chapter{noun: "resource", rows: []row{
	{"Given a(n) <resource>[ of its own]",
		`Creates one with the least that it takes, and what it needs before. Its id is saved under the name of the resource, with _ for blanks: {index_template}; or under a name in quotes after it. It is deleted when the scenario ends.`,
		"Given an index template", (*things).given},
	{"Given a(n) <resource>[ of its own] created with:",
		"Creates one with this body.",
		"Given an index template \"low\" created with:\n  \"\"\"\n  {\"index_patterns\": [\"{low}-*\"], \"priority\": 1}\n  \"\"\"", (*things).givenWith},
	{`Given a(n) <resource>[ of its own] in the state "<text>"`,
		"Creates one and brings it into a state that its catalogue knows, by calls of the API where any lead there.",
		`Given an index in the state "closed"`, (*things).givenIn},
	{"Given an id that no <resource> has",
		"Saves an id that nothing has; the steps that follow speak of it.",
		"Given an id that no index template has", (*things).givenNone},
	{"Given an id of <number> bytes that no <resource> has",
		"Saves an id that is that long and that nothing has.",
		"Given an id of 513 bytes that no sync job has", (*things).givenLongNone},
	{`Given the stored <resource> carries the field "<text>" as <json>`,
		"Writes a field into the stored document past the API, where its catalogue says where it is stored.",
		`Given the stored sync job carries the field "x_unknown" as 1`, (*things).carry},
	{"When the <resource> is <call>",
		"Makes a call of the catalogue for it: created (also in place of the one that is there), read, deleted, and what else the catalogue has (<calls>).",
		"When the index template is deleted", (*things).call},
	{"When the <resource> is <call> with:",
		"Makes the call with this body.",
		"When the index template is created with:\n  \"\"\"\n  {\"index_patterns\": [\"{index_template}-*\"]}\n  \"\"\"", (*things).callWith},
	{"When the <resources> are listed",
		"Asks for the list of all of them.",
		"When the index templates are listed", (*things).listAll},
	{"Then the <resource> is unchanged",
		"Demands that the whole of it is what it was before the last request that could change something, or else before the first: as the API shows it and, where its catalogue says where that is and the account may read it, as it is stored, its version included.",
		"Then the index template is unchanged", (*things).unchanged},
	{"Then only these fields of the <resource> have changed:",
		"Compares the whole of it with what it was before the last request that could change something. The table has names or JSON pointers, and may have a second column: the JSON value that each is to have, \"the time of the update\" or \"the instant <date-time>\" for times, \"what was sent\" for the member of that name in the last request's body. All else is as it was, but for what its catalogue says varies.",
		"Then only these fields of the index template have changed:\n  | /priority | 5 |", (*things).onlyChanged},
	{"Then the version of the <resource> has risen by <number>",
		"Compares the version of the stored document with that before the last request that could change something.",
		"Then the version of the sync job has risen by 1", (*things).versionRisen},
	{"Then the <resource> is gone",
		"Demands that a read does not find it, nor one where it is stored, where that is known and may be read.",
		"Then the index template is gone", (*things).gone},
	{"Then the <resource> is there",
		"Demands that a read finds it.",
		"Then the index template is there", (*things).there},
	{"Then the answer is the <resource> as it is stored",
		"Demands status 200 and exactly what is stored, with the id.",
		"Then the answer is the sync job as it is stored", (*things).answeredAsStored},
}}

// thing is a resource of the scenario, or an id that nothing has.
type thing struct {
	res *family.Resource
	id  string
	// absent: as far as the scenario knows, there is no such thing.
	absent bool
	// bystander: no request is about it. It is held against what it was when
	// the scenario began.
	bystander bool
	// foreign: another program has stored it, in any shape.
	foreign bool

	created, changed span // when that was asked for

	// of are the ids of what it was made of, by their kinds.
	of map[string]string

	former *thing // the one that had its name before

	current *state // nil after a request, until it is read again
	before  *state // as it was before the last request that could change it
}

// things are the resources of a scenario, in the order in which it named them.
type things struct {
	*requests
	byName map[string]*thing
	order  []*thing
	// alike, where there is one, tells for a kind how what is stored differs
	// from what is expected, where JSON values are not compared as they are.
	alike map[string]func(expected, stored map[string]any) []jsonval.Change
}

// asRun sends a request of the run itself. Where its account may not use what is
// stored past the API, the scenario is skipped.
func (t *things) asRun(ctx context.Context, req wire.Request) error {
	res, err := t.write(ctx, req)
	if err != nil || res.Status != http.StatusForbidden {
		return err
	}
	if index := t.deps.Families.StoredAt(req.Path); index != "" {
		return &SkipError{Reason: fmt.Sprintf("needs an account that may send %s to the index %s", req.Method, index)}
	}
	return nil
}

// label is the name under which a thing is saved.
func label(r *family.Resource, name string) string {
	if name != "" {
		return name
	}
	return r.Placeholder()
}

// resourceNamed returns what the catalogues know of a noun.
func (t *things) resourceNamed(noun string) (*family.Resource, error) {
	r, ok := t.deps.Families.Resource(noun)
	if !ok {
		return nil, fmt.Errorf("no catalogue of APIs knows %q; see \"esconform list --apis\"", noun)
	}
	return r, nil
}

// thingNamed returns the thing of the scenario that a step speaks of.
func (t *things) thingNamed(noun, name string) (*thing, error) {
	r, err := t.resourceNamed(noun)
	if err != nil {
		return nil, err
	}
	th := t.byName[label(r, name)]
	if th == nil || th.res != r {
		return nil, fmt.Errorf("there is no %s %s yet; begin the scenario with \"Given %s\"", noun, name, withArticle(noun))
	}
	return th, nil
}

func withArticle(noun string) string {
	if strings.ContainsRune("aeioA", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// name saves a thing under a name, in the place of the one that had it.
func (t *things) name(th *thing, name string) error {
	name = label(th.res, name)
	if !isName(name) {
		return fmt.Errorf("name it %q: a name begins with a small letter and has small letters, digits, - and _", name)
	}
	if had := t.byName[name]; had != nil && had != th {
		th.former = had
	}
	t.order = slices.DeleteFunc(t.order, func(other *thing) bool { return other == th || other == th.former })
	t.byName[name], t.saved[name] = th, th.id
	t.order = append(t.order, th)
	return nil
}

// newThing saves a made-up id.
func (t *things) newThing(r *family.Resource, name string) (*thing, error) {
	id := strings.ToLower(t.deps.Scope.NewID())
	if r.Create[0].ID == "{answer}" { // the API makes the ids
		id = t.madeUp()
	}
	th := &thing{res: r, id: id, absent: true}
	return th, t.name(th, name)
}

func (t *things) givenNone(noun, name string) error {
	r, err := t.resourceNamed(noun)
	if err != nil {
		return err
	}
	_, err = t.newThing(r, name)
	return err
}

func (t *things) givenLongNone(n int, noun, name string) error {
	r, err := t.resourceNamed(noun)
	if err != nil {
		return err
	}
	if n > maxName {
		return fmt.Errorf("make up an id of %d bytes: the longest has %d", n, maxName)
	}
	return t.name(&thing{res: r, id: strings.Repeat("x", n), absent: true}, name)
}

func (t *things) given(ctx context.Context, noun, name string) error {
	_, err := t.make(ctx, noun, name, resource.New{}, nil)
	return err
}

func (t *things) givenWith(ctx context.Context, noun, name string, doc *godog.DocString) error {
	_, err := t.make(ctx, noun, name, resource.New{}, doc)
	return err
}

func (t *things) givenIn(ctx context.Context, noun, name, state string) error {
	th, err := t.make(ctx, noun, name, resource.New{}, nil)
	if err != nil {
		return err
	}
	return t.bring(ctx, th, state)
}

// make creates a thing of the scenario and what it needs before.
func (t *things) make(ctx context.Context, noun, name string, n resource.New, doc *godog.DocString) (*thing, error) {
	r, err := t.resourceNamed(noun)
	if err != nil {
		return nil, err
	}
	if err := t.provide(ctx, r, &n); err != nil {
		return nil, err
	}
	th, err := t.newThing(r, name) // its id may be in the body
	if err != nil {
		return nil, err
	}
	th.of = n.Of
	if doc != nil {
		if n.Body, err = t.wanted(doc.Content); err != nil {
			return nil, err
		}
	}
	if r.Create[0].ID != "{answer}" {
		n.ID = th.id
	}
	err = th.created.around(t.deps.Session.Now, func() error {
		id, err := t.deps.Scope.Create(ctx, r.Kind, n)
		if n.ID == "" {
			th.id = id
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	th.absent = false
	return th, t.name(th, name)
}

// provide sees that what a resource needs is there: that of the scenario, one
// that all of them share, or a new one.
func (t *things) provide(ctx context.Context, r *family.Resource, n *resource.New) error {
	if n.Of == nil {
		n.Of = map[string]string{}
	}
	for _, noun := range r.Needs {
		need, err := t.resourceNamed(noun)
		if err != nil {
			return err
		}
		th := t.byName[label(need, "")]
		switch {
		case n.Of[need.Kind] != "":
			continue
		case th == nil && need.Shared:
			th, err = t.share(ctx, need)
		case th == nil:
			th, err = t.make(ctx, noun, "", resource.New{}, nil)
		}
		if err != nil {
			return err
		}
		n.Of[need.Kind] = th.id
	}
	return nil
}

// share uses the thing that the scenarios of a run have in common.
func (t *things) share(ctx context.Context, r *family.Resource) (*thing, error) {
	id, err := t.deps.Shared.resource(ctx, r.Kind)
	if err != nil {
		return nil, err
	}
	th := &thing{res: r, id: id, bystander: true}
	return th, t.name(th, "")
}

// bring brings a thing that was just made into a state.
func (t *things) bring(ctx context.Context, th *thing, name string) error {
	i := slices.IndexFunc(th.res.States, func(s family.State) bool { return s.Name == name })
	if i < 0 {
		return fmt.Errorf("no catalogue knows a state %q of %s", name, withArticle(th.res.Name))
	}
	state := th.res.States[i]
	calls, known := t.callsTo(th.res, state)
	if !known || len(calls) == 0 && i > 0 {
		return t.writeDirectly(ctx, th, []byte(state.Stored))
	}
	for _, c := range calls {
		req, err := t.about(th, c, nil)
		if err == nil {
			err = t.setUp(ctx, req)
		}
		if err != nil {
			return err
		}
	}
	return t.confirm(ctx, th, state)
}

// callsTo returns the calls that lead to a state, and whether they do in the
// version of the target.
func (t *things) callsTo(r *family.Resource, state family.State) ([]family.Call, bool) {
	if since, err := esversion.Parse(state.Since); err == nil && !t.knows(since) {
		return nil, false
	}
	var calls []family.Call
	for _, verb := range state.By {
		c, _ := r.Verb(verb)
		calls = append(calls, c)
	}
	return calls, true
}

// confirm makes sure that the scenario starts from what it says.
func (t *things) confirm(ctx context.Context, th *thing, state family.State) error {
	if state.Stored == "" {
		return nil
	}
	want, err := jsonval.Decode([]byte(state.Stored))
	if err != nil {
		return err
	}
	s, err := t.now(ctx, th)
	if err != nil {
		return err
	}
	if len(jsonval.Match(want, s.doc, jsonval.Matching{Subset: true})) > 0 {
		return setupFailed(s.read, "bring the "+th.res.Name+" into the state "+state.Name, state.Stored)
	}
	return nil
}

// writeDirectly changes a stored document past the API. Not every account may
// do that.
func (t *things) writeDirectly(ctx context.Context, th *thing, fields []byte) error {
	index := th.res.StoredIn()
	if index == "" {
		return fmt.Errorf("no catalogue knows where %s is stored", withArticle(th.res.Name))
	}
	body := append(append([]byte(`{"doc":`), fields...), '}')
	res, err := t.deps.Session.Do(ctx, wire.Request{Method: http.MethodPost, Path: index + "/_update/" + th.id + "?refresh=true", Body: body})
	if err != nil {
		return err
	}
	switch res.Status {
	case http.StatusOK:
		th.current, th.before = nil, nil
		return nil
	case http.StatusForbidden:
		return &SkipError{Reason: "needs an account that may write the index " + index[1:]}
	}
	return setupFailed(res, "write the stored "+th.res.Name, "200")
}

func (t *things) carry(ctx context.Context, th *thing, name string, v value) error {
	return t.writeDirectly(ctx, th, jsonval.Encode(map[string]any{name: v.v}))
}

// about makes the request of a call about a thing; body replaces the least one.
func (t *things) about(th *thing, c family.Call, body []byte) (wire.Request, error) {
	values := t.values(th, c.Request.Path)
	path := family.Fill(c.Request.Path, values)
	if rest := placeholder.FindString(path); rest != "" {
		return wire.Request{}, fmt.Errorf("%s: nothing is saved as %s; save it in an earlier step", c.Request, rest)
	}
	if body == nil && c.Body != "" {
		body = []byte(family.FillBody(c.Body, values))
	}
	return wire.Request{Method: c.Request.Method(), Path: path, Body: body}, nil
}

// values are those for the names in a path or a body of a thing's call: what is
// saved, the ids of what it needs by their kinds, and its own.
func (t *things) values(th *thing, path string) map[string]string {
	values := maps.Clone(t.saved)
	for _, need := range th.res.Needs {
		if n, ok := t.deps.Families.Resource(need); ok {
			values[n.Kind] = t.saved[n.Placeholder()]
		}
	}
	values["id"] = th.id
	if strings.Contains(path, "{raw}") { // it has the ids of others in it
		whole := maps.Clone(values)
		maps.Copy(whole, th.of)
		values["id"] = family.Fill(th.res.Create[0].ID, whole)
	}
	return values
}

func (t *things) call(ctx context.Context, noun, name, verb string) error {
	return t.makeCall(ctx, noun, name, verb, nil)
}

func (t *things) callWith(ctx context.Context, noun, name, verb string, doc *godog.DocString) error {
	return t.makeCall(ctx, noun, name, verb, doc)
}

func (t *things) makeCall(ctx context.Context, noun, name, verb string, doc *godog.DocString) error {
	r, err := t.resourceNamed(noun)
	if err != nil {
		return err
	}
	c, ok := r.Verb(verb)
	if !ok {
		return fmt.Errorf("no catalogue knows how %s is %s; it can be %s", withArticle(noun), verb, strings.Join(r.Verbs(), ", "))
	}
	th, err := t.thingNamed(noun, name)
	if err != nil && verb == "created" {
		th, err = t.newThing(r, name)
	}
	if err != nil {
		return err
	}
	var body []byte
	if doc != nil { // its id may be in it
		if body, err = t.body(doc.Content); err != nil {
			return err
		}
	}
	req, err := t.about(th, c, body)
	if err != nil {
		return err
	}
	_, err = t.write(ctx, req)
	return err
}

func (t *things) listAll(ctx context.Context, noun string) error {
	r, err := t.resourceNamed(noun)
	if err != nil {
		return err
	}
	if r.List == nil {
		return fmt.Errorf("no catalogue knows how %s are listed", noun)
	}
	path := family.Fill(r.List.Request.Path, t.saved)
	if rest := placeholder.FindString(path); rest != "" {
		return fmt.Errorf("list %s: nothing is saved as %s; save it in an earlier step", noun, rest)
	}
	_, err = t.write(ctx, wire.Request{Method: http.MethodGet, Path: path})
	return err
}

var errNotWritten = errors.New("nothing was sent since it was made, or it was not there then; put a When step before this one")

func (t *things) gone(ctx context.Context, th *thing) error {
	what := "reading the " + th.res.Name
	read, err := t.read(ctx, th)
	if err != nil {
		return err
	}
	doc, err := read.JSON()
	_, there := t.shownIn(th, doc)
	if there = read.Status == http.StatusOK && (there || err != nil); there {
		t.deps.Scope.Track(th.res.Kind, th.id)
	}
	if there || read.Status != http.StatusOK || !th.emptyIn(doc) {
		if err := wantAbsent(read, what); err != nil {
			return err
		}
	}
	if th.res.Hidden { // it is still stored, and marked
		return nil
	}
	res, err := t.askDirect(ctx, th)
	if res == nil || err != nil {
		return err
	}
	return wantAbsent(res, what+" where it is stored")
}

// emptyIn reports whether an answer has the list that is empty where there is no
// such thing.
func (th *thing) emptyIn(doc any) bool {
	list, _ := jsonval.Pointer(doc, th.res.Empty)
	entries, isList := list.([]any)
	return th.res.Empty != "" && isList && len(entries) == 0
}

func (t *things) there(ctx context.Context, th *thing) error {
	_, err := t.look(ctx, th)
	return err
}
