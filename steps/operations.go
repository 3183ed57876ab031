package steps

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/esversion"
)

// operation is something that somebody may or may not do. {new} stands for a
// name that nothing has.
type operation struct {
	method, path, body string
	// action is what Elasticsearch calls it, privilege the least that grants
	// it, on the index where there is one (measured on 9.5.3).
	action, privilege, index string
	done                     int // the status of its success
	since                    esversion.Version
}

const (
	apiAction   = "cluster:admin/xpack/connector/"
	jobsAlias   = ".elastic-connectors-sync-jobs"
	jobsIndexV1 = jobsAlias + "-v1"
	statsBody   = `{"deleted_document_count":1,"indexed_document_count":2,"indexed_document_volume":3}`
)

// operations are those of the vocabulary.
var operations = map[string]operation{
	"create a connector": {http.MethodPut, "/_connector/{new}", `{"index_name":"{new}","service_type":"esconform","name":"{new}"}`,
		apiAction + "put", "manage_connector", "", 201, esversion.Version{}},
	"create a connector without an id": {http.MethodPost, "/_connector", `{"service_type":"esconform","name":"{new}"}`,
		apiAction + "post", "manage_connector", "", 201, esversion.Version{}},
	"read the connector":       api(http.MethodGet, "/_connector/{connector}", "", "get", "monitor_connector"),
	"list the connectors":      api(http.MethodGet, "/_connector?connector_name={connector}", "", "list", "monitor_connector"),
	"delete the connector":     api(http.MethodDelete, "/_connector/{connector}", "", "delete", "manage_connector"),
	"create a sync job":        {http.MethodPost, "/_connector/_sync_job", `{"id":"{connector}"}`, apiAction + "sync_job/post", "manage_connector", "", 201, esversion.Version{}},
	"read the sync job":        api(http.MethodGet, "/_connector/_sync_job/{sync_job}", "", "sync_job/get", "monitor_connector"),
	"list the sync jobs":       api(http.MethodGet, "/_connector/_sync_job?connector_id={connector}", "", "sync_job/list", "monitor_connector"),
	"set the stats":            api(http.MethodPut, "/_connector/_sync_job/{sync_job}/_stats", statsBody, "sync_job/update_stats", "manage_connector"),
	"check the sync job in":    api(http.MethodPut, "/_connector/_sync_job/{sync_job}/_check_in", "", "sync_job/check_in", "manage_connector"),
	"report an error":          api(http.MethodPut, "/_connector/_sync_job/{sync_job}/_error", `{"error":"e"}`, "sync_job/update_error", "manage_connector"),
	"cancel the sync job":      api(http.MethodPut, "/_connector/_sync_job/{sync_job}/_cancel", "", "sync_job/cancel", "manage_connector"),
	"delete the sync job":      api(http.MethodDelete, "/_connector/_sync_job/{sync_job}", "", "sync_job/delete", "manage_connector"),
	"claim the sync job":       since(sinceMetadata, api(http.MethodPut, "/_connector/_sync_job/{sync_job}/_claim", `{"worker_hostname":"w"}`, "sync_job/claim", "manage_connector")),
	"ask for the server":       {http.MethodGet, "/", "", "cluster:monitor/main", "monitor", "", 200, esversion.Version{}},
	"ask who they are":         {http.MethodGet, "/_security/_authenticate", "", "", "", "", 200, esversion.Version{}},
	"ask what the route takes": {http.MethodOptions, "/_connector/_sync_job/{sync_job}/_stats", "", "", "", "", 200, esversion.Version{}},

	"read the stored sync job":                          direct(http.MethodGet, "_doc", "", "indices:data/read/get", "read", jobsAlias),
	"read the stored sync job by the name of its index": direct(http.MethodGet, "_doc", "", "indices:data/read/get", "read", jobsIndexV1),
	"change the stored sync job":                        direct(http.MethodPost, "_update", `{"doc":{"worker_hostname":"w"}}`, "indices:data/write/update", "write", jobsAlias),
	"replace the stored sync job":                       direct(http.MethodPut, "_doc", `{"worker_hostname":"w"}`, "indices:data/write/index", "write", jobsAlias),
	"delete the stored sync job":                        direct(http.MethodDelete, "_doc", "", "indices:data/write/delete", "write", jobsAlias),
	"search the stored sync jobs": {http.MethodPost, "/" + jobsAlias + "/_search?size=0", `{"query":{"term":{"connector.id":"{connector}"}}}`,
		"indices:data/read/search", "read", jobsAlias, 200, esversion.Version{}},
}

func api(method, path, body, action, privilege string) operation {
	return operation{method: method, path: path, body: body, action: apiAction + action, privilege: privilege, done: http.StatusOK}
}

func direct(method, kind, body, action, privilege, index string) operation {
	return operation{method: method, path: "/" + index + "/" + kind + "/{sync_job}", body: body, action: action, privilege: privilege, index: index, done: http.StatusOK}
}

func since(v esversion.Version, o operation) operation {
	o.since = v
	return o
}

// operationNamed returns an operation of the vocabulary that the target knows.
func (w *World) operationNamed(name string) (operation, error) {
	o, ok := operations[name]
	if !ok {
		return o, fmt.Errorf("nobody can %q; operations are %s", name, strings.Join(slices.Sorted(maps.Keys(operations)), ", "))
	}
	if !w.knows(o.since) {
		return o, &SkipError{Reason: fmt.Sprintf("needs Elasticsearch %s or later to %s", o.since, name)}
	}
	return o, nil
}
