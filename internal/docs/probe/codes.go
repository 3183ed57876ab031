package probe

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/family"
)

// codes brings about the answers that a route can give: for what does not
// exist, in each state, for a body that is wrong.
func (b *bench) codes(t *target, rf *RouteFacts, m *claim.Model) error {
	for _, probe := range []func(*target, *RouteFacts, *claim.Model) error{
		b.unknownID, b.eachState, b.again, b.wrongBodies, b.withoutParam, b.uncommon,
	} {
		if err := probe(t, rf, m); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) unknownID(t *target, rf *RouteFacts, _ *claim.Model) error {
	if t.kind == nil || t.creates {
		return nil
	}
	c, err := b.call(t, rf, request{purpose: "for an id that does not exist", id: b.registry.NewID(), body: rf.Body})
	rf.Unknown = c
	return err
}

func (b *bench) eachState(t *target, rf *RouteFacts, _ *claim.Model) error {
	if t.kind == nil || t.creates {
		return nil
	}
	for _, st := range t.kind.states() {
		c, err := b.call(t, rf, request{purpose: "for one in the state " + st.Name, state: st.Name, body: rf.Body})
		var unreachable *stateError
		if errors.As(err, &unreachable) {
			continue
		}
		if err != nil {
			return err
		}
		rf.ByState[st.Name] = c
	}
	return nil
}

// again creates what is already there.
func (b *bench) again(t *target, rf *RouteFacts, _ *claim.Model) error {
	if !t.creates || t.at < 0 {
		return nil
	}
	id, err := url.PathUnescape(segments(rf.OK.Path)[t.at])
	if err != nil {
		return nil //nolint:nilerr // a path that cannot be read was not made by us: there is nothing to create again
	}
	_, err = b.call(t, rf, request{purpose: "for one that exists already", id: id, body: rf.Body})
	return err
}

func (b *bench) wrongBodies(t *target, rf *RouteFacts, _ *claim.Model) error {
	if len(rf.Body) == 0 {
		return nil
	}
	extra := clone(rf.Body)
	extra["esconform_unknown_field"] = true
	for _, q := range []request{
		{purpose: "with a field that nobody knows", body: extra},
		{purpose: "with a body that is not JSON", raw: `{"`},
	} {
		if _, err := b.call(t, rf, q); err != nil {
			return err
		}
	}
	c, err := b.call(t, rf, request{purpose: "without a body"})
	rf.NoBody = c
	return err
}

// withoutParam leaves the path parameter out, where the page says what then
// happens or where the path has something behind it.
func (b *bench) withoutParam(t *target, rf *RouteFacts, m *claim.Model) error {
	if t.kind == nil || t.creates {
		return nil
	}
	said := false
	for _, c := range m.Codes {
		said = said || claim.AboutMissing(c.Text)
	}
	if !said && t.last {
		return nil
	}
	in, err := b.named(t.kind, "")
	if err != nil {
		return err
	}
	path := t.without(in.values())
	if t.last {
		if free, err := b.nobodys(t, path); err != nil || !free {
			return err
		}
	}
	c, err := b.call(t, rf, request{purpose: "without " + strings.Join(t.route.Params(), ", "), path: path, body: rf.Body, uncommon: true})
	rf.NoParam = c
	return err
}

// nobodys makes sure that a request without the last segment changes nothing:
// what is left may be the path of another resource, whose id is now the last
// segment.
func (b *bench) nobodys(t *target, path string) (bool, error) {
	segs := segments(path)
	if t.route.Method == http.MethodGet || len(segs) < 2 {
		return true, nil
	}
	for _, k := range b.known.kinds {
		values := fit(k.own, segs, func(string) bool { return true })
		if values == nil {
			continue
		}
		read := path
		if k.Stored != "" {
			read = family.Fill(k.Stored, map[string]string{"id": segs[len(segs)-1]})
		}
		res, err := b.do("is there anything of that name?", http.MethodGet, read, "")
		if err != nil || res.Status != http.StatusNotFound {
			return false, err
		}
	}
	return true, nil
}

// uncommon asks for what every API refuses.
func (b *bench) uncommon(t *target, rf *RouteFacts, _ *claim.Model) error {
	_, err := b.call(t, rf, request{purpose: "with a query parameter that nobody knows", body: rf.Body,
		query: url.Values{"esconform_unknown": {"1"}}, uncommon: true})
	if err != nil || len(rf.Body) > 0 || t.route.Method == http.MethodPost || t.creates {
		return err
	}
	_, err = b.call(t, rf, request{purpose: "with a body, which the API has no use for", raw: `{"esconform":1}`, uncommon: true})
	return err
}

// prose finds out what the statements of the prose are about.
func (b *bench) prose(t *target, rf *RouteFacts, m *claim.Model) error {
	for _, s := range m.Prose {
		var err error
		switch s.Kind {
		case claim.NamesValue, claim.SetsValue:
			err = b.ask(t, rf, s.Field, s.Value)
		case claim.Ordered:
			err = b.order(t, rf)
		case claim.SetsNow:
			err = b.later(t, rf)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// later sets another time on the resource of the working call, by the server's
// clock and after it.
func (b *bench) later(t *target, rf *RouteFacts) error {
	if rf.Later != "" || t.kind == nil || t.kind.Touch == nil {
		return nil
	}
	c, err := b.call(t, rf, request{purpose: "once more, for the time", body: rf.Body})
	if err != nil || !c.OK() || c.Gone {
		return err
	}
	rf.OK = c
	id, err := url.PathUnescape(path.Base(c.Resource))
	if err != nil {
		return nil //nolint:nilerr // a path that cannot be read was not made by us
	}
	in, err := b.named(t.kind, id)
	if err != nil {
		return err
	}
	touch, _ := t.kind.Verb(t.kind.Touch.By)
	method, path, body := in.call(touch)
	res, err := b.do("a later time of the server", method, path, body)
	if err != nil || res.Status != http.StatusOK {
		return err
	}
	doc, _, err := b.read(in)
	if err != nil {
		return err
	}
	v, _ := find(doc, t.kind.Touch.Field)
	rf.Later, _ = v.(string)
	return nil
}

// order lists three resources that were created one after the other.
func (b *bench) order(t *target, rf *RouteFacts) error {
	if t.whose == nil || t.whose.List == nil || t.kind != nil || rf.OrderCall != nil {
		return nil
	}
	var ids []string
	for range 3 {
		in, err := b.make(t.whose, t.whose.states()[0])
		if err != nil {
			return err
		}
		ids = append(ids, in.id)
	}
	q, err := b.scoped(t, rf, "")
	if err != nil {
		return err
	}
	c, err := b.queried(t, rf, "three that were created one after the other", q, true)
	if err != nil {
		return err
	}
	rf.OrderCall = c
	list, _ := results(c.JSON)
	var at []int
	for _, id := range ids {
		for i, item := range list {
			if v, _ := textAt(item, t.whose.List.ID); v == id {
				at = append(at, i)
			}
		}
	}
	if len(at) == 3 && at[0] < at[1] && at[1] < at[2] {
		rf.Order = "ascending"
	}
	if len(at) == 3 && at[0] > at[1] && at[1] > at[2] {
		rf.Order = "descending"
	}
	return nil
}
