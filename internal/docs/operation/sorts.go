package operation

import (
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/resource"
)

// populate has something there for a list to show: one of each sort that a
// catalogue knows. What cannot be made is not in the list.
func (b *bench) populate() {
	if !b.op.reads() || b.subject.own() {
		return
	}
	for _, f := range b.families {
		for i := range f.Resources {
			res := &f.Resources[i]
			if res.List == nil || res.Secret {
				continue
			}
			if path, _, _ := strings.Cut(res.List.Request.Path, "?"); path != b.op.path {
				continue
			}
			k := b.keeper()
			_, _ = k.resource(res, family.State{})
			for _, sort := range res.Sorts {
				_, _ = k.sort(res, sort)
			}
		}
	}
}

// sorts reads one of each sort that a catalogue knows: what one that has just
// been made does not show, another may.
func (b *bench) sorts() error {
	res := b.subject.res
	if res == nil || !b.op.reads() {
		return nil
	}
	for _, sort := range res.Sorts {
		of, err := b.keeper().sort(res, sort)
		if err != nil {
			continue // the server knows no such sort
		}
		values := map[string]string{}
		for param, name := range b.subject.names {
			values[param] = of[name]
		}
		if _, err := b.send(variation{purpose: "one that is " + sort.Name, body: b.base.body, values: values}); err != nil {
			return err
		}
	}
	return nil
}

// sort makes one of a sort.
func (k *keeper) sort(res *family.Resource, sort family.Sort) (map[string]string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key := res.Kind + " sort " + sort.Name
	if of := k.kept[key]; of != nil {
		return of, nil
	}
	of, err := k.create(res, resource.New{Body: sort.Body})
	if err != nil {
		return nil, err
	}
	for _, c := range sort.Calls {
		if _, err := k.do("set up: "+sort.Name, c.Request.Method(), family.Fill(c.Request.Path, of), decoded(family.FillBody(c.Body, of))); err != nil {
			return nil, err
		}
	}
	k.kept[key] = of
	return of, nil
}

// beyond are the calls that the catalogues of APIs know, and the server has, on
// what the document describes, and that it leaves out: where it has most.
func (r *runner) beyond(b *bench, chosen map[string]bool) error {
	for _, f := range r.families {
		for i := range f.Resources {
			res := &f.Resources[i]
			read, _, _ := strings.Cut(family.Plain(res.Read.Request.Path), "?")
			if !chosen[claim.Route{Method: "GET", Path: read}.Key()] {
				continue
			}
			var left []claim.Route
			has := 0
			for _, route := range routesOf(res) {
				if r.byKey[route.Key()] == nil {
					left = append(left, route)
				} else {
					has++
				}
			}
			for _, route := range left {
				if len(left) > has {
					break // the document means to describe a part of it
				}
				if err := b.leftOut(route.Method, route.Path); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// routesOf are those of the calls about a resource, as far as each is one.
func routesOf(res *family.Resource) []claim.Route {
	var out []claim.Route
	for _, c := range callsOf(res) {
		path, _, _ := strings.Cut(family.Plain(c.Request.Path), "?")
		route := claim.Route{Method: c.Request.Method(), Path: path}
		known := func(have claim.Route) bool { return have.Key() == route.Key() }
		if !strings.Contains(c.Request.Path, ":any") && !strings.Contains(path, "**") && !strings.Contains(path, "{raw}") && !slices.ContainsFunc(out, known) {
			out = append(out, route)
		}
	}
	return out
}

// callsOf are the calls about a resource.
func callsOf(res *family.Resource) []family.Call {
	calls := append([]family.Call{}, res.Calls...)
	for _, c := range res.Create {
		calls = append(calls, c.Call)
	}
	for _, sort := range res.Sorts {
		calls = append(calls, sort.Calls...)
	}
	return calls
}

// leftOut notes a route that the document leaves out, if the server has it.
func (b *bench) leftOut(method, path string) error {
	suffix := "route/" + method + path
	if b.ids[b.Document.ID+"/"+b.op.id+"/"+suffix] {
		return nil
	}
	filled := (&op{segs: strings.Split(strings.Trim(path, "/"), "/")}).filled(func(string) string { return b.Registry.RunID() })
	r, err := b.routeThere(method, filled)
	if err != nil || !r.has {
		return err
	}
	c := b.claim(suffix, claim.KindRoute, b.op.At(), "no operation "+method+" "+path)
	c.ID = b.Document.ID + "/" + suffix
	b.say(c, claim.Undocumented, "the server has it: OPTIONS lists "+r.call.header.Get("Allow"), r.call)
	return nil
}
