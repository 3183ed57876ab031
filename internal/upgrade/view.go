package upgrade

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/wire"
)

// The views of a subject.
const (
	viewRead   = "by its id"
	viewList   = "in the list"
	viewAll    = "among all"
	viewStored = "as it is stored"
	viewSearch = "in a search for its id"
	viewState  = "in a search for its state"
	viewAlias  = "by its alias"
	viewCount  = "by what it counts"
	viewHolds  = "by what it holds"
)

// view is one way to look at a subject: a request, and where in the answer it is.
type view struct {
	name string
	req  wire.Request
	pick func(answer any) (any, bool)
}

// The kinds of indices, whose reads show mapping, settings and aliases, and of
// aliases.
const (
	index = "index"
	alias = "alias"
)

// views lists the views of a subject.
func views(set family.Set, s Subject) []view {
	r, known := set.Kind(s.Kind)
	if !known {
		return []view{{viewRead, get(s.ID), whole}}
	}
	out := []view{{viewRead, get(s.fill(r.Read.Request.Path)), func(answer any) (any, bool) { return shown(r, s, answer) }}}
	if l := r.List; l != nil {
		out = append(out, view{viewList, get(s.fill(l.Request.Path)), entry(l.At, l.ID, s.Of["id"])})
	}
	if a := r.All; a != nil {
		path := strings.ReplaceAll(a.Paths[len(a.Paths)-1], "{from}", "0")
		out = append(out, view{viewAll, get(s.fill(path)), entry(a.At, a.ID, s.Of["id"])})
	}
	if at := storedAt(set, r, s); at != "" {
		out = append(out, view{viewStored, get(at), whole})
	}
	if r.StoredIn() != "" {
		out = append(out, view{viewSearch, search(set, r, map[string]any{"ids": map[string]any{"values": []any{s.ID}}}), hit})
	}
	out = slices.DeleteFunc(out, func(v view) bool { return strings.Contains(v.req.Path, "{") }) // of something unknown
	if s.Kind == index {
		out = append(out, view{viewCount, get(s.fill("/{id}/_count?ignore_unavailable=true")), at("/count")})
	}
	if s.Kind == index && s.Of["alias"] == "" { // what is in those of an API is looked at one by one
		out = append(out, view{viewHolds, get(s.fill(fmt.Sprintf("/{id}/_search?ignore_unavailable=true&seq_no_primary_term=true&version=true&size=%d", mostHeld))), held})
	}
	return out
}

// ofState is the view of a subject by the state that its stored document has: a
// search for that and for its id.
func ofState(set family.Set, s Subject, stored any) (view, bool) {
	r, known := set.Kind(s.Kind)
	state, is := jsonval.Pointer(stored, "/_source"+r.State)
	if !known || r.State == "" || r.StoredIn() == "" || !is {
		return view{}, false
	}
	field := strings.ReplaceAll(strings.TrimPrefix(r.State, "/"), "/", ".")
	query := map[string]any{"bool": map[string]any{"filter": []any{
		map[string]any{"ids": map[string]any{"values": []any{s.ID}}},
		map[string]any{"term": map[string]any{field: state}},
	}}}
	return view{viewState, search(set, r, query), hit}, true
}

// listedBy are the views of a subject by the fields that a list can be asked for.
func listedBy(set family.Set, s Subject, read any) []view {
	r, known := set.Kind(s.Kind)
	if !known || r.List == nil {
		return nil
	}
	var out []view
	for _, field := range r.List.By {
		at, _ := jsonval.Pointer(read, "/"+field)
		value, isText := at.(string)
		if !isText {
			continue
		}
		path := s.fill(r.List.Request.Path)
		sign := map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]
		out = append(out, view{viewList + " by " + field, get(path + sign + field + "=" + url.QueryEscape(value)), entry(r.List.At, r.List.ID, s.Of["id"])})
	}
	return out
}

func get(path string) wire.Request { return wire.Request{Method: http.MethodGet, Path: path} }

// search asks the index that holds a resource.
func search(set family.Set, r *family.Resource, query any) wire.Request {
	body := jsonval.Encode(map[string]any{"query": query, "size": 1})
	return wire.Request{Method: http.MethodPost, Path: concrete(set, r.StoredIn()) + "/_search", Body: body}
}

// storedAt is where a subject can be read with the numbers of its document, ""
// where it is none.
func storedAt(set family.Set, r *family.Resource, s Subject) string {
	if alias := r.StoredIn(); alias != "" {
		return concrete(set, alias) + strings.TrimPrefix(s.fill(r.Stored), alias)
	}
	if r.Read.At == "/_source" {
		return s.fill(r.Read.Request.Path)
	}
	return ""
}

// concrete is the path of the index behind an alias: whether the alias is still
// there is seen elsewhere.
func concrete(set family.Set, alias string) string {
	for _, b := range set.Backings() {
		if "/"+b.Alias == alias {
			return "/" + b.Index
		}
	}
	return alias
}

// shown is a subject in an answer to a read.
func shown(r *family.Resource, s Subject, answer any) (any, bool) {
	id := s.Of["id"]
	if strings.Contains(r.Read.Request.Path, "{raw}") {
		id = s.ID
	}
	v, there := r.Shown(id, answer)
	if list, isList := jsonval.Pointer(answer, r.Empty); r.Empty != "" && isList {
		entries, _ := list.([]any)
		there = there && len(entries) > 0
	}
	return v, there
}

func whole(answer any) (any, bool) { return answer, answer != nil }

func at(pointer string) func(any) (any, bool) {
	return func(answer any) (any, bool) { return jsonval.Pointer(answer, pointer) }
}

// hit is what a search has found, without how well it fits.
func hit(answer any) (any, bool) {
	found, ok := jsonval.Pointer(answer, "/hits/hits/0")
	if members, isObject := found.(map[string]any); isObject {
		delete(members, "_score")
	}
	return found, ok
}

// mostHeld is how many documents of an index are looked at. Of more, a search
// would find some, and others the next time.
const mostHeld = 100

// held are the documents that a search has found, by their ids.
func held(answer any) (any, bool) {
	hits, _ := jsonval.Pointer(answer, "/hits/hits")
	list, _ := hits.([]any)
	docs := map[string]any{}
	for _, h := range list {
		doc, _ := hit(map[string]any{"hits": map[string]any{"hits": []any{h}}})
		id, _ := jsonval.Pointer(doc, "/_id")
		docs[fmt.Sprint(id)] = doc
	}
	return docs, len(list) < mostHeld
}

// entry is that of an id in a list; without a pointer to ids, the list is an
// object whose keys they are.
func entry(list, pointer, id string) func(any) (any, bool) {
	return func(answer any) (any, bool) {
		v, _ := jsonval.Pointer(answer, list)
		switch v := v.(type) {
		case map[string]any:
			found, is := v[id]
			return found, is
		case []any:
			i := slices.IndexFunc(v, func(e any) bool { is, _ := jsonval.Pointer(e, pointer); return is == id })
			if i >= 0 {
				return v[i], true
			}
		}
		return nil, false
	}
}
