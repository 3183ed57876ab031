package upgrade

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// viewNew is how differences speak of what a new one has by default.
const viewNew = "as a new one"

// onFresh is how they speak of what a fresh server has.
const onFresh = "on a fresh server"

// pair is what is seen of an old thing, or of a call to it, and of a new one.
type pair struct{ old, made *Sight }

// counterparts are new things with what was made in the same way on the old
// version, nil where nothing was.
func counterparts(old, made Snapshot) []pair {
	var out []pair
	for i := range made {
		a := &made[i]
		if isBacking(a) || a.Verb != "" || a.View != viewRead || !a.There {
			continue
		}
		p := pair{made: a}
		if j := slices.IndexFunc(old, func(s Sight) bool { return s.madeAs(a.Subject) && s.View == a.View && s.There }); j >= 0 {
			p.old = &old[j]
		}
		out = append(out, p)
	}
	return out
}

// defaults lists how a new thing differs from an old one that was made in the same
// way. Ids and times are others by themselves, and so is what differs from one to
// the next on the old version.
func (p pair) defaults(r *family.Resource, old Snapshot) []Difference {
	var out []Difference
	own := chance(r, p.old, old)
	for _, c := range jsonval.Diff(plain(r, p.old), plain(r, p.made)) {
		if own[c.Pointer] {
			continue
		}
		out = append(out, Difference{
			Requirement: reqDefaults, Group: p.made.Group, ID: p.made.ID, Kind: p.made.Kind, View: viewNew,
			Pointer: c.Pointer, Change: c.Kind, Before: c.Before, After: c.After, Sights: [2]*Sight{p.old, p.made},
		})
	}
	return out
}

// chance are the pointers to what differs between one and another of the same.
func chance(r *family.Resource, one *Sight, all Snapshot) map[string]bool {
	own := map[string]bool{}
	for i := range all {
		if s := &all[i]; s.Group == one.Group && s.Written == one.Written && s.View == one.View && s.ID != one.ID && s.There {
			for _, c := range jsonval.Diff(plain(r, one), plain(r, s)) {
				own[c.Pointer] = true
			}
			break
		}
	}
	return own
}

// madeAs reports whether two subjects were made in the same way: a state that no
// call of the old version leads to was written.
func (s Subject) madeAs(other Subject) bool {
	return s.Group == other.Group && s.Verb == other.Verb && s.Written == other.Written
}

// plain is what is seen of a subject without what differs from one to the next.
func plain(r *family.Resource, s *Sight) any {
	doc := jsonval.Clone(s.Doc)
	for _, pointer := range r.Varies {
		remove(doc, pointer)
	}
	return renamed(doc, s.names())
}

// names replaces the ids of a subject, and of what it belongs to.
func (s Subject) names() *strings.Replacer {
	pairs := []string{s.ID, "<id>"}
	for name, id := range s.Of {
		if id != "" && id != s.ID {
			pairs = append(pairs, id, "<"+name+">")
		}
	}
	return strings.NewReplacer(pairs...)
}

// remove takes the member at a pointer out of a document.
func remove(doc any, pointer string) {
	at := strings.LastIndex(pointer, "/")
	above, _ := jsonval.Pointer(doc, pointer[:at])
	if members, ok := above.(map[string]any); ok {
		delete(members, jsonval.Unescape(pointer[at+1:]))
	}
}

// instant stands for any.
const instant = "<time>"

// renamed is a document with names replaced, and instants.
func renamed(doc any, names *strings.Replacer) any {
	switch doc := doc.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, v := range doc {
			out[names.Replace(k)] = renamed(v, names)
		}
		return out
	case []any:
		out := make([]any, len(doc))
		for i, v := range doc {
			out[i] = renamed(v, names)
		}
		return out
	case string:
		if _, err := time.Parse(time.RFC3339Nano, doc); err == nil {
			return instant
		}
		return names.Replace(doc)
	}
	return doc
}

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

// asFresh lists what the index of an API lacks on an upgraded server of the
// mapping that it has on a fresh one.
func asFresh(upgraded, fresh Snapshot) []Difference {
	var out []Difference
	for i := range fresh {
		f := &fresh[i]
		j := slices.IndexFunc(upgraded, func(s Sight) bool { return s.ID == f.ID && s.Kind == f.Kind && s.View == f.View })
		if !isBacking(f) || f.View != viewRead || !f.There || j < 0 || !upgraded[j].There {
			continue
		}
		u := &upgraded[j]
		want, _ := jsonval.Pointer(f.Doc, "/mappings")
		got, _ := jsonval.Pointer(u.Doc, "/mappings")
		for _, c := range jsonval.Match(want, got, jsonval.Matching{Subset: true, Ignore: []string{"_meta"}}) {
			out = append(out, Difference{
				Requirement: reqAsFresh, Group: u.Group, ID: u.ID, Kind: u.Kind, View: onFresh,
				Pointer: "/mappings" + c.Pointer, Change: c.Kind, Before: c.Before, After: c.After, Sights: [2]*Sight{f, u},
			})
		}
	}
	return out
}

func isBacking(s *Sight) bool { return strings.HasPrefix(s.Group, groupBacking) }
