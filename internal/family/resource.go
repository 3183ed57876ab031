package family

import (
	"net/url"
	"strings"

	"github.com/esconform/esconform/internal/jsonval"
)

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
