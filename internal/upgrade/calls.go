package upgrade

import (
	"context"
	"net/http"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// calls makes each call that old things are there for, on one of them and on a
// new one that is in the same state.
func calls(ctx context.Context, client *wire.Client, set family.Set, version esversion.Version, old, made []Subject) ([]calling, error) {
	all := make([]calling, len(old))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, s := range old {
		j := slices.IndexFunc(made, func(n Subject) bool { return n.Group == s.Group && n.Verb == s.Verb })
		r, known := set.Kind(s.Kind)
		if s.Verb == "" || j < 0 || !known {
			continue
		}
		list := callsOf(r, version)
		n := slices.IndexFunc(list, func(c family.Call) bool { return c.Verb == s.Verb })
		if n < 0 {
			continue
		}
		group.Go(func() (err error) {
			if all[i].old, err = call(ctx, client, set, list[n], s); err != nil {
				return err
			}
			all[i].made, err = call(ctx, client, set, list[n], made[j])
			return err
		})
	}
	err := group.Wait()
	return slices.DeleteFunc(all, func(c calling) bool { return c.made == nil }), err
}

// called is the answer to a call, and how what took it is shown before and after.
type called struct {
	*Sight
	was, is Sight
	varies  []string // pointers to what differs from one to the next
}

// calling is the same call of an old thing and of a new one.
type calling struct{ old, made *called }

// afterwards ends the views that show what a call has done.
const afterwards = ", then"

// differences are those between the answers, in their status or in their shape,
// and between what either call has changed.
func (p calling) differences() []Difference {
	d := Difference{Requirement: reqCalls, Group: p.old.Group, ID: p.old.ID, Kind: p.old.Kind, View: p.old.View, Sights: [2]*Sight{p.made.Sight, p.old.Sight}}
	var out []Difference
	for _, c := range jsonval.Diff(p.made.Doc, p.old.Doc) {
		d.Pointer, d.Change, d.Before, d.After = c.Pointer, c.Kind, c.Before, c.After
		out = append(out, d)
	}
	d.View, d.Change, d.Sights = d.View+afterwards, jsonval.Changed, [2]*Sight{&p.made.is, &p.old.is}
	for _, d.Pointer = range changed(p.made, p.old) {
		d.Before, d.After = p.made.then(d.Pointer), p.old.then(d.Pointer)
		if !jsonval.Equal(d.Before, d.After) {
			out = append(out, d)
		}
	}
	return out
}

// changed are the pointers to what any of some calls has changed.
func changed(all ...*called) []string {
	var out []string
	for _, c := range all {
		for _, of := range jsonval.Diff(c.was.Doc, c.is.Doc) {
			if !slices.Contains(out, of.Pointer) {
				out = append(out, of.Pointer)
			}
		}
	}
	return out
}

// then is what is at a pointer after the call; of an instant, and of what differs
// from one to the next, whether it is that of before.
func (c *called) then(pointer string) any {
	was, _ := jsonval.Pointer(c.was.Doc, pointer)
	is, _ := jsonval.Pointer(c.is.Doc, pointer)
	shown := renamed(is, c.names())
	switch {
	case shown != instant && !slices.Contains(c.varies, pointer):
		return shown
	case jsonval.Equal(was, is):
		return "<as before>"
	}
	return "<changed>"
}

// call makes a call; what is seen is the status and the shape of the answer, and
// what it has changed.
func call(ctx context.Context, client *wire.Client, set family.Set, c family.Call, s Subject) (*called, error) {
	r, _ := set.Kind(s.Kind) // one without is not made
	session, read := client.Session(), views(set, s)[0]
	was, err := see(ctx, session, s, read)
	if err != nil {
		return nil, err
	}
	req := wire.Request{Method: c.Request.Method(), Path: s.fill(family.Plain(c.Request.Path)), Purpose: "have the " + s.Kind + " " + c.Verb}
	if c.Body != "" {
		req.Body = []byte(family.FillBody(c.Body, s.Of))
	}
	res, err := session.Do(ctx, req)
	if err != nil {
		return nil, err
	}
	is, err := see(ctx, session, s, read)
	if err != nil {
		return nil, err
	}
	answer := map[string]any{"status": res.Status}
	if doc, err := res.JSON(); err == nil {
		answer["body"] = shape(renamed(doc, s.names()))
	} else if req.Method != http.MethodHead {
		answer["body"] = "no JSON"
	}
	exchanges := session.Exchanges()
	is.Exchange = exchanges[len(exchanges)-1]
	return &called{&Sight{Subject: s, View: "when it is " + c.Verb, Status: res.Status, There: true, Doc: answer, Exchange: exchanges[res.Index]}, was, is, r.Varies}, nil
}

// shape is a document with what its values are in the place of the values.
func shape(doc any) any {
	switch doc := doc.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, v := range doc {
			out[k] = shape(v)
		}
		return out
	case []any:
		out := []any{}
		for _, v := range doc {
			if s := shape(v); !slices.ContainsFunc(out, func(had any) bool { return jsonval.Equal(had, s) }) {
				out = append(out, s)
			}
		}
		return out
	case string:
		return "a text"
	case bool:
		return "a boolean"
	case nil:
		return "null"
	}
	return "a number"
}
