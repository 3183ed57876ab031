package steps

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// attempt is the last request on somebody's behalf, and what the catalogues
// say of it.
type attempt struct {
	req wire.Request
	family.Found
	index string   // that it is about, where privileges on it grant it
	made  string   // the name that would be created
	thing *thing   // of the scenario, that it is about
	jobs  []string // of the connector, before it
}

// try notes what is stored and sends a request with the actor's credentials.
func (x *accounts) try(ctx context.Context, req wire.Request) error {
	if x.actor == nil {
		return errNobody
	}
	path, _, _ := strings.Cut(req.Path, "?")
	a := x.attemptOf(req, path)
	if since, err := esversion.Parse(a.Call.Since); err == nil && !x.knows(since) {
		return &SkipError{Reason: fmt.Sprintf("needs Elasticsearch %s or later for %s", since, a.Call.Request)}
	}
	if c := x.watched(); c.thing != nil {
		_, jobs, err := x.listJobs(ctx, c)
		if err != nil {
			return err
		}
		a.jobs = ids(jobs)
	}
	x.saved["path"] = path
	x.attempt = a
	_, err := x.write(ctx, x.dressed(req))
	return err
}

// attemptOf says what a request is.
func (x *accounts) attemptOf(req wire.Request, path string) *attempt {
	a := &attempt{req: req}
	a.Found, _ = x.deps.Families.Find(req.Method, path)
	if a.Call.Privilege.Index != "" {
		a.index, _, _ = strings.Cut(path[1:], "/")
	}
	for _, th := range x.order {
		if a.Values["id"] == th.id {
			a.thing = th
		}
	}
	if a.thing == nil && a.Creation != nil {
		a.made = a.Values["id"]
		if a.Creation.Named != nil {
			doc, _ := jsonval.Decode(req.Body)
			v, _ := jsonval.Pointer(doc, a.Creation.Named.At)
			a.made, _ = v.(string)
		}
		if slices.ContainsFunc(x.order, func(th *thing) bool { return th.id == a.made }) {
			a.made = "" // it names what the new one belongs to
		}
	}
	return a
}

// watched is the connector of the scenario where it has one of its own.
func (x *accounts) watched() theConnector {
	if c, err := x.connector(); err == nil && c.before != nil {
		return c
	}
	return theConnector{}
}

// dressed gives a request the actor's credentials.
func (x *accounts) dressed(req wire.Request) wire.Request {
	req.Header = http.Header{}
	x.next.habit = x.actor.habit
	switch {
	case x.actor.habit != nil:
	case x.actor.raw:
		req.Header["Authorization"] = x.actor.header
	default:
		req.Auth = &x.actor.auth
	}
	if x.actor.runAs != nil {
		req.Header.Set("es-security-runas-user", x.actor.runAs.name)
	}
	return req
}

func (x *accounts) sendAttempt(ctx context.Context, req wire.Request) (*wire.Response, error) {
	return x.do(ctx, x.dressed(req))
}

func (x *accounts) attempted() error {
	if x.attempt == nil {
		return errors.New(`nobody has sent anything yet; put a step such as "When they send ..." before this one`)
	}
	return nil
}

func (x *accounts) areAllowed(ctx context.Context, res *wire.Response) error {
	if err := x.attempted(); err != nil {
		return err
	}
	a, want := x.attempt, http.StatusOK
	switch {
	case a.thing == nil && a.Creation != nil && a.Creation.Status != 0:
		want = a.Creation.Status
	case a.Call.Request.Path == "" && res.Status/100 == 2: // nobody knows which it has
		want = res.Status
	}
	if err := wantStatus(res, "what they may do", want); err != nil {
		return err
	}
	return x.effect(ctx, a, res)
}

// effect checks that what was allowed was also done: a server that answers 200
// and does nothing allows nothing.
func (x *accounts) effect(ctx context.Context, a *attempt, res *wire.Response) error {
	switch {
	case a.Lists:
		return x.listsIt(a, res)
	case x.searches(a):
		return findsOne(res)
	case a.thing == nil && a.Creation != nil && a.Resource != nil:
		return x.readsBack(ctx, a, res)
	case a.thing == nil || a.req.Method == http.MethodHead:
		return nil
	case a.req.Method == http.MethodGet:
		return showsID(res, a.thing)
	case a.req.Method == http.MethodDelete:
		return x.gone(ctx, a.thing)
	case a.Creation != nil: // put in the place of what was there
		return nil
	}
	before, after, err := x.beforeAndNow(ctx, a.thing)
	if err != nil || after.version == "" {
		return err
	}
	return risen(a.thing, before, after, 1)
}

// showsID demands that an answer is about a thing.
func showsID(res *wire.Response, th *thing) error {
	doc, err := jsonBody(res, "what was read")
	if err != nil {
		return err
	}
	pointers := []string{"/_id"}
	if th.res.List != nil && th.res.List.ID != "" {
		pointers = append(pointers, th.res.List.ID)
	}
	for _, pointer := range pointers {
		if got, there := jsonval.Pointer(doc, pointer); there && got != th.id {
			return failf(res, pointer+" "+th.id, fmt.Sprint(pointer, " ", got), "the answer is about something else")
		} else if there {
			return nil
		}
	}
	if th.res.Stored != "" {
		return failf(res, strings.Join(pointers, " or ")+" "+th.id, answer(res), "the answer does not say what it is about")
	}
	return nil
}

// listsIt demands that a list shows the thing of the scenario that is of its kind.
func (x *accounts) listsIt(a *attempt, res *wire.Response) error {
	th := x.byName[a.Resource.Placeholder()]
	if th == nil || th.absent || a.Resource.List.ID == "" {
		return nil
	}
	doc, err := jsonBody(res, "the list")
	if err != nil {
		return err
	}
	at, _ := jsonval.Pointer(doc, a.Resource.List.At)
	entries, _ := at.([]any)
	if !slices.ContainsFunc(entries, func(e any) bool { id, _ := jsonval.Pointer(e, a.Resource.List.ID); return id == th.id }) {
		return failf(res, a.Resource.List.At+" with "+th.id, answer(res), "the list does not show what it was asked for")
	}
	return nil
}

// searches reports whether a request searches for the document of a thing, as
// the steps' own queries do.
func (x *accounts) searches(a *attempt) bool {
	return slices.ContainsFunc(x.order, func(th *thing) bool {
		return th.res.Stored != "" && !th.bystander && strings.HasPrefix(a.req.Path, th.res.StoredIn()+"/_search")
	})
}

func findsOne(res *wire.Response) error {
	doc, err := jsonBody(res, "the search")
	if err != nil {
		return err
	}
	if n, _ := jsonval.Pointer(doc, "/hits/total/value"); fmt.Sprint(n) != "1" {
		return failf(res, "/hits/total/value 1", fmt.Sprint("/hits/total/value ", n), "the search does not find the document")
	}
	return nil
}

// readsBack demands that the account of the run can read what was created.
func (x *accounts) readsBack(ctx context.Context, a *attempt, res *wire.Response) error {
	id := a.Values["id"]
	if a.Creation.Answer != "" {
		id = stringAt(res, a.Creation.Answer)
	}
	if a.Creation.Named != nil && a.Creation.Answer == "" {
		id = a.made
	}
	th := &thing{res: a.Resource, id: id, of: maps.Clone(a.Values)}
	delete(th.of, "id")
	got, err := x.read(ctx, th)
	if err != nil {
		return err
	}
	doc, err := x.document(got, "reading what was created", http.StatusOK, "")
	if err != nil {
		return err
	}
	if _, there := x.shownIn(th, doc); !there {
		return missing(got, th)
	}
	return nil
}

func (x *accounts) nothingChanged(ctx context.Context) error {
	if err := x.attempted(); err != nil {
		return err
	}
	for _, th := range slices.Clone(x.order) {
		if err := x.asBefore(ctx, th); err != nil {
			return err
		}
	}
	if c := x.watched(); c.thing != nil {
		res, jobs, err := x.listJobs(ctx, c)
		if err != nil {
			return err
		}
		if got := ids(jobs); !slices.Equal(got, x.attempt.jobs) {
			return CheckCount.failf(res, strings.Join(x.attempt.jobs, ", "), strings.Join(got, ", "), "the connector has other sync jobs than before")
		}
	}
	return x.nothingMade(ctx)
}

// asBefore demands that a thing is as it was, or still not there.
func (x *accounts) asBefore(ctx context.Context, th *thing) error {
	switch {
	case th.absent:
		return x.gone(ctx, th)
	case th.before == nil:
		return nil
	}
	return x.unchanged(ctx, th)
}

// nothingMade checks that there is nothing of the name that was asked for.
func (x *accounts) nothingMade(ctx context.Context) error {
	a := x.attempt
	if a.made == "" || a.Resource == nil {
		return nil
	}
	if a.Creation.Named == nil {
		return x.gone(ctx, &thing{res: a.Resource, id: a.made})
	}
	for _, found := range a.Resource.Found {
		if found.Kind != a.Creation.Named.Found {
			continue
		}
		res, err := x.get(ctx, family.Fill(found.Paths[0], map[string]string{"id": a.made}))
		if err != nil {
			return err
		}
		doc, err := x.document(res, "looking for what was refused", http.StatusOK, "")
		if err != nil {
			return err
		}
		at, _ := jsonval.Pointer(doc, found.At)
		if entries, _ := at.([]any); len(entries) > 0 {
			return CheckAbsent.failf(res, "no "+a.Resource.Name+" "+a.made, answer(res), "the %s was created", a.Resource.Name)
		}
	}
	return nil
}
