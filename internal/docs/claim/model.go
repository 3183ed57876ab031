// Package claim says what a reference page claims: a model of the API that the
// page describes, in the words of the page. The same model is read from
// specifications, so that page and specification can stand side by side.
package claim

import "strings"

// Source says what kind of document a model was read from.
type Source string

// The sources.
const (
	SourcePage     Source = "page"
	SourceOpenAPI  Source = "openapi"
	SourceRestSpec Source = "rest-api-spec"
)

// Where says in which part of a request or answer a field stands.
type Where string

// The parts.
const (
	InPath     Where = "path"
	InQuery    Where = "query"
	InBody     Where = "body"
	InResponse Where = "response"
)

// At is a place in a document. End is the last line, or 0 where it is Line.
type At struct {
	Line, End int
	Quote     string
	Pointer   string // in a JSON or YAML document, where that is known
}

// Route is one way to call the API. Params are written as {name}.
type Route struct {
	At
	Method string
	Path   string // with a leading slash
	Slash  bool   // written with a slash at the end
}

// Params returns the names of the path parameters in order.
func (r Route) Params() []string {
	var out []string
	for _, s := range r.Segments() {
		if n, ok := Param(s); ok {
			out = append(out, n)
		}
	}
	return out
}

// Segments returns the parts of the path.
func (r Route) Segments() []string {
	return strings.Split(strings.Trim(r.Path, "/"), "/")
}

// Key identifies a route whatever its parameters are called.
func (r Route) Key() string {
	segs := r.Segments()
	for i, s := range segs {
		if _, ok := Param(s); ok {
			segs[i] = "{}"
		}
	}
	return r.Method + " /" + strings.Join(segs, "/")
}

func (r Route) String() string { return r.Method + " " + r.Path }

// Param returns the name in a path segment {name}.
func Param(segment string) (string, bool) {
	if len(segment) > 2 && segment[0] == '{' && segment[len(segment)-1] == '}' {
		return segment[1 : len(segment)-1], true
	}
	return "", false
}

// Field is a documented parameter or field.
type Field struct {
	At
	Name     string // dotted where nested: pipeline.name
	In       Where
	Type     string // as written
	Required *bool  // nil: not said
	Default  *string
	Values   []string // what the text lists as allowed
	Text     string
	// Only lists the methods that the text ties the field to ("Returned when
	// using a POST request").
	Only []string
	// TypeAt and RequiredAt are the lines of those words; 0 where they are not
	// said.
	TypeAt, RequiredAt int
	Broken             bool // the list renders wrongly
	Deprecated         bool
}

// Leaf is the last part of the name.
func (f Field) Leaf() string {
	return f.Name[strings.LastIndexByte(f.Name, '.')+1:]
}

// Parent is the name without its last part, "" at the top.
func (f Field) Parent() string {
	if i := strings.LastIndexByte(f.Name, '.'); i >= 0 {
		return f.Name[:i]
	}
	return ""
}

// Code is a documented response code.
type Code struct {
	At
	Status int
	Text   string
	Broken bool // the list renders wrongly
}

// Request is one request of an example.
type Request struct {
	Line     int
	Method   string
	Path     string // with a leading slash, with query
	Body     string // JSON, "" where there is none
	BodyLine int
	BodyEnd  int
}

// Result is the answer that an example prints.
type Result struct {
	At
	Body    string // after TESTRESPONSE substitutions
	NonJSON bool
	Skip    string
}

// Role says what a snippet is for.
type Role string

// The roles.
const (
	RoleExample  Role = "example"
	RoleSetup    Role = "setup"    // TESTSETUP
	RoleTeardown Role = "teardown" // TEARDOWN
)

// Example is one snippet of requests.
type Example struct {
	At
	Number      int // from 1, in the order of the page, visible ones only; 0 for hidden
	Role        Role
	Hidden      bool
	Continued   bool
	Catch       string
	Skip        string // reason of the skip marker
	SkipAt      int
	NotConsole  bool
	Requests    []Request
	Substitutes func(string) string // TEST[s/…/…/]
	Intro       string
	IntroAt     At
	Result      *Result
}

// StatementKind says how a statement of the prose can be checked.
type StatementKind string

// The kinds of statements.
const (
	SetsValue  StatementKind = "sets-value"      // Field becomes Value
	SetsNow    StatementKind = "sets-now"        // Field becomes the time of the call
	NamesValue StatementKind = "names-value"     // Value is one that Field can have
	Ordered    StatementKind = "ordered"         // Value: ascending or descending by creation
	Exists     StatementKind = "must-exist"      // the thing that Field names must exist
	Removes    StatementKind = "removes"         // the resource is gone afterwards
	Lists      StatementKind = "lists-fields"    // Field is one that can be set
	Elsewhere  StatementKind = "not-by-this-api" // prose that no request can check
)

// Statement is a checkable statement of the prose.
type Statement struct {
	At
	Kind  StatementKind
	Field string
	Value string
}

// Stability is what the document says of how settled the API is.
type Stability struct {
	At
	Word string // beta, experimental, stable, deprecated; "" where not said
}

// Relation says how fields of the request depend on each other.
type Relation struct {
	At
	Fields []string
	// Exclusive: only one of them may be there. Needed: one has to be.
	Exclusive, Needed bool
}

// Defect is something on the page that is wrong whatever the server does.
type Defect struct {
	At
	ID      string // last part of the claim's id
	Kind    Kind
	Want    string // what should be there
	Found   string // what is there
	Replace string // text of the line that would be right, "" where not known
}

// Unread is a part of the document that could not be read.
type Unread struct {
	Line    int
	Message string
}

// Model is everything a document says about one API.
type Model struct {
	Source    Source
	File      string // for reports
	ID        string // prefix of claim ids
	Title     string
	Stability Stability
	Routes    []Route
	Fields    []Field
	Codes     []Code
	Examples  []Example
	Prose     []Statement
	Defects   []Defect
	Unread    []Unread
	Said      []string // the paragraphs of the description
	Relations []Relation

	// CodesAt is where the list of response codes stands; the zero At where
	// there is none.
	CodesAt At
	// CodesStart is the first line of that section: its anchor, or its heading.
	CodesStart int
	// ResponseAt is where the answer's body is described, likewise.
	ResponseAt At
	// PathAt is the heading of the path parameters, likewise.
	PathAt At
	// BodyAt is where the request's body is described, likewise.
	BodyAt At
	// FreeBody is true where the body takes any fields, as that of a document.
	FreeBody bool
	// NoResponseBody is true where the document says that there is an answer
	// but describes nothing in it, as an empty schema does.
	NoResponseBody bool
	// BodyUnread is true where the request's body could not be read: what it
	// leaves out is then not known.
	BodyUnread bool
	// CodesComplete is true where the document means to list every code.
	CodesComplete bool
	// LastLine is the last line of the document.
	LastLine int
	// Place returns where a line stands that may be of an included file; nil
	// where all are of File.
	Place func(line int) (file string, at int)
}

// At returns the file in which a line of the document stands, and its number
// there.
func (m *Model) At(line int) (file string, at int) {
	if m.Place == nil || line == 0 {
		return m.File, line
	}
	return m.Place(line)
}

// In returns the fields of one part, in the order of the document.
func (m *Model) In(w Where) []Field {
	var out []Field
	for _, f := range m.Fields {
		if f.In == w {
			out = append(out, f)
		}
	}
	return out
}

// Field returns the field of that name in that part.
func (m *Model) Field(w Where, name string) (Field, bool) {
	for _, f := range m.Fields {
		if f.In == w && f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// HasCode reports whether the document lists the code.
func (m *Model) HasCode(status int) bool {
	for _, c := range m.Codes {
		if c.Status == status {
			return true
		}
	}
	return false
}
