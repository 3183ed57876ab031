// Package family reads what is known of APIs: catalogues, one YAML file for a
// family of endpoints. It is plain data; nothing in Go knows an API.
package family

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
)

// Family is what is known of one family of endpoints. In paths and bodies {id}
// stands for the id of the resource that they are about, {raw} for one that
// has several segments, and other names for whatever stands there.
type Family struct {
	Name  string `yaml:"api"`
	Title string `yaml:"title"`
	// Since is the first version that has it, "" where that does not matter.
	Since string `yaml:"since"`
	// Route is a call that a target has if, and only if, it has the family.
	Route Request `yaml:"route"`
	// Needs are what a target has to have beside it, as tags @needs: say it.
	Needs []string `yaml:"needs"`
	// Apart are the paths below its own that belong to other APIs.
	Apart []string `yaml:"apart"`
	// Ready says how to see that it can be written to; nil where it always can.
	Ready     *Ready     `yaml:"ready"`
	Resources []Resource `yaml:"resources"`
	Settings  []Setting  `yaml:"settings"`
	// Calls are those that are about no resource in particular.
	Calls []Call `yaml:"calls"`
}

// Ready says what to wait for before anything is written, and what to say where
// that fails.
type Ready struct {
	// Indices hold what the API stores. Each is made by the first write to it,
	// with mapping and alias out of an index template: a node that has just
	// started answers before it has installed its templates, and an index made
	// in between lacks both for good.
	Indices []Backing `yaml:"indices"`
	// Try is the resource that is created, read and deleted.
	Try string `yaml:"try"`
	// Forbidden is the advice where the account may not do that, Absent where
	// there is no such call.
	Forbidden string `yaml:"forbidden"`
	Absent    string `yaml:"absent"`
}

// Backing is an index in which an API keeps what it stores.
type Backing struct {
	Index    string `yaml:"index"`
	Alias    string `yaml:"alias"`
	Template string `yaml:"template"`
	// Heeded are fields that the API searches for although the mapping of some
	// versions may lack them: where it does, what is required of such searches
	// cannot be expected.
	Heeded []string `yaml:"heeded"`
}

// Backings are the indices in which the APIs of a set keep what they store.
func (s Set) Backings() []Backing {
	var out []Backing
	for _, f := range s {
		if f.Ready != nil {
			out = append(out, f.Ready.Indices...)
		}
	}
	return out
}

// Call is one request.
type Call struct {
	// Verb is how steps speak of it, a participle; "" for a call that no step
	// makes.
	Verb    string  `yaml:"verb"`
	Request Request `yaml:"request"`
	// Body is the least that it takes.
	Body string `yaml:"body"`
	// Action is what Elasticsearch calls it, Privilege the least that grants it.
	Action    string    `yaml:"action"`
	Privilege Privilege `yaml:"privilege"`
	Since     string    `yaml:"since"`
	// Changes marks a call that nothing can undo, Reads one that changes nothing
	// anywhere.
	Changes bool `yaml:"changes"`
	Reads   bool `yaml:"reads"`
	// Told points to the list in the answer to a deletion that holds what was
	// deleted. Without it the status says so.
	Told string `yaml:"told"`
	// Explored describes what generated calls are made of; nil for none.
	Explored *Explored `yaml:"explored"`
}

// Explored is a call whose laws generated bodies are to keep.
type Explored struct {
	ID     string  `yaml:"id"`
	Name   string  `yaml:"name"`
	Fields []Field `yaml:"fields"`
}

// Field is one of a body: a count, which is cut to an integer, an instant,
// which is the time of the call where it is left out, or an object, which is
// merged into what is stored.
type Field struct {
	Name     string `yaml:"name"`
	Type     string `yaml:"type"`
	Required bool   `yaml:"required"`
}

// Privilege is one of the cluster, or one on an index.
type Privilege struct {
	Cluster string `yaml:"cluster"`
	Index   string `yaml:"index"`
}

// View is a call that shows something, which stands at a pointer of its answer.
type View struct {
	Call `yaml:",inline"`
	At   string `yaml:"at"`
	// ID points into each entry of a list to its id, or into the answer to a read.
	ID string `yaml:"id"`
	// By are fields of a resource by which a list can be asked for less.
	By []string `yaml:"by"`
}

// Creation is a call that creates something. Its ID is made of the names in
// the path; {body} is the name in the request's body, {answer} the id in the
// answer, each at its pointer.
type Creation struct {
	Call   `yaml:",inline"`
	ID     string `yaml:"id"`
	Answer string `yaml:"answer"`
	Named  *struct {
		At    string `yaml:"at"`
		Found string `yaml:"found"` // the kind that finds it by that name
	} `yaml:"named"`
	// Query are parameters that its id ends with where they are given: without
	// them it is not found.
	Query []string `yaml:"query"`
	// Own: only what has a name of the run's own is created by it.
	Own bool `yaml:"own"`
	// Path is what stands in the place of the request's path where steps make
	// the call.
	Path   string `yaml:"path"`
	Status int    `yaml:"status"`
	// Fresh tells whether it was not there before.
	Fresh Fresh `yaml:"fresh"`
	// Each creates one for each entry; {/x} in the ID points into the entry, {1}
	// is the key that the first * of the pointer stands for.
	Each *Each `yaml:"each"`
	// Brings is something that comes into being with it where it was not there.
	Brings *Brings `yaml:"brings"`
	// Maybe: it need not create anything; then the answer tells no id.
	Maybe bool `yaml:"-"`
}

// Brings is what comes into being with something else.
type Brings struct {
	Kind string `yaml:"kind"`
	ID   string `yaml:"id"`
	Each `yaml:",inline"`
}

// Each finds entries in the request's body, in its lines or in the answer. In
// the pointer * stands for all members.
type Each struct {
	Of string `yaml:"of"`
	At string `yaml:"at"`
}

// Fresh tells whether something is new: the answer does, at a pointer, or,
// where it does not, the target is asked before.
type Fresh struct {
	At    string
	Is    any
	Asked bool
}

// Setting is a call that changes what is always there, and how that is read: it
// is put back afterwards.
type Setting struct {
	Name    string  `yaml:"name"`
	Kind    string  `yaml:"kind"`
	Request Request `yaml:"request"`
	Read    Request `yaml:"read"`
	// Sections are the members of the request and of what is read that hold
	// settings. Each is set instead where the answer has a member for each thing
	// that the request is about: the pointer leads from there to its settings.
	Sections []string `yaml:"sections"`
	Each     string   `yaml:"each"`
	// Prefix may be left out of names.
	Prefix string `yaml:"prefix"`
}

// Request is a method and a path, as in "PUT /_connector/{id}".
type Request struct {
	Methods []string
	Path    string
	pattern *regexp.Regexp
	names   []string
}

// Method is the one that steps use.
func (r Request) Method() string {
	if len(r.Methods) == 0 {
		return ""
	}
	return r.Methods[0]
}

// String is the request as it is written.
func (r Request) String() string { return strings.Join(r.Methods, "|") + " " + r.Path }

// Is reports whether a request, its path without a query, is this one, and
// what stands where the path has names.
func (r Request) Is(method, path string) (map[string]string, bool) {
	if r.pattern == nil || !slices.Contains(r.Methods, method) {
		return nil, false
	}
	m := r.pattern.FindStringSubmatch(path)
	if m == nil {
		return nil, false
	}
	values := map[string]string{}
	for i, name := range r.names {
		values[name] = m[i+1]
	}
	return values, true
}

// Fill puts values into a path, escaped for where they stand. Names without a
// value stay.
func Fill(path string, values map[string]string) string {
	before, query, has := strings.Cut(path, "?")
	for name, v := range values {
		before = strings.ReplaceAll(before, "{"+name+"}", url.PathEscape(v))
		query = strings.ReplaceAll(query, "{"+name+"}", url.QueryEscape(v))
	}
	before = strings.ReplaceAll(before, "{raw}", values["id"])
	if !has {
		return before
	}
	return before + "?" + query
}

// FillBody puts values into the strings of a JSON text. Names without a value
// stay.
func FillBody(body string, values map[string]string) string {
	for name, v := range values {
		text := jsonval.Encode(v)
		body = strings.ReplaceAll(body, "{"+name+"}", string(text[1:len(text)-1]))
	}
	return body
}

// StoredAt is the index of a resource that a path speaks of directly, or "".
func (s Set) StoredAt(path string) string {
	for _, f := range s {
		for i := range f.Resources {
			if index := f.Resources[i].StoredIn(); index != "" && strings.HasPrefix(path, index+"/") {
				return index[1:]
			}
		}
	}
	return ""
}

// Found is what the catalogues say of a request.
type Found struct {
	// Resource is what it is about, nil where it is about none in particular.
	Resource *Resource
	Call     Call
	// Creation: it creates one. Lists: it shows a list of them.
	Creation *Creation
	Lists    bool
	Values   map[string]string // for the names in the path
}

// Find returns what a set says of a request, its path without a query.
func (s Set) Find(method, path string) (Found, bool) {
	for _, f := range s {
		for i := range f.Resources {
			if found, ok := f.Resources[i].find(method, path); ok {
				return found, true
			}
		}
		for _, c := range f.Calls {
			if values, ok := c.Request.Is(method, path); ok {
				return Found{Call: c, Values: values}, true
			}
		}
	}
	return Found{}, false
}

func (r *Resource) find(method, path string) (Found, bool) {
	calls := append([]Call{r.Read.Call}, append(slices.Clone(r.Delete), r.Calls...)...)
	for _, c := range calls {
		if values, ok := c.Request.Is(method, path); ok {
			return Found{Resource: r, Call: c, Values: values}, true
		}
	}
	for i := range r.Create {
		if values, ok := r.Create[i].Request.Is(method, path); ok && !r.Create[i].Own {
			return Found{Resource: r, Call: r.Create[i].Call, Creation: &r.Create[i], Values: values}, true
		}
	}
	if r.List != nil {
		if values, ok := r.List.Request.Is(method, path); ok {
			return Found{Resource: r, Call: r.List.Call, Lists: true, Values: values}, true
		}
	}
	return Found{}, false
}
