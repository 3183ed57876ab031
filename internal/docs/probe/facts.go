// Package probe finds out how a server behaves where a reference page makes a
// claim: it sends requests and records what came back. It judges nothing.
package probe

import (
	"strings"

	"github.com/esconform/esconform/internal/docs/claim"
)

// Call is one request to the API that a page describes, and what came of it.
type Call struct {
	Purpose string
	Route   claim.Route
	State   string // of the resource before the call
	Path    string // as sent, with query
	// Resource is the path of the resource that the call was about, if any.
	Resource string
	Sent     any // the body
	Status   int
	Type     string // error.type, where there is one
	Reason   string // error.reason or the error as text
	Body     string // of the answer
	JSON     any    // the answer, nil where it is no JSON
	Before   any    // the stored resource before the call, where there was one
	After    any    // and after it
	Gone     bool   // the resource was not to be found afterwards
	Index    int    // of the exchange in the session
}

// OK reports whether the call succeeded.
func (c *Call) OK() bool { return c != nil && c.Status >= 200 && c.Status < 300 }

// Has reports whether the body that was sent has the field.
func (c *Call) Has(name string) bool {
	_, has := c.Value(name)
	return has
}

// Value is what the body that was sent has at a dotted name.
func (c *Call) Value(name string) (any, bool) { return lookup(c.Sent, name) }

// Names reports whether the error answer mentions the name.
func (c *Call) Names(name string) bool {
	return c != nil && name != "" && strings.Contains(c.Body, name)
}

// Trial is one value that was tried for a field.
type Trial struct {
	Sample string // what kind of value it is
	Value  any
	Call   *Call
	Stored any // where it was found in the resource afterwards
	Found  bool
}

// FieldFacts is what was found out about a field of the request.
type FieldFacts struct {
	Name string
	In   claim.Where
	// Refused is the answer that calls the field unknown.
	Refused *Call
	// Sent is a call that held the field and succeeded; Stored what it left.
	Sent   *Call
	Value  any
	Stored any
	Found  bool
	// Omitted is a call that was like Sent but for this field.
	Omitted *Call
	// Left is what the field is after Omitted, LeftBefore what it was.
	Left, LeftBefore any
	Kept             bool // Left is there, be it null
	Trials           []Trial
	Widths           []Trial // integers of growing size
	Null             *Trial  // null after another value
	Merge            *Call   // shows that an object is merged into what is stored
	Listed           map[string]*Call
	// Ref is the kind of resource that the value names.
	Ref string
	// List is the answer to several values at once, each of which is taken
	// alone.
	List       *Call
	ListValues []string
	Selects    map[string]bool // by value, whether alone it selects something
	// Filters is set for a query parameter that selects: by value, whether
	// every result had it.
	Filters map[string]bool
	// DefaultProof are the calls that show what holds without the field.
	DefaultProof []*Call
	DefaultFound string
}

// Trial returns the trial of that sample.
func (f *FieldFacts) Trial(sample string) *Trial {
	for i := range f.Trials {
		if f.Trials[i].Sample == sample {
			return &f.Trials[i]
		}
	}
	return nil
}

// RouteFacts is what was found out about one route.
type RouteFacts struct {
	Route claim.Route
	// NotRun says why nothing could be found out, "" where it could.
	NotRun string
	// NoRoute is the answer that says that there is no such route.
	NoRoute *Call
	// Failed is the last answer where no request succeeded.
	Failed *Call
	OK     *Call // a request that succeeded
	Body   map[string]any
	Fields map[string]*FieldFacts // by where and name
	// Needed are the fields that the server says are required.
	Needed map[string]*Call
	// Codes are the answers that proper use of the route brought about.
	Codes map[int]*Call
	// Uncommon are answers to what any API refuses: unknown parameters, a body
	// where none belongs.
	Uncommon map[int]*Call
	// Exclusives are fields that exclude each other, OneOf those of which one
	// is needed.
	Exclusives []Together
	OneOf      *Together
	ByState    map[string]*Call // the same request in each state
	Unknown    *Call            // for a resource that does not exist
	NoParam    *Call            // without the path parameter
	NoBody     *Call            // without any body
	Extra      []*FieldFacts    // fields that were accepted and that nobody documented
	// Later is a time that the server set after OK.
	Later string
	// Values holds the calls that ask whether a field can have a value, by
	// ValueKey.
	Values map[string]*Call
	// Answers are the successful answers, in their order; of lists they have
	// only what was made here.
	Answers []*Call
	// Order is the order of three resources that were created one after the
	// other: "ascending", "descending", or "" where it could not be told.
	Order     string
	OrderCall *Call
}

// Field returns the facts on a field, or nil.
func (r *RouteFacts) Field(w claim.Where, name string) *FieldFacts {
	return r.Fields[string(w)+" "+name]
}

func (r *RouteFacts) field(w claim.Where, name string) *FieldFacts {
	k := string(w) + " " + name
	if r.Fields[k] == nil {
		r.Fields[k] = &FieldFacts{Name: name, In: w, Listed: map[string]*Call{}, Filters: map[string]bool{}}
	}
	return r.Fields[k]
}

// ExampleFacts is what became of one example.
type ExampleFacts struct {
	NotRun string
	Calls  []*Call // one for each request of the example
	// Bound maps the ids on the page to those they were replaced by.
	Bound map[string]string
	// Stored says for each field of the last body what was found afterwards.
	Stored map[string]any
}

// Facts is everything that was found out for one page.
type Facts struct {
	Routes   []*RouteFacts
	Examples map[int]*ExampleFacts // by index in the model
	// Guessed is the route of the examples, where no route of the page works.
	Guessed *RouteFacts
}

// Main returns the facts on the first route that works, or nil.
func (f *Facts) Main() *RouteFacts {
	for _, r := range f.Routes {
		if r.OK != nil {
			return r
		}
	}
	if f.Guessed != nil && f.Guessed.OK != nil {
		return f.Guessed
	}
	return nil
}

// Working returns every route that works.
func (f *Facts) Working() []*RouteFacts {
	var out []*RouteFacts
	for _, r := range f.Routes {
		if r.OK != nil {
			out = append(out, r)
		}
	}
	if len(out) == 0 && f.Main() != nil {
		out = append(out, f.Main())
	}
	return out
}
