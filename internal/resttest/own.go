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

// owned knows what a test may change in a target that is not its own, and what
// it made.
type owned struct {
	checked bool
	names   map[string]bool   // paths that nothing was at before the test, or that it made
	held    map[string]string // paths of what the scope deletes, with their kinds
}

func newOwned() owned { return owned{names: map[string]bool{}, held: map[string]string{}} }

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
	}
	for _, p := range mustOwn(x.test.spec, d, req, body) {
		if !x.own.names[p.path] {
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
		if changes(d, req) && unbounded(x.test.spec, d, req, body) {
			return refuse("%s (line %d) would change what the test does not name, or names with a wildcard", d.name, d.line)
		}
		for _, p := range mustOwn(x.test.spec, d, req, body) {
			if x.own.names[p.path] || p.stashed {
				continue
			}
			if err := absent(ctx, session, p); err != nil {
				return err
			}
			x.own.names[p.path] = true
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
	stashed     bool // an answer will tell its name
}

// indexTemplate is where an index lives.
const indexTemplate = "/{index}"

// mustOwn lists what a request changes.
func mustOwn(spec *restspec.Spec, d *do, req *restspec.Request, body document) []place {
	if !changes(d, req) {
		return nil
	}
	var out []place
	if template, ok := spec.Owner(req.Path); ok {
		out = append(out, places(spec, template, req.Parts)...)
	}
	for _, id := range keyIDs(req, body.docs) {
		out = append(out, place{path: keyPath(id), reads: http.MethodGet, stashed: refers(id)})
	}
	names, _ := inBody(d, req, body)
	for _, name := range names {
		out = append(out, places(spec, indexTemplate, map[string]string{"index": name})...)
	}
	for _, part := range newIndexParts {
		if name := req.Parts[part]; name != "" {
			out = append(out, places(spec, indexTemplate, map[string]string{"index": name})...)
		}
	}
	return out
}

// newIndexParts are the parts of paths that name an index which the call makes.
var newIndexParts = []string{"target", "new_index", "target_index"}

// places fills a template, once for each item of a list in its last part.
func places(spec *restspec.Spec, template string, parts map[string]string) []place {
	last := template[strings.LastIndex(template, "{")+1 : len(template)-1]
	var out []place
	for _, name := range strings.Split(parts[last], ",") {
		values := map[string]string{}
		for k, v := range parts {
			values[k] = v
		}
		values[last] = name
		p := place{path: restspec.Fill(template, values), reads: spec.Reads(template)}
		p.stashed = refersAny(values)
		out = append(out, p)
	}
	return out
}

func refersAny(parts map[string]string) bool {
	for _, v := range parts {
		if refers(v) {
			return true
		}
	}
	return false
}

// harmless are calls by another method than GET that change nothing which
// anybody keeps.
var harmless = []string{
	"clear_scroll", "close_point_in_time", "esql.query", "eql.search", "graph.explore", "indices.clear_cache", "indices.flush",
	"indices.forcemerge", "indices.refresh", "indices.simulate_index_template", "indices.simulate_template", "ingest.simulate",
	"ml.estimate_model_memory", "ml.evaluate_data_frame", "ml.validate", "ml.validate_detector", "open_point_in_time",
	"simulate.ingest", "snapshot.verify_repository", "sql.clear_cursor", "sql.query", "text_structure.find_structure",
	"transform.preview_transform",
}

// changes reports whether a request may change something that stays.
func changes(d *do, req *restspec.Request) bool {
	return !req.Path.Reads() && !slices.Contains(harmless, d.name)
}

// unbounded reports whether a request changes what it does not name one by one.
func unbounded(spec *restspec.Spec, d *do, req *restspec.Request, body document) bool {
	for _, v := range req.Parts {
		for _, name := range strings.Split(v, ",") {
			if strings.ContainsAny(name, "*<") || name == "_all" || strings.HasPrefix(name, "-") {
				return true
			}
		}
	}
	names, bounded := inBody(d, req, body)
	if slices.ContainsFunc(names, func(n string) bool { return strings.ContainsAny(n, "*<") || n == "_all" }) {
		return true
	}
	if _, ok := spec.Owner(req.Path); ok || bounded {
		return false
	}
	_, _, collection := spec.Member(req.Path.Template)
	return !collection || req.Method != http.MethodPost
}

// apiKeys is where API keys are made; they are deleted by a body, not a path.
const apiKeys = "/_security/api_key"

// inBody lists the indices that a request changes and that only its body
// names. The second result is false where the body does not tell.
func inBody(d *do, req *restspec.Request, body document) (names []string, bounded bool) {
	switch d.name {
	case "bulk":
		return bulkNames(req, body.docs)
	case "indices.update_aliases":
		return aliasNames(body.docs)
	}
	for _, doc := range body.docs { // of a reindex, a transform, an analysis
		if v, ok := walk(doc, []string{"dest", "index"}); ok {
			names = append(names, plain(v))
		}
	}
	key := req.Path.Template == apiKeys && (req.Method != http.MethodDelete || len(keyIDs(req, body.docs)) > 0)
	return names, key || len(names) > 0
}

// keyIDs are the ids of the API keys that a request invalidates.
func keyIDs(req *restspec.Request, docs []any) []string {
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

func keyPath(id string) string { return apiKeys + "?id=" + url.QueryEscape(id) }

func bulkNames(req *restspec.Request, docs []any) (names []string, bounded bool) {
	for i := 0; i < len(docs); i++ {
		members, _ := docs[i].(map[string]any)
		for operation, v := range members {
			name, _ := walk(v, []string{"_index"})
			if name == nil && req.Parts["index"] == "" {
				return nil, false
			}
			if name != nil {
				names = append(names, plain(name))
			}
			if operation != "delete" {
				i++ // its document follows
			}
		}
	}
	return names, true
}

func aliasNames(docs []any) (names []string, bounded bool) {
	for _, doc := range docs {
		v, _ := walk(doc, []string{"actions"})
		list, _ := v.([]any)
		for _, item := range list {
			members, _ := item.(map[string]any)
			for _, action := range members {
				for _, key := range []string{"index", "indices"} {
					v, ok := walk(action, []string{key})
					if ok {
						names = append(names, strings.Split(argumentText(v), ",")...)
					}
				}
			}
		}
	}
	return names, len(names) > 0
}

// holds hands over to the scope what a request made, and what it deleted. res
// is nil where no answer came: the thing may be there all the same.
func (x *Execution) holds(req *restspec.Request, body document, res *wire.Response) {
	refused := res != nil && res.Status >= 400 && res.Status < 500
	if refused || req.Path.Reads() && req.Method != http.MethodDelete {
		return
	}
	for _, m := range x.made(req, body, res) {
		x.own.names[m.path] = true
		if kind := x.own.held[m.path]; req.Method == http.MethodDelete && kind != "" && res != nil {
			delete(x.own.held, m.path)
			x.env.Scope.Forget(kind, m.id)
		} else if req.Method != http.MethodDelete && kind == "" {
			x.own.held[m.path] = m.kind
			x.env.Scope.Track(m.kind, m.id, m.path)
		}
	}
}

// thing is something that a request made or deleted.
type thing struct{ kind, id, path string }

// made lists what a request makes or deletes: what lives at its own path, the
// index that a document goes to, the indices that its body names, and the
// member of a collection whose id the answer tells.
func (x *Execution) made(req *restspec.Request, body document, res *wire.Response) []thing {
	spec, template := x.test.spec, req.Path.Template
	var out []thing
	switch {
	case strings.HasPrefix(template, indexTemplate+"/"):
		if slices.Contains(documentPaths, strings.Split(template, "/")[2]) && req.Method != http.MethodDelete {
			out = append(out, indices(strings.Split(req.Parts["index"], ","))...)
		}
	case template == indexTemplate:
		out = append(out, indices(strings.Split(req.Parts["index"], ","))...)
	default:
		if api, ok := spec.Deletes(template); ok && len(req.Parts) > 0 {
			for _, p := range places(spec, template, req.Parts) {
				out = append(out, thing{kindOf(api.Name), p.path, p.path})
			}
		}
	}
	if d := (&do{name: req.API.Name}); req.Method != http.MethodDelete {
		names, _ := inBody(d, req, body)
		for _, part := range newIndexParts {
			names = append(names, req.Parts[part])
		}
		if d.name == "indices.update_aliases" {
			names = nil // it makes no index
		}
		out = append(out, indices(names)...)
		out = append(out, x.member(req, res)...)
	}
	return out
}

// documentPaths follow the name of an index in calls that make it where it is
// not there.
var documentPaths = []string{"_doc", "_create", "_update", "_bulk"}

func indices(names []string) []thing {
	var out []thing
	for _, name := range names {
		if name != "" && !strings.ContainsAny(name, "*<$") {
			out = append(out, thing{resource.Index, name, "/" + url.PathEscape(name)})
		}
	}
	return out
}

// member is what the answer to a POST to a collection says that it made, and
// the index that a rollover says it made.
func (x *Execution) member(req *restspec.Request, res *wire.Response) []thing {
	if res == nil {
		return nil
	}
	doc, err := res.JSON()
	if err != nil {
		return nil
	}
	var out []thing
	if v, ok := walk(doc, []string{"new_index"}); ok && req.API.Name == "indices.rollover" {
		out = indices([]string{plain(v)})
	}
	v, ok := walk(doc, []string{"id"})
	id, isText := v.(string)
	if !ok || !isText {
		return out
	}
	if req.Path.Template == apiKeys {
		return append(out, thing{resource.APIKey, id, keyPath(id)})
	}
	template, last, ok := x.test.spec.Member(req.Path.Template)
	if !ok || req.Method != http.MethodPost {
		return out
	}
	api, _ := x.test.spec.Deletes(template)
	return append(out, thing{kindOf(api.Name), id, restspec.Fill(template, map[string]string{last: id})})
}

// kindOf names what an API deletes.
func kindOf(api string) string {
	switch api {
	case "connector.delete":
		return resource.Connector
	case "connector.sync_job_delete":
		return resource.SyncJob
	}
	_, name, below := strings.Cut(api, ".")
	if !below {
		name = api
	}
	return strings.TrimPrefix(name, "delete_")
}
