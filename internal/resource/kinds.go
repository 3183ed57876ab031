package resource

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/result"
)

// The kinds of resources, as reports and journals name them.
const (
	Connector = "connector"
	SyncJob   = "sync_job"
	Index     = "index"
	Document  = "document" // its id is index/_doc/id, as in its path
	User      = "user"
	Role      = "role"
	APIKey    = "api_key"    // by its name, which only the run's own keys have
	APIKeyID  = "api_key_id" // by its id

	// Things whose ids only the target knows are found by what they belong to.
	jobsOf          = "sync_jobs_of"     // a connector
	connectorsNamed = "connectors_named" // a name
)

// kind is what there is to know of one kind of resources. In paths and bodies
// {id} stands for the id, escaped for where it stands; {raw} for the id as it
// is.
type kind struct {
	name string
	// path reads one of them. 404 says that it is not there, or, where list is
	// set, an empty list at that pointer.
	path, list string
	// deletes delete one of them, the most thorough first: the next is sent
	// where the target does not know the one before, which it says with 400.
	deletes []request
	// stored reads what the API hides once it is marked as deleted. Not every
	// account may read it.
	stored string
	// members is set where this kind stands for others, of the kind of, which
	// are found like this.
	members *listing
	of      string
	// parts is the kind of what has to be found and deleted before.
	parts string
	// creations are the requests that create one.
	creations []creation
	// all lists those of every run.
	all *listing
}

// request is a request of the cleanup.
type request struct{ method, path, body string }

// listing lists things of a kind. Their ids are at a pointer into each entry
// of the list, or, without one, they are the keys of the list, which then is
// an object. The paths are tried in turn as deletions are; {from} is where a
// page begins.
type listing struct {
	paths    []string
	list, id string
	names    []string // pointers into an entry, one of which has the name
}

// creation is a request that creates something. In its id, {1} and {2} stand
// for the groups of the path, {body} for the name in the request's body and
// {answer} for the id in the answer, each at its pointer.
type creation struct {
	methods      string
	path         *regexp.Regexp
	id           string
	body, answer string
	own          bool // only what has a name of the run's own
	status       int  // of an answer that says so
	// fresh points to what tells whether it was not there before. It may be
	// missing only where the status tells as much.
	fresh string
	is    any
	// by finds what was created where the answer does not tell its id, with
	// the name in the body.
	by string
}

// page is how many entries of a list are asked for at once.
const page = 1000

// kinds are all of them, in the order in which they are deleted.
var kinds = []*kind{
	{
		name: SyncJob, path: "/_connector/_sync_job/{id}", deletes: plain("/_connector/_sync_job/{id}"),
		creations: []creation{{
			methods: "POST", path: regexp.MustCompile(`^/_connector/_sync_job/*$`), id: "{answer}", answer: "/id",
			status: http.StatusCreated, by: jobsOf, body: "/id",
		}},
		all: &listing{
			paths: []string{"/_connector/_sync_job?from={from}&size=1000&filter_path=results.id,results.connector.id"},
			list:  "/results", id: "/id", names: []string{"/connector/id"},
		},
	},
	{
		name: jobsOf, of: SyncJob, members: &listing{
			paths: []string{"/_connector/_sync_job?connector_id={id}&size=1000&filter_path=results.id"}, list: "/results", id: "/id",
		},
	},
	{
		name: connectorsNamed, of: Connector, members: &listing{
			paths: []string{"/_connector?connector_name={id}&size=1000&filter_path=results.id"}, list: "/results", id: "/id",
		},
	},
	{
		name: Connector, path: "/_connector/{id}", stored: "/.elastic-connectors/_doc/{id}", parts: jobsOf,
		// Versions before 9.0 know no ?hard; they delete for real without it.
		deletes: []request{{http.MethodDelete, "/_connector/{id}?hard=true", ""}, {http.MethodDelete, "/_connector/{id}", ""}},
		creations: []creation{
			{
				methods: "PUT", path: regexp.MustCompile(`^/_connector/([^/_][^/]*)/*$`), id: "{1}",
				status: http.StatusCreated, fresh: "/result", is: "created",
			},
			{
				methods: "PUT POST", path: regexp.MustCompile(`^/_connector/*$`), id: "{answer}", answer: "/id",
				status: http.StatusCreated, fresh: "/result", is: "created", by: connectorsNamed, body: "/name",
			},
		},
		all: &listing{
			list: "/results", id: "/id", names: []string{"/id", "/name"}, paths: []string{
				"/_connector?from={from}&size=1000&include_deleted=true&filter_path=results.id,results.name",
				"/_connector?from={from}&size=1000&filter_path=results.id,results.name",
			},
		},
	},
	{
		name: Index, path: "/{id}", deletes: plain("/{id}"),
		creations: []creation{
			// One with a name of the run's own also comes into being by
			// whatever is written into it.
			{methods: "PUT POST", path: regexp.MustCompile(`^/([^/_.][^/]*)(?:/.*)?$`), id: "{1}", own: true, status: http.StatusOK},
			{methods: "PUT", path: regexp.MustCompile(`^/([^/_.][^/]*)/*$`), id: "{1}", status: http.StatusOK},
		},
		all: &listing{
			paths: []string{"/_cat/indices/{id}*?format=json&h=index&expand_wildcards=all"}, id: "/index", names: []string{"/index"},
		},
	},
	{
		name: Document, path: "/{raw}", deletes: plain("/{raw}"),
		creations: []creation{
			{
				methods: "PUT POST", path: regexp.MustCompile(`^/([^/_][^/]*)/_(?:doc|create)/([^/]+)/*$`), id: "{1}/_doc/{2}",
				status: http.StatusCreated, fresh: "/result", is: "created",
			},
			{
				methods: "POST", path: regexp.MustCompile(`^/([^/_][^/]*)/_doc/*$`), id: "{1}/_doc/{answer}", answer: "/_id",
				status: http.StatusCreated, fresh: "/result", is: "created",
			},
		},
	},
	{
		// It can be read for some time after it was made useless.
		name: APIKey, path: "/_security/api_key?name={id}&active_only=true", list: "/api_keys",
		deletes: []request{{http.MethodDelete, "/_security/api_key", `{"name":{id}}`}},
		creations: []creation{{
			methods: "PUT POST", path: regexp.MustCompile(`^/_security/api_key/*$`), id: "{body}", body: "/name", own: true, status: http.StatusOK,
		}},
		all: &listing{
			paths: []string{"/_security/api_key?name={id}*&active_only=true&filter_path=api_keys.name"},
			list:  "/api_keys", id: "/name", names: []string{"/name"},
		},
	},
	{
		name: APIKeyID, path: "/_security/api_key?id={id}&active_only=true", list: "/api_keys",
		deletes: []request{{http.MethodDelete, "/_security/api_key", `{"ids":[{id}]}`}},
		creations: []creation{{
			methods: "PUT POST", path: regexp.MustCompile(`^/_security/api_key/*$`), id: "{answer}", answer: "/id", status: http.StatusOK,
		}},
	},
	{
		name: User, path: "/_security/user/{id}", deletes: plain("/_security/user/{id}"),
		creations: []creation{{
			methods: "PUT POST", path: regexp.MustCompile(`^/_security/user/([^/_][^/]*)/*$`), id: "{1}",
			status: http.StatusOK, fresh: "/created", is: true,
		}},
		all: &listing{paths: []string{"/_security/user?filter_path={id}*.username"}},
	},
	{
		name: Role, path: "/_security/role/{id}", deletes: plain("/_security/role/{id}"),
		creations: []creation{{
			methods: "PUT POST", path: regexp.MustCompile(`^/_security/role/([^/_][^/]*)/*$`), id: "{1}",
			status: http.StatusOK, fresh: "/role/created", is: true,
		}},
		all: &listing{paths: []string{"/_security/role?filter_path={id}*.cluster"}},
	},
}

func plain(path string) []request { return []request{{http.MethodDelete, path, ""}} }

// kindNamed returns the kind of that name, or nil.
func kindNamed(name string) *kind {
	i := slices.IndexFunc(kinds, func(k *kind) bool { return k.name == name })
	if i < 0 {
		return nil
	}
	return kinds[i]
}

// rank is when in the order of deletion a kind's turn comes.
func (k *kind) rank() int { return slices.Index(kinds, k) }

// raw reports whether ids stand in paths as they are.
func (k *kind) raw() bool { return strings.Contains(k.path, "{raw}") }

// fill puts an id into a path.
func fill(path, id string) string {
	escape := url.PathEscape
	before, query, has := strings.Cut(path, "?")
	before = strings.ReplaceAll(strings.ReplaceAll(before, "{id}", escape(id)), "{raw}", id)
	if !has {
		return before
	}
	return before + "?" + strings.ReplaceAll(query, "{id}", url.QueryEscape(id))
}

// about returns the request for one id.
func (r request) about(id string) request {
	return request{r.method, fill(r.path, id), strings.ReplaceAll(r.body, "{id}", string(jsonval.Encode(id)))}
}

// message is the request as reports show it.
func (r request) message() result.Message {
	m := result.Message{Method: r.method, Path: r.path, Body: r.body}
	if r.body != "" {
		m.Headers = map[string][]string{"Content-Type": {"application/json"}}
	}
	return m
}
