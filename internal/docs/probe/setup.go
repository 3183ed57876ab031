package probe

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
)

// kind is a resource that a path parameter or a field can name.
type kind struct {
	name string
	// prefix are the path segments before the id.
	prefix []string
	// states lists what the resource can be brought into, the plainest first,
	// each with the calls that lead there.
	states []state
	// sorts are resources that differ in more than their state.
	sorts []state
	// values says how to ask whether a field can have a value at all.
	values map[string]question
	// touch is a call that sets the field touched to the current time.
	touch, touched string
	collection     string
	// scope is a query parameter by which a list shows only what this run made.
	scope string
	// index holds the stored documents, which the services that work with the
	// API write themselves.
	index string
}

type state struct {
	name  string
	steps []step
	extra map[string]any // fields that it is created with
}

// step is one call below the resource's path.
type step struct {
	suffix string
	body   string
}

var (
	claimed  = step{"/_claim", `{"worker_hostname":"esconform"}`}
	canceled = step{"/_cancel", ""}
)

// kinds are the resources that can be set up, the longer prefix first. For
// another API, a kind goes in here.
var kinds = []*kind{
	{
		name: "sync_job", prefix: []string{"_connector", "_sync_job"}, collection: "/_connector/_sync_job", index: ".elastic-connectors-sync-jobs", scope: "connector_id",
		states: []state{
			{name: "pending"},
			{name: "in_progress", steps: []step{claimed}},
			{name: "canceling", steps: []step{claimed, canceled}},
			{name: "canceled", steps: []step{canceled}},
			{name: "error", steps: []step{claimed, {"/_error", `{"error":"esconform"}`}}},
		},
		sorts: []state{
			{name: "incremental", extra: map[string]any{"job_type": "incremental", "trigger_method": "scheduled"}},
			{name: "access_control", extra: map[string]any{"job_type": "access_control"}},
		},
		values: map[string]question{
			"status":         {http.MethodGet, "/_connector/_sync_job?size=1&status={value}", ""},
			"job_type":       {http.MethodGet, "/_connector/_sync_job?size=1&job_type={value}", ""},
			"trigger_method": {http.MethodPost, "/_connector/_sync_job", `{"id":"{connector}","trigger_method":{value}}`},
		},
		touch: "/_check_in", touched: "last_seen",
	},
	{
		name: "connector", prefix: []string{"_connector"}, collection: "/_connector",
		states: []state{{name: "created"}},
		sorts: []state{{name: "with all that can be set", extra: map[string]any{"language": "en", "description": "esconform", "service_type": "esconform", "name": "esconform"}, steps: []step{
			{"/_pipeline", `{"pipeline":{"name":"esconform","extract_binary_content":true,"reduce_whitespace":true,"run_ml_inference":true}}`},
			{"/_features", `{"features":{"document_level_security":{"enabled":true},"incremental_sync":{"enabled":true},"native_connector_api_keys":{"enabled":true},"sync_rules":{"advanced":{"enabled":true},"basic":{"enabled":true}}}}`},
			{"/_api_key_id", `{"api_key_id":"esconform","api_key_secret_id":"esconform"}`},
			{"/_last_sync", `{"last_sync_error":"esconform","last_sync_status":"error","last_synced":"2023-01-02T10:00:00Z","last_sync_scheduled_at":"2023-01-02T10:00:00Z","last_indexed_document_count":1,"last_deleted_document_count":1,"last_access_control_sync_error":"esconform","last_access_control_sync_status":"error","last_access_control_sync_scheduled_at":"2023-01-02T10:00:00Z","last_incremental_sync_scheduled_at":"2023-01-02T10:00:00Z","sync_cursor":{"page":1}}`},
			{"/_check_in", ""},
			{"/_error", `{"error":"esconform"}`},
		}}},
		values: map[string]question{"status": {http.MethodPut, "/_connector/{connector}/_status", `{"status":{value}}`}},
	},
}

// reserved are path segments below a prefix that are no ids.
var reserved = map[string]bool{"_sync_job": true, "_secret": true}

// supported are the first segments of the APIs that can be set up.
const supported = "_connector"

// target is a route with its parameter bound to a kind of resource.
type target struct {
	route claim.Route
	kind  *kind // nil where the route has no parameter
	at    int   // segment of the parameter
	// creates: the call makes a new resource; whose says of which kind.
	creates bool
	whose   *kind
	last    bool // the parameter is the last segment
}

// bind finds out what a route needs. The error says why it cannot be set up.
func bind(r claim.Route) (*target, error) {
	segs := r.Segments()
	if segs[0] != supported || (len(segs) > 1 && segs[1] == "_secret") {
		return nil, fmt.Errorf("%s is not part of an API that can be set up here: only the connector and sync-job API is", r)
	}
	t := &target{route: r, at: -1}
	for i, s := range segs {
		if _, ok := claim.Param(s); !ok {
			continue
		}
		if t.kind != nil {
			return nil, fmt.Errorf("%s has more than one path parameter: nothing is known of the second", r)
		}
		for _, k := range kinds {
			if strings.Join(segs[:i], "/") == strings.Join(k.prefix, "/") {
				t.kind, t.at, t.last = k, i, i == len(segs)-1
				break
			}
		}
		if t.kind == nil {
			return nil, fmt.Errorf("%s: nothing is known of what the parameter %s names", r, s)
		}
	}
	if t.kind == nil && !harmless(r) {
		return nil, fmt.Errorf("%s has no parameter: it would change something that this run did not make", r)
	}
	t.whose = t.kind
	if t.kind == nil {
		for _, k := range kinds {
			if strings.Join(segs, "/") == strings.Join(k.prefix, "/") {
				t.whose = k
				break
			}
		}
	}
	t.creates = t.whose != nil && (t.kind == nil && (r.Method == http.MethodPost || r.Method == http.MethodPut) ||
		t.last && r.Method == http.MethodPut)
	return t, nil
}

// harmless reports whether a route without a parameter may be called: it reads,
// or it makes something new.
func harmless(r claim.Route) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	case http.MethodPost:
		return r.Path == "/_connector" || r.Path == "/_connector/_sync_job"
	case http.MethodPut:
		return r.Path == "/_connector"
	}
	return false
}

// path builds the path with the id.
func (t *target) path(id string) string {
	segs := t.route.Segments()
	if t.at >= 0 {
		segs[t.at] = url.PathEscape(id)
	}
	return "/" + strings.Join(segs, "/")
}

// instance is one resource that was made for probing.
type instance struct {
	kind  *kind
	id    string
	state string
	doc   any
}

func (in *instance) path() string {
	return "/" + strings.Join(in.kind.prefix, "/") + "/" + url.PathEscape(in.id)
}

// connector returns the id of the connector that jobs are made for.
func (b *bench) connector() (string, error) {
	if b.connectorID != "" {
		return b.connectorID, nil
	}
	id, err := b.scope.Create(b.ctx, "connector", resource.New{})
	if err != nil {
		return "", err
	}
	b.connectorID, b.made[id] = id, true
	return id, nil
}

// make creates a resource in a state. A state that the server's version does
// not know how to reach is an error.
func (b *bench) make(k *kind, st state) (*instance, error) {
	in := &instance{kind: k, state: st.name}
	var err error
	switch k.name {
	case "sync_job":
		var conn string
		if conn, err = b.connector(); err != nil {
			return nil, err
		}
		in.id, err = b.scope.Create(b.ctx, "sync_job", resource.New{Of: map[string]string{"connector": conn}, Extra: st.extra})
	default:
		var body any
		if st.extra != nil {
			body = st.extra
		}
		in.id, err = b.scope.Create(b.ctx, "connector", resource.New{Body: body})
	}
	if err != nil {
		return nil, err
	}
	b.made[in.id] = true
	for _, s := range st.steps {
		res, err := b.do("set up: "+st.name, http.MethodPut, in.path()+s.suffix, s.body)
		if err != nil {
			return nil, err
		}
		if res.Status >= 300 {
			if err := b.force(in, st.name); err != nil {
				return nil, err
			}
			break
		}
	}
	in.doc, _, err = b.read(in.path())
	return in, err
}

// force writes a status into the stored document, as connector services do:
// before 8.15 no call of the API leads to in_progress.
func (b *bench) force(in *instance, status string) error {
	unreachable := &stateError{"the server has no way to the state " + status}
	if in.kind.index == "" {
		return unreachable
	}
	res, err := b.do("set up: "+status, http.MethodPost, "/"+in.kind.index+"/_update/"+url.PathEscape(in.id)+"?refresh=true", `{"doc":{"status":"`+status+`"}}`)
	if err != nil {
		return err
	}
	if res.Status != http.StatusOK {
		return unreachable
	}
	return nil
}

// stateError says that the server knows no way to a state.
type stateError struct{ text string }

func (e *stateError) Error() string { return e.text }

// read returns a stored resource; false where there is none.
func (b *bench) read(path string) (any, bool, error) {
	res, err := b.do("read back", http.MethodGet, path, "")
	if err != nil {
		return nil, false, err
	}
	if res.Status != http.StatusOK {
		return nil, false, nil
	}
	doc, err := jsonval.Decode(res.Body)
	if err != nil {
		return nil, false, fmt.Errorf("read %s: %w", path, err)
	}
	return doc, true, nil
}
