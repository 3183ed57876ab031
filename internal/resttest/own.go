package resttest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/restspec"
	"github.com/esconform/esconform/internal/wire"
)

// owned knows what a test may change in a target that is not its own.
type owned struct {
	checked bool
	names   map[string]bool // plain paths that nothing was at before the test
}

// has reports whether nothing was at a path before the test.
func (o owned) has(path string) bool { return o.names[place{path: path}.plain()] }

// refuse says that a test would touch what is not its own.
func refuse(format string, args ...any) error {
	return &resource.SetupError{Action: "refuse the test", Err: fmt.Errorf(format+"; run it on a target that is declared --disposable", args...)}
}

// admit lets a request through that changes nothing but what is the test's own.
// Before the first request of a test, everything that the test is going to
// change by name is looked up: what is there already is somebody else's.
func (x *Execution) admit(ctx context.Context, d *do, req *restspec.Request, body document) error {
	x.sent = true
	if x.env.Disposable {
		return nil
	}
	if !x.own.checked {
		if err := x.claim(ctx); err != nil {
			return err
		}
		x.own.checked = true
		x.env.Scope.Claim(x.own.has)
	}
	for _, p := range x.test.effect(x.env.Scope, d, req, body).places {
		if !x.own.has(p.path) && !x.env.Scope.Owns(p.path) {
			return refuse("%s is not ours, and %s would change it", p.path, d.name)
		}
	}
	return nil
}

// claim looks up what the text of the test says that it will change.
func (x *Execution) claim(ctx context.Context) error {
	session := x.env.Session.Client().Session()
	session.SetPurpose("see that nothing of this name is there")
	for _, d := range x.test.calls() {
		req, err := d.plan(nil)
		if err != nil {
			continue // a call that the specification refuses, as the test wants it
		}
		body, _ := d.document(nil)
		effect := x.test.effect(x.env.Scope, d, req, body)
		if effect.unbounded || effect.wild {
			return refuse("%s (line %d) would change what the test does not name, or names with a wildcard", d.name, d.line)
		}
		for _, p := range effect.places {
			if x.own.has(p.path) || p.told() {
				continue
			}
			if p.given {
				return refuse("%s is not ours, and %s (line %d) would change it", p.path, d.name, d.line)
			}
			if err := absent(ctx, session, p); err != nil {
				return err
			}
			x.own.names[p.plain()] = true
		}
	}
	return nil
}

// absent sees that nothing is at a path. A target that does not know the path
// at all has nothing there.
func absent(ctx context.Context, session *wire.Session, p place) error {
	res, err := session.Do(ctx, wire.Request{Method: p.reads, Path: p.path})
	if err != nil {
		return err
	}
	switch res.Status {
	case http.StatusNotFound, http.StatusBadRequest, http.StatusMethodNotAllowed:
		return nil
	case http.StatusOK:
		if doc, err := res.JSON(); err == nil && jsonval.Equal(doc, map[string]any{}) {
			return nil
		}
		return refuse("%s was there before the test, so it is not ours", p.path)
	}
	return refuse("nobody can tell whether %s is ours: the look-up was answered %d", p.path, res.Status)
}

// place is where something lives that a request changes.
type place struct {
	path, reads string
	given       bool // the target gives the name: nobody can know it beforehand
}

// plain is the path as people read it.
func (p place) plain() string {
	if plain, err := url.PathUnescape(p.path); err == nil {
		return plain
	}
	return p.path
}

// told reports whether only an answer will tell the name.
func (p place) told() bool {
	return slices.ContainsFunc(strings.FieldsFunc(p.plain(), func(r rune) bool { return strings.ContainsRune("/=&", r) }), refers)
}

// many reports whether a name stands for more than one thing.
func many(name string) bool {
	return strings.ContainsAny(name, "*<") || name == "_all" || strings.HasPrefix(name, "-")
}

// effect is what a request changes: places; with a wildcard, many of a kind;
// or, unbounded, what it does not name at all.
type effect struct {
	places          []place
	wild, unbounded bool
}

// effect reads out of a request what it changes: what the specification says
// its path is about, and what it creates as far as the scope knows.
func (t *Test) effect(scope *resource.Scope, d *do, req *restspec.Request, body document) effect {
	if !changes(d, req) {
		return effect{}
	}
	spec := t.spec
	var places []place
	template, bounded := spec.Owner(req.Path)
	if bounded {
		places = owners(spec, template, req.Parts)
	}
	makes, known := scope.Makes(req.Method, restspec.Fill(req.Path.Template, req.Parts), body.raw)
	for _, path := range makes {
		places = append(places, placeOf(path))
	}
	for _, name := range indicesIn(d, body.docs) {
		places = append(places, placeOf("/"+url.PathEscape(name)))
	}
	for _, id := range keyIDs(req, body.docs) {
		places = append(places, place{path: fmt.Sprintf(keyPath, url.QueryEscape(id)), given: true})
	}
	_, _, collection := spec.Member(req.Path.Template)
	named := bounded || known || len(places) > 0 || collection && req.Method == http.MethodPost
	return effect{places, wild(req, places), !named}
}

// wild reports whether a request names something with a wildcard.
func wild(req *restspec.Request, places []place) bool {
	for _, v := range req.Parts {
		if slices.ContainsFunc(strings.Split(v, ","), many) {
			return true
		}
	}
	return slices.ContainsFunc(places, func(p place) bool { return many(strings.TrimPrefix(p.plain(), "/")) })
}

// placeOf is where what lives at a path belongs to: what is part of an index,
// to that.
func placeOf(path string) place {
	if strings.HasPrefix(path, "/_") {
		return place{path: path, reads: http.MethodGet}
	}
	name, _, _ := strings.Cut(path[1:], "/")
	return place{path: "/" + name, reads: http.MethodHead}
}

// owners fills a template, once for each item of a list in its last part.
func owners(spec *restspec.Spec, template string, parts map[string]string) []place {
	last := template[strings.LastIndex(template, "{")+1 : len(template)-1]
	var out []place
	for _, name := range strings.Split(parts[last], ",") {
		values := map[string]string{}
		for k, v := range parts {
			values[k] = v
		}
		values[last] = name
		out = append(out, place{path: restspec.Fill(template, values), reads: spec.Reads(template)})
	}
	return out
}

// harmless are calls by another method than GET that change nothing which
// anybody keeps.
var harmless = []string{
	"clear_scroll", "close_point_in_time", "esql.query", "eql.search", "graph.explore", "indices.clear_cache", "indices.flush",
	"indices.forcemerge", "indices.refresh", "indices.simulate_index_template", "indices.simulate_template", "ingest.simulate",
	"ml.estimate_model_memory", "ml.evaluate_data_frame", "ml.validate", "ml.validate_detector", "nodes.reload_secure_settings",
	"open_point_in_time", "searchable_snapshots.clear_cache", "security.clear_api_key_cache", "security.clear_cached_privileges",
	"security.clear_cached_realms", "security.clear_cached_roles", "security.clear_cached_service_tokens",
	"simulate.ingest", "snapshot.verify_repository", "sql.clear_cursor", "sql.query", "text_structure.find_structure",
	"transform.preview_transform",
}

// changes reports whether a request may change something that stays.
func changes(d *do, req *restspec.Request) bool {
	return !req.Path.Reads() && !slices.Contains(harmless, d.name)
}

// API keys are deleted by a body, not by a path.
const (
	apiKeys = "/_security/api_key"
	keyPath = apiKeys + "?id=%s&active_only=true"
)

// keyIDs are the ids of the API keys that a request changes or invalidates.
func keyIDs(req *restspec.Request, docs []any) []string {
	if id := req.Parts["id"]; req.Path.Template == apiKeys+"/{id}" {
		return []string{id}
	}
	if req.Path.Template != apiKeys || req.Method != http.MethodDelete {
		return nil
	}
	var ids []string
	for _, doc := range docs {
		v, _ := walk(doc, []string{"ids"})
		list, _ := v.([]any)
		for _, id := range list {
			ids = append(ids, plain(id))
		}
	}
	return ids
}

// indicesIn are the indices that only a body names: those that a job writes to,
// and those whose aliases change.
func indicesIn(d *do, docs []any) []string {
	var names []string
	for _, doc := range docs {
		if v, ok := walk(doc, []string{"dest", "index"}); ok {
			names = append(names, plain(v))
		}
		if d.name != "indices.update_aliases" {
			continue
		}
		v, _ := walk(doc, []string{"actions"})
		list, _ := v.([]any)
		for _, item := range list {
			members, _ := item.(map[string]any)
			for _, action := range members {
				for _, key := range []string{"index", "indices"} {
					if v, ok := walk(action, []string{key}); ok {
						names = append(names, strings.Split(argumentText(v), ",")...)
					}
				}
			}
		}
	}
	return names
}
