// Package falsify stands between the suite and a right server and makes one
// thing wrong at a time: one field of one kind of answer, one header, one
// status. A change that the suite does not notice is a hole in it.
package falsify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
)

// Change is one thing made wrong.
type Change struct {
	Route   string // method and path with ids replaced: PUT /_connector/_sync_job/*/_stats
	Status  int    // of the answers it is made to
	Kind    string // changed, removed, added, status, header, lost, emptied
	Pointer string // of the field or the list, the name of the header, or another status
}

// String names the change in one line.
func (c Change) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s %d %s %s", c.Route, c.Status, c.Kind, c.Pointer))
}

// Proxy passes requests on and makes at most one change. It is safe for
// concurrent use; Set may be called between runs.
type Proxy struct {
	next http.Handler

	mu     sync.Mutex
	change *Change
	made   int // how often
	seen   map[Change]int
}

// New returns a proxy before a server.
func New(next http.Handler) *Proxy { return &Proxy{next: next, seen: map[Change]int{}} }

// Set chooses what is made wrong from now on; nil makes nothing wrong.
func (p *Proxy) Set(c *Change) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.change, p.made = c, 0
}

// Made is how many answers were changed since Set.
func (p *Proxy) Made() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.made
}

// Changes lists every change that could be made to the answers that have
// passed, in a stable order.
func (p *Proxy) Changes() []Change {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.SortedFunc(maps.Keys(p.seen), func(a, b Change) int { return strings.Compare(a.String(), b.String()) })
}

// ServeHTTP passes a request on.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rec := httptest.NewRecorder()
	p.next.ServeHTTP(rec, r)
	body, status, header := rec.Body.Bytes(), rec.Code, rec.Header()
	route := Route(r.Method, r.RequestURI)
	p.mu.Lock()
	change := p.change
	if change == nil {
		p.note(route, status, header, body)
	}
	p.mu.Unlock()
	if change != nil && change.Route == route && change.Status == status {
		right := body
		status, body = change.apply(status, header, body)
		if status != rec.Code || change.Kind == "header" || !bytes.Equal(canonical(body), canonical(right)) {
			p.mu.Lock()
			p.made++
			p.mu.Unlock()
		}
	}
	for name, values := range header {
		w.Header()[name] = values
	}
	w.Header().Del("Content-Length")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, bytes.NewReader(body))
	}
}

// madeUp is a name that a run makes up.
var madeUp = regexp.MustCompile(`[^/?]*esconform-[0-9a-f]{8}-[^/?]*`)

// Route names a kind of request: ids, queries and a slash at the end are left out.
func Route(method, uri string) string {
	path, _, _ := strings.Cut(uri, "?")
	path = madeUp.ReplaceAllString(family.EmbeddedPaths().WithoutID(path, "*"), "*")
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	return method + " " + path
}

// note takes down what could be made wrong in an answer.
func (p *Proxy) note(route string, status int, header http.Header, body []byte) {
	add := func(kind, pointer string) { p.seen[Change{route, status, kind, pointer}]++ }
	add("status", "")
	for name := range header {
		if name != "Content-Length" {
			add("header", name)
		}
	}
	doc, err := jsonval.Decode(body)
	if err != nil {
		return
	}
	if object, ok := doc.(map[string]any); ok {
		add("added", "/surprise")
		walk(object, "", func(pointer string) {
			add("changed", pointer)
			add("removed", pointer)
		})
	}
}

// maxIndex is how far into arrays walk goes: what holds for the first holds
// for the others.
const maxIndex = 1

// walk visits the pointers of every value below a document's root.
func walk(v any, at string, visit func(string)) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			pointer := at + "/" + madeUp.ReplaceAllString(strings.NewReplacer("~", "~0", "/", "~1").Replace(key), "*")
			visit(pointer)
			walk(inner, pointer, visit)
		}
	case []any:
		for i, inner := range v[:min(len(v), maxIndex)] {
			pointer := at + "/" + strconv.Itoa(i)
			visit(pointer)
			walk(inner, pointer, visit)
		}
	}
}

// apply makes the change to an answer.
func (c *Change) apply(status int, header http.Header, body []byte) (int, []byte) {
	switch c.Kind {
	case "status":
		if other, err := strconv.Atoi(c.Pointer); err == nil {
			return other, body
		}
		return otherStatus(status), body
	case "emptied":
		return status, nil
	case "header":
		header.Del(c.Pointer)
		if c.Pointer == "Content-Type" {
			header.Set(c.Pointer, "text/plain")
		}
		return status, body
	}
	doc, err := jsonval.Decode(body)
	if err != nil {
		return status, body
	}
	switch c.Kind {
	case "added":
		doc.(map[string]any)["surprise"] = true
	case "lost":
		at := c.Pointer[:strings.LastIndex(c.Pointer, "/")]
		parent, _ := jsonval.Pointer(doc, at)
		members, _ := parent.(map[string]any)
		key := c.Pointer[len(at)+1:]
		if list, _ := members[key].([]any); len(list) > 0 {
			members[key] = list[1:]
		}
	default:
		edit(doc, strings.Split(c.Pointer, "/")[1:], c.Kind == "removed")
	}
	return status, jsonval.Encode(doc)
}

// canonical is a document written in the one way that equal ones are.
func canonical(body []byte) []byte {
	doc, err := jsonval.Decode(body)
	if err != nil {
		return body
	}
	return jsonval.Encode(doc)
}

func otherStatus(status int) int {
	switch status {
	case 200:
		return 202
	case 201:
		return 200
	case 404:
		return 400
	}
	return 500
}

// edit changes or removes the value at a path, where there is one.
func edit(doc any, path []string, remove bool) {
	key := strings.NewReplacer("~1", "/", "~0", "~").Replace(path[0])
	switch v := doc.(type) {
	case map[string]any:
		if key == "*" {
			for name := range v {
				edit(v, append([]string{name}, path[1:]...), remove)
			}
			return
		}
		inner, ok := v[key]
		switch {
		case !ok:
		case len(path) > 1:
			edit(inner, path[1:], remove)
		case remove:
			delete(v, key)
		default:
			v[key] = other(inner)
		}
	case []any:
		i, err := strconv.Atoi(key)
		switch {
		case err != nil || i >= len(v):
		case len(path) > 1:
			edit(v[i], path[1:], remove)
		case remove:
			v[i] = nil
		default:
			v[i] = other(v[i])
		}
	}
}

// other returns a value that is near, and wrong.
func other(v any) any {
	switch v := v.(type) {
	case string:
		if instant := regexp.MustCompile(`^\d{4}(-\d\d-\d\dT.*)$`).FindStringSubmatch(v); instant != nil {
			return "2001" + instant[1]
		}
		return v + "x"
	case json.Number:
		n, err := v.Int64()
		if err != nil {
			return json.Number("7")
		}
		return json.Number(strconv.FormatInt(n+1, 10))
	case bool:
		return !v
	case nil:
		return "x"
	case map[string]any:
		out := maps.Clone(v)
		out["surprise"] = true
		return out
	case []any:
		return append(slices.Clone(v), "surprise")
	}
	return nil
}
