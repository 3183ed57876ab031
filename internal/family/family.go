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

// Resource is something that is created and deleted.
type Resource struct {
	// Name and Plural are how steps speak of it, Kind how reports and journals
	// name it.
	Name   string `yaml:"name"`
	Plural string `yaml:"plural"`
	Kind   string `yaml:"kind"`
	// Needs are resources that have to be there before.
	Needs []string `yaml:"needs"`
	Read  View     `yaml:"read"`
	// Empty points to the list in the answer to a read that is empty where
	// there is no such thing. Without it a 404 says so.
	Empty string `yaml:"empty"`
	// Stored is where it may be read directly. Hidden: it is still there once
	// the API says that it is gone.
	Stored string `yaml:"stored"`
	Hidden bool   `yaml:"hidden"`
	// Whole: where it is stored, or else what a read shows, is all that there is
	// of it.
	Whole bool `yaml:"whole"`
	// Schema is what it has the shape of as the API shows it, StoredSchema as it
	// is stored.
	Schema       string `yaml:"schema"`
	StoredSchema string `yaml:"stored_schema"`
	// Shared: one serves all scenarios of a run that need it for something else.
	Shared bool `yaml:"shared"`
	// Parts is the kind that finds what has to be deleted before it.
	Parts  string     `yaml:"parts"`
	List   *View      `yaml:"list"`
	Create []Creation `yaml:"create"`
	// Delete are calls that delete one, the most thorough first: the next is
	// made where the target does not know the one before, which it says with
	// 400.
	Delete []Call `yaml:"delete"`
	// Calls are further ones that are about one of them.
	Calls []Call `yaml:"calls"`
	// States are what one can be brought into, that of a new one first.
	States []State `yaml:"states"`
	// Varies are pointers to what changes by itself, or is another with each.
	Varies []string `yaml:"varies"`
	// Removed are calls that delete some, beside those of Delete.
	Removed []Creation `yaml:"removed"`
	// State points to the state that one is in. Services that work with the API
	// write it themselves into what is stored.
	State string `yaml:"state"`
	// Sorts differ in more than their state.
	Sorts []Sort `yaml:"sorts"`
	// Values are calls that tell whether a field can have a value at all.
	Values []Question `yaml:"values"`
	// Touch sets a field to the time of the call.
	Touch *Touch `yaml:"touch"`
	// Numbered is a call that stores the number of a write.
	Numbered *Numbered `yaml:"numbered"`
	// Unique have to be others with each, or would reach beyond it.
	Unique []Unique `yaml:"unique"`
	// Powerful: what one says reaches beyond it, so that none is made as some
	// document says.
	Powerful bool `yaml:"powerful"`
	// Secret: the answer to a creation must not be shown.
	Secret bool `yaml:"secret"`
	// Observed is how observations name one in the place of its id, "" for "id".
	Observed string `yaml:"observed"`
	// Found are kinds that stand for several of it, found by what they belong
	// to.
	Found []Listing `yaml:"found"`
	// All lists those of every run, Noticed by one request those that are worth
	// a word when a run begins.
	All     *Listing `yaml:"all"`
	Noticed *Listing `yaml:"noticed"`
}

// Sort is one that is created with this body and goes through these calls.
type Sort struct {
	Name  string `yaml:"name"`
	Body  string `yaml:"body"`
	Calls []Call `yaml:"calls"`
}

// Question is a call that tells whether a field can have a {value}.
type Question struct {
	Field string `yaml:"field"`
	Call  `yaml:",inline"`
}

// Touch is a call, by its verb, that sets a field to the time of the call.
type Touch struct {
	By    string `yaml:"by"`
	Field string `yaml:"field"`
}

// Numbered is a call whose body has the number {n} of a write, and where that
// stands in what is read: by it a write is known again, and told from others.
type Numbered struct {
	Call `yaml:",inline"`
	At   string `yaml:"at"`
}

// Unique is a field of the body, and what its texts, or the names of its members,
// are replaced by: {id} is made up each time.
type Unique struct {
	Field string `yaml:"field"`
	As    string `yaml:"as"`
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

// State is one that a resource can be in, and the verbs that lead there from
// that of a new one.
type State struct {
	Name string   `yaml:"name"`
	By   []string `yaml:"by"`
	// Stored are the members of the stored document that say so, a JSON object.
	// Where no call leads there, or none in versions before Since, they are
	// written.
	Stored string `yaml:"stored"`
	Since  string `yaml:"since"`
}

// Listing lists things. Their ids are at a pointer into each entry of the list,
// or, without one, they are the keys of the list, which then is an object. The
// paths are tried in turn as deletions are; {from} is where a page begins.
type Listing struct {
	Kind  string   `yaml:"kind"`
	Paths []string `yaml:"paths"`
	At    string   `yaml:"at"`
	ID    string   `yaml:"id"`
	Names []string `yaml:"names"`
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

// NamesOf are what stands for the names in the paths of a resource of that id:
// one that has several segments has the ids of others in it.
func (r *Resource) NamesOf(id string) map[string]string {
	values := map[string]string{"id": id}
	if !strings.Contains(r.Read.Request.Path, "{raw}") || len(r.Create) == 0 {
		return values
	}
	names, parts := strings.Split(r.Create[0].ID, "/"), strings.Split(id, "/")
	if len(names) != len(parts) {
		return values
	}
	for i, name := range names {
		if plain, err := url.PathUnescape(parts[i]); err == nil && strings.HasPrefix(name, "{") {
			values[strings.Trim(name, "{}")] = plain
		}
	}
	return values
}

// Shown is a resource of that id in an answer to a read.
func (r *Resource) Shown(id string, answer any) (any, bool) {
	at := r.Read.At
	for name, v := range r.NamesOf(id) {
		at = strings.ReplaceAll(at, "{"+name+"}", jsonval.Escape(v))
	}
	return jsonval.Pointer(answer, at)
}

// Makeable reports whether the catalogue says how one is made: an answer that
// tells its id is to a request that it has a body for.
func (r *Resource) Makeable() bool {
	return len(r.Create) > 0 && !(strings.Contains(r.Create[0].ID, "{answer}") && r.Create[0].Body == "")
}

// Placeholder is the name under which steps save the id of a resource.
func (r *Resource) Placeholder() string {
	return strings.ToLower(strings.ReplaceAll(r.Name, " ", "_"))
}

// StoredIn is the path of the index that holds it, "" where nobody knows.
func (r *Resource) StoredIn() string {
	index, _, _ := strings.Cut(r.Stored, "/_doc/")
	return index
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

// Verb returns the call that steps speak of by a verb. Those that every
// resource has are created, read, deleted and listed.
func (r *Resource) Verb(verb string) (Call, bool) {
	switch {
	case verb == "created" && len(r.Create) > 0:
		c := r.Create[0].Call
		if r.Create[0].Path != "" {
			c.Request.Path = r.Create[0].Path
		}
		c.Request.Path = Plain(c.Request.Path)
		return c, true
	case verb == "read":
		return r.Read.Call, true
	case verb == "deleted" && len(r.Delete) > 0:
		return r.Delete[len(r.Delete)-1], true
	}
	for _, c := range r.Calls {
		if c.Verb == verb && verb != "" {
			return c, true
		}
	}
	return Call{}, false
}

// Verbs lists those that a resource has.
func (r *Resource) Verbs() []string {
	verbs := []string{"created", "read", "deleted"}
	for _, c := range r.Calls {
		if c.Verb != "" {
			verbs = append(verbs, c.Verb)
		}
	}
	return verbs
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
