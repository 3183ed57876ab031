package steps

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/resource"
	"github.com/esconform/esconform/internal/wire"
)

// creation is a kind of request that creates something to be deleted. The
// first group of the path, where there is one, is the id; otherwise the answer
// names it at the pointer. Where something may have been there before, the
// answer has to say at fresh that it was not.
type creation struct {
	methods string
	path    *regexp.Regexp
	status  int
	kind    string
	pointer string
	fresh   string
}

var creations = []creation{
	{"PUT", regexp.MustCompile(`^/_connector/([^/_][^/]*)$`), http.StatusCreated, resource.Connector, "", ""},
	{"PUT POST", regexp.MustCompile(`^/_connector$`), http.StatusCreated, resource.Connector, "/id", ""},
	{"POST", regexp.MustCompile(`^/_connector/_sync_job$`), http.StatusCreated, resource.SyncJob, "/id", ""},
	{"PUT", regexp.MustCompile(`^/([^/_.][^/]*)$`), http.StatusOK, resource.Index, "", ""},
	{"PUT POST", regexp.MustCompile(`^/_security/user/([^/]+)$`), http.StatusOK, resource.User, "", "/created"},
	{"PUT POST", regexp.MustCompile(`^/_security/role/([^/]+)$`), http.StatusOK, resource.Role, "", "/role/created"},
	{"PUT POST", regexp.MustCompile(`^/_security/api_key$`), http.StatusOK, resource.APIKey, "/id", ""},
}

// documentPath is a document in an index.
var documentPath = regexp.MustCompile(`^/([^/]+)/_(?:doc|create)(?:/[^/]+)?$`)

// track hands what a request created to the scope, which deletes it when the
// scenario ends. Only what the target says it created is handed over: nothing
// that was there before is ever deleted.
func (w *World) track(method, target string, res *wire.Response) {
	target, _, _ = strings.Cut(target, "?")
	if method == http.MethodDelete {
		w.trackDeletion(target, res)
		return
	}
	if w.trackOwnIndex(method, target, res) {
		return
	}
	if c, id, ok := created(method, target, res); ok {
		w.own(c.kind, id, "")
		return
	}
	if m := documentPath.FindStringSubmatch(target); m != nil && res.Status == http.StatusCreated {
		if id := stringAt(res, "/_id"); id != "" {
			w.own(resource.Document, m[1]+"/"+id, "/"+m[1]+"/_doc/"+url.PathEscape(id))
		}
	}
}

// created returns what a request has created, and its id.
func created(method, target string, res *wire.Response) (creation, string, bool) {
	for _, c := range creations {
		m := c.path.FindStringSubmatch(target)
		if m != nil && slices.Contains(strings.Fields(c.methods), method) && res.Status == c.status && c.isFresh(res) {
			id := c.id(m, res)
			return c, id, id != ""
		}
	}
	return creation{}, "", false
}

// own hands something over once.
func (w *World) own(kind, id, path string) {
	if w.owned[kind+"/"+id] {
		return
	}
	w.owned[kind+"/"+id] = true
	w.deps.Scope.Track(kind, id, path)
}

// trackOwnIndex hands over an index whose name the scenario has made up: it
// comes into being with the first document, too.
func (w *World) trackOwnIndex(method, target string, res *wire.Response) bool {
	name, _, _ := strings.Cut(strings.TrimPrefix(target, "/"), "/")
	if !w.madeUp[name] {
		return false
	}
	if method != http.MethodGet && method != http.MethodHead && res.Status/100 == 2 {
		w.own(resource.Index, name, "")
	}
	return true
}

func (c creation) id(groups []string, res *wire.Response) string {
	if len(groups) > 1 {
		id, err := url.PathUnescape(groups[1])
		if err != nil {
			return ""
		}
		return id
	}
	return stringAt(res, c.pointer)
}

func (c creation) isFresh(res *wire.Response) bool {
	if c.fresh == "" {
		return true
	}
	doc, err := res.JSON()
	if err != nil {
		return false
	}
	v, _ := jsonval.Pointer(doc, c.fresh)
	return v == true
}

// stringAt returns the string at a pointer of an answer, or "".
func stringAt(res *wire.Response, pointer string) string {
	doc, err := res.JSON()
	if err != nil {
		return ""
	}
	v, _ := jsonval.Pointer(doc, pointer)
	s, _ := v.(string)
	return s
}

// trackDeletion notes that the scenario has deleted a sync job itself.
func (w *World) trackDeletion(target string, res *wire.Response) {
	if id, ok := strings.CutPrefix(target, jobPath("")); ok && res.Status == http.StatusOK {
		w.deps.Scope.Forget(resource.SyncJob, id)
	}
}

// saveName makes up a name.
func (w *World) saveName(name string) error {
	if !placeholder.MatchString("{" + name + "}") {
		return fmt.Errorf("save a name as %q: it begins with a small letter and has small letters, digits, - and _", name)
	}
	id := w.deps.Scope.NewID()
	w.saved[name], w.madeUp[id] = id, true
	return nil
}
