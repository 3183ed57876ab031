package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// How things are, before a request and after it.

// state is how a thing is.
type state struct {
	there bool
	shown any            // as its API shows it
	doc   any            // as it is stored, where that may be read, or else as its API shows it, without the id
	read  *wire.Response // the answer that shows it
	// version is that of the stored document, which direct shows; "" where it
	// may not be read.
	version json.Number
	direct  *wire.Response
}

// fields are the members of the document.
func (s *state) fields() map[string]any {
	fields, _ := s.doc.(map[string]any)
	return fields
}

// around takes down when something was asked for and answered.
func (s *span) around(now func() time.Time, ask func() error) error {
	s.sent = now()
	err := ask()
	s.answered = now()
	return err
}

// before takes down how everything is that a request could change.
func (t *things) before(ctx context.Context, req wire.Request) error {
	for _, th := range t.order {
		if th.bystander || th.absent && th.res.Stored != "" || safe(req.Method) && th.before != nil {
			continue
		}
		if err := t.note(ctx, th); err != nil {
			return err
		}
	}
	return nil
}

// note takes down how a thing is. What is known to be stored has to be there.
func (t *things) note(ctx context.Context, th *thing) error {
	if th.current == nil {
		s, err := t.ask(ctx, th)
		if err == nil && !s.there && th.res.Stored != "" {
			err = missing(s.read, th)
		}
		if err != nil {
			return err
		}
		th.current = s
	}
	th.before = th.current
	return nil
}

// after notes that everything has to be read again.
func (t *things) after(req wire.Request, res *wire.Response, made span) {
	target, _, _ := strings.Cut(req.Path, "?")
	for _, th := range t.order {
		th.current = nil
		if safe(req.Method) {
			continue
		}
		th.changed = made
		for _, d := range th.res.Delete {
			values, is := d.Request.Is(req.Method, target)
			th.absent = th.absent || is && values["id"] == th.id && res != nil && res.Status/100 == 2
		}
	}
	if res != nil && res.Status/100 == 2 {
		t.present(req.Method, target)
	}
}

// present notes that something is there from now on.
func (t *things) present(method, target string) {
	for _, th := range t.order {
		for _, c := range th.res.Create {
			if values, is := c.Request.Is(method, target); is && values["id"] == th.id {
				th.absent = false
			}
		}
	}
}

// forget has the scenario begin with what is there now.
func (t *things) forget() {
	for _, th := range t.order {
		if !th.bystander {
			th.before = nil
		}
	}
}

// now returns a thing as it is now.
func (t *things) now(ctx context.Context, th *thing) (*state, error) {
	if th.current == nil {
		s, err := t.look(ctx, th)
		if err != nil {
			return nil, err
		}
		th.current = s
	}
	return th.current, nil
}

// beforeAndNow returns a thing as it was before the last request that could
// change it, and as it is now.
func (t *things) beforeAndNow(ctx context.Context, th *thing) (before, after *state, err error) {
	if t.last != nil && slices.Contains(environmentStatuses, t.last.Status) {
		// What did not get through to the API says nothing of what it stores.
		return nil, nil, &EnvironmentError{Request: "compare the " + th.res.Name + " after an update", Status: t.last.Status, Exchange: t.last.Index}
	}
	if th.before == nil || !th.before.there {
		return nil, nil, errNotWritten
	}
	after, err = t.now(ctx, th)
	return th.before, after, err
}

func missing(res *wire.Response, th *thing) error {
	return CheckPresent.failf(res, "the "+th.res.Name+" "+th.id, answer(res), "the %s is not there any more", th.res.Name)
}

// look reads a thing that has to be there.
func (t *things) look(ctx context.Context, th *thing) (*state, error) {
	s, err := t.ask(ctx, th)
	if err == nil && !s.there {
		err = missing(s.read, th)
	}
	return s, err
}

// ask reads a thing through its API and, where its catalogue says where it is
// stored, straight from there, and checks that both have the right shape and
// say the same. Where the account may not read the index, only the API's answer
// counts.
func (t *things) ask(ctx context.Context, th *thing) (*state, error) {
	s, err := t.askAPI(ctx, th)
	if err != nil || !s.there || th.res.Stored == "" {
		return s, err
	}
	direct, err := t.readDirect(ctx, th)
	if err != nil || direct == nil {
		return s, err
	}
	if err := t.sameAsStored(s.read, direct.doc, s.doc); err != nil {
		return nil, err
	}
	s.doc, s.version, s.direct = direct.doc, direct.version, direct.direct
	return s, nil
}

func (t *things) askAPI(ctx context.Context, th *thing) (*state, error) {
	what := "reading the " + th.res.Name
	res, err := t.read(ctx, th)
	if err != nil {
		return nil, err
	}
	if res.Status == http.StatusNotFound {
		return &state{read: res}, nil
	}
	doc, err := t.document(res, what, http.StatusOK, "")
	if err != nil {
		return nil, err
	}
	v, there := t.shownIn(th, doc)
	s := &state{there: there, shown: v, doc: v, read: res}
	if id, _ := jsonval.Pointer(doc, th.res.Read.ID); there && th.res.Read.ID != "" && id != th.id {
		return nil, failf(res, fmt.Sprintf("%s %q", th.res.Read.ID, th.id), fmt.Sprintf("%s %q", th.res.Read.ID, id), "the API handed back another %s", th.res.Name)
	}
	if !there || th.res.Stored == "" {
		return s, nil
	}
	if th.res.Schema != "" && !th.foreign {
		if err := t.matches(res, th.res.Schema, v); err != nil {
			return nil, err
		}
	}
	return s, s.takeID(th)
}

// read asks the API for a thing.
func (t *things) read(ctx context.Context, th *thing) (*wire.Response, error) {
	path := th.res.Read.Request.Path
	return t.get(ctx, family.Fill(path, t.values(th, path)))
}

// shownIn returns the thing in the answer to a read, if it is there.
func (t *things) shownIn(th *thing, doc any) (any, bool) {
	v, there := th.res.Shown(t.values(th, th.res.Read.Request.Path)["id"], doc)
	if list, isList := jsonval.Pointer(doc, th.res.Empty); th.res.Empty != "" && isList {
		entries, _ := list.([]any)
		there = there && len(entries) > 0
	}
	return v, there
}

// takeID checks the id in what the API shows, which is not stored, and leaves
// it out of the document.
func (s *state) takeID(th *thing) error {
	if th.res.List == nil || th.res.List.ID == "" {
		return nil
	}
	if id, _ := jsonval.Pointer(s.shown, th.res.List.ID); id != th.id {
		return failf(s.read, fmt.Sprintf("%s %q", th.res.List.ID, th.id), fmt.Sprintf("%s %q", th.res.List.ID, id), "the API handed back another %s", th.res.Name)
	}
	s.doc = withoutID(s.shown, th.res)
	return nil
}

// withoutID returns what an API shows without the id, which is not stored.
func withoutID(shown any, r *family.Resource) any {
	fields, ok := shown.(map[string]any)
	if !ok || r.List == nil {
		return shown
	}
	fields = shallow(fields)
	delete(fields, strings.TrimPrefix(r.List.ID, "/"))
	return fields
}

// sameAsStored demands that the API hands back what is stored. Instants may be
// written in another way, and before 8.13 the API left out what is null (source:
// it read the document and wrote it anew).
func (t *things) sameAsStored(res *wire.Response, direct, viaAPI any) error {
	diff := slices.DeleteFunc(jsonval.Diff(direct, viaAPI), func(c jsonval.Change) bool {
		if !t.knows(sinceSourceAsIs) && c.Before == nil && c.After == nil {
			return true
		}
		before, err := writtenInstant(c.Before)
		after, err2 := writtenInstant(c.After)
		return err == nil && err2 == nil && before.Equal(after)
	})
	if len(diff) == 0 {
		return nil
	}
	return CheckSameBothWays.failf(res, "the stored document: "+sides(diff, false), "from the API: "+sides(diff, true), "the API hands back something else than what is stored")
}

// askDirect sends a read of a thing where it is stored. It returns nil where
// that is not known or the account may not read the index. A refusal after a
// read that was allowed is left to the caller to fail; one where nobody is known
// is an error, since then everybody may read.
func (t *things) askDirect(ctx context.Context, th *thing) (*wire.Response, error) {
	index := th.res.StoredIn()
	reads := &t.deps.Shared.direct
	if index == "" || reads.refused(index) {
		return nil, nil
	}
	res, err := t.get(ctx, index+"/_doc/"+url.PathEscape(th.id))
	if err != nil {
		return nil, err
	}
	refused := res.Status == http.StatusForbidden
	if refused && !t.deps.Session.Client().HasAuth() {
		return nil, setupFailed(res, "read a stored document without credentials", "200")
	}
	if asBefore := reads.note(index, !refused); refused && asBefore {
		return nil, nil
	}
	return res, nil
}

// readDirect reads a thing where it is stored. It returns nil where the account
// may not.
func (t *things) readDirect(ctx context.Context, th *thing) (*state, error) {
	res, err := t.askDirect(ctx, th)
	if res == nil || err != nil {
		return nil, err
	}
	const what = "reading the stored document"
	doc, err := t.document(res, what, http.StatusOK, "document")
	if err != nil {
		return nil, err
	}
	fields, index := doc.(map[string]any), th.res.StoredIn()
	if name, _ := fields["_index"].(string); fields["_id"] != th.id || !strings.HasPrefix("/"+name, index) {
		return nil, failf(res, fmt.Sprintf("the document %s of %s", th.id, index[1:]), fmt.Sprintf("the document %v of %s", fields["_id"], name), "another document was handed back")
	}
	source := fields["_source"]
	if th.res.StoredSchema != "" && !th.foreign {
		if err := t.matches(res, th.res.StoredSchema, source); err != nil {
			return nil, err
		}
	}
	version, _ := fields["_version"].(json.Number)
	return &state{there: true, shown: source, doc: source, version: version, read: res, direct: res}, nil
}

// needDirect skips the scenario where the account may not read the index.
func (s *state) needDirect(th *thing) error {
	if s.version == "" {
		return &SkipError{Reason: "needs an account that may read the index " + strings.TrimPrefix(th.res.StoredIn(), "/")}
	}
	return nil
}
