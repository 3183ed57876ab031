package family

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/apis"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/jsonval"
	"github.com/esconform/esconform/internal/schema"
)

// Set is every family that is known, in the order of their names.
type Set []*Family

// Folder is where users keep catalogues of their own, in a folder of features.
const Folder = "apis"

// Embedded returns the families of the project, read once.
var Embedded = sync.OnceValues(func() (Set, error) {
	set, err := Load(apis.FS, "apis")
	if err != nil {
		return nil, err
	}
	return set, set.check()
})

// Load reads every catalogue in the root of fsys. The error names the file and
// the first thing wrong; name is put before the file's. What they refer to may be
// in another set: With sees to that.
func Load(fsys fs.FS, name string) (Set, error) {
	files, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, err
	}
	var set Set
	for _, file := range files {
		raw, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("read the API %s: %w", path.Join(name, file), err)
		}
		f, err := Parse(raw)
		if err != nil {
			return nil, fmt.Errorf("read the API %s: %w", path.Join(name, file), err)
		}
		if set, err = set.join(Set{f}); err != nil {
			return nil, fmt.Errorf("read the API %s: %w", path.Join(name, file), err)
		}
	}
	return set, nil
}

// With returns both sets in one. Names and kinds are unique, and what refers to
// something refers to something that is there.
func (s Set) With(more Set) (Set, error) {
	out, err := s.join(more)
	if err != nil {
		return nil, err
	}
	return out, out.check()
}

func (s Set) join(more Set) (Set, error) {
	out := slices.Clone(s)
	for _, f := range more {
		if other, taken := out.Named(f.Name); taken {
			return nil, fmt.Errorf("an API %q is already known (%s); give it another name", f.Name, other.Title)
		}
		for i := range f.Resources {
			r := &f.Resources[i]
			_, named := out.Resource(r.Name)
			if _, plural := out.Resource(r.Plural); named || plural || out.hasKind(r) {
				return nil, fmt.Errorf("resource %q: its name, its plural or a kind of it (%s) is already known of another API; give it another one", r.Name, r.Kind)
			}
		}
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b *Family) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// hasKind reports whether a set has a kind of a resource.
func (s Set) hasKind(r *Resource) bool {
	for _, f := range s {
		for i := range f.Resources {
			if slices.ContainsFunc(f.Resources[i].kinds(), func(kind string) bool { return slices.Contains(r.kinds(), kind) }) {
				return true
			}
		}
	}
	return false
}

// kinds are all that a resource has: its own, and those that find some.
func (r *Resource) kinds() []string {
	kinds := []string{r.Kind}
	for _, l := range r.Found {
		kinds = append(kinds, l.Kind)
	}
	return kinds
}

// Named returns the family of that name.
func (s Set) Named(name string) (*Family, bool) {
	i := slices.IndexFunc(s, func(f *Family) bool { return f.Name == name })
	if i < 0 {
		return nil, false
	}
	return s[i], true
}

// Resource returns the resource of that name, which may be a plural.
func (s Set) Resource(name string) (*Resource, bool) {
	for _, f := range s {
		for i := range f.Resources {
			if r := &f.Resources[i]; r.Name == name || r.Plural == name {
				return r, true
			}
		}
	}
	return nil, false
}

// Kind returns the resource of that kind.
func (s Set) Kind(kind string) (*Resource, bool) {
	for _, f := range s {
		for i := range f.Resources {
			if f.Resources[i].Kind == kind {
				return &f.Resources[i], true
			}
		}
	}
	return nil, false
}

// Of returns the family that a resource belongs to, by its name or plural.
func (s Set) Of(resource string) (*Family, bool) {
	for _, f := range s {
		if slices.ContainsFunc(f.Resources, func(r Resource) bool { return r.Name == resource || r.Plural == resource }) {
			return f, true
		}
	}
	return nil, false
}

// check sees that what refers to something refers to something that is there.
func (s Set) check() error {
	kinds := map[string]bool{}
	for _, f := range s {
		for _, r := range f.Resources {
			for _, kind := range r.kinds() {
				kinds[kind] = true
			}
		}
	}
	for _, f := range s {
		if f.Ready != nil {
			if _, ok := s.Resource(f.Ready.Try); !ok {
				return fmt.Errorf("%s: ready: there is no resource %q", f.Name, f.Ready.Try)
			}
		}
		for i := range f.Resources {
			if err := s.checkResource(&f.Resources[i], kinds); err != nil {
				return fmt.Errorf("%s: resource %q: %w", f.Name, f.Resources[i].Name, err)
			}
		}
	}
	return nil
}

func (s Set) checkResource(r *Resource, kinds map[string]bool) error {
	if r.Parts != "" && !kinds[r.Parts] {
		return fmt.Errorf("parts: there is no kind %q", r.Parts)
	}
	for _, need := range r.Needs {
		if _, ok := s.Resource(need); !ok {
			return fmt.Errorf("needs: there is no resource %q", need)
		}
	}
	if s.needs(r, r, map[string]bool{}) {
		return errors.New("needs: it needs itself, directly or by what it needs")
	}
	if err := s.checkNames(r); err != nil {
		return err
	}
	for _, c := range r.Create {
		if c.Named != nil && c.Named.Found != "" && !kinds[c.Named.Found] {
			return fmt.Errorf("create: there is no kind %q", c.Named.Found)
		}
		if c.Brings != nil && !kinds[c.Brings.Kind] {
			return fmt.Errorf("create: there is no kind %q", c.Brings.Kind)
		}
	}
	if r.Touch != nil {
		if _, ok := r.Verb(r.Touch.By); !ok {
			return fmt.Errorf("touch: there is no call %q", r.Touch.By)
		}
	}
	for _, st := range r.States {
		for _, verb := range st.By {
			if _, ok := r.Verb(verb); !ok {
				return fmt.Errorf("state %q: there is no call %q", st.Name, verb)
			}
		}
	}
	return nil
}

// checkNames sees that every name in braces stands for something: where a step
// creates one, for its id or what it needs, and in an id for what the request or
// its answer tells.
func (s Set) checkNames(r *Resource) error {
	known := []string{"{id}"}
	for _, name := range r.Needs {
		need, _ := s.Resource(name)
		known = append(known, "{"+need.Kind+"}", "{"+need.Placeholder()+"}")
	}
	for _, name := range wordInBraces.FindAllString(r.Create[0].path(), -1) {
		if !slices.Contains(known, name) {
			return fmt.Errorf("create: %s stands for nothing; it can be %s", name, strings.Join(known, ", "))
		}
	}
	for _, c := range slices.Concat(r.Create, r.Removed) {
		id := c.ID
		if id == "" && c.Each == nil { // entries without an id go with what they bring
			id = "{id}"
		}
		for _, name := range wordInBraces.FindAllString(id, -1) {
			if !c.tells(name[1 : len(name)-1]) {
				return fmt.Errorf("%s: nothing tells %s of the id %q", c.Request, name, id)
			}
		}
	}
	return nil
}

var wordInBraces = regexp.MustCompile(`\{[^{}]+\}`)

// path is the one that steps use, without what its names stand for.
func (c *Creation) path() string {
	if c.Path != "" {
		return Plain(c.Path)
	}
	return Plain(c.Request.Path)
}

// tells reports whether a creation tells a part of an id.
func (c *Creation) tells(part string) bool {
	switch {
	case part == "answer":
		return c.Answer != ""
	case part == "body":
		return c.Named != nil
	case strings.HasPrefix(part, "/"), strings.Trim(part, "0123456789") == "":
		return c.Each != nil
	}
	return strings.Contains(Plain(c.Request.Path), "{"+part+"}")
}

// needs reports whether a resource needs another, directly or by what it needs.
func (s Set) needs(r, other *Resource, seen map[string]bool) bool {
	for _, name := range r.Needs {
		need, ok := s.Resource(name)
		if !ok || seen[need.Kind] {
			continue
		}
		seen[need.Kind] = true
		if need.Kind == other.Kind || s.needs(need, other, seen) {
			return true
		}
	}
	return false
}

// Parse reads one catalogue and holds it against its schema.
func Parse(raw []byte) (*Family, error) {
	var plain any
	if err := yaml.Unmarshal(raw, &plain); err != nil {
		return nil, oneLine(err)
	}
	if plain == nil {
		return nil, errors.New("the file is empty")
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return nil, oneLine(err)
	}
	doc, err := jsonval.Decode(text)
	if err != nil {
		return nil, err
	}
	set, err := schema.Published()
	if err != nil {
		return nil, err
	}
	if problems := set.Validate("api", doc); len(problems) > 0 {
		return nil, fmt.Errorf("it does not match the schema api: %s", problems[0])
	}
	var f Family
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	if err := dec.Decode(&f); err != nil {
		return nil, oneLine(err)
	}
	if err := dec.Decode(new(any)); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one YAML document in it")
	}
	return &f, f.check()
}

func oneLine(err error) error { return errors.New(strings.Join(strings.Fields(err.Error()), " ")) }

// check says what is wrong with a family by itself.
func (f *Family) check() error {
	if slices.Contains(tags, f.Name) {
		return fmt.Errorf("api %q: that is a tag with another meaning; take another name", f.Name)
	}
	versions := []string{f.Since}
	taken := map[string]bool{}
	for _, r := range f.Resources {
		for _, kind := range r.kinds() {
			if slices.Contains(kinds, kind) {
				return fmt.Errorf("resource %q: the kind %s means something else in journals; take another one", r.Name, kind)
			}
			if taken["kind "+kind] {
				return fmt.Errorf("resource %q: there is another one of the kind %s", r.Name, kind)
			}
			taken["kind "+kind] = true
		}
		if r.Name == r.Plural || taken[r.Name] || taken[r.Plural] {
			return fmt.Errorf("resource %q: its name and its plural %q have to be names that nothing else has", r.Name, r.Plural)
		}
		taken[r.Name], taken[r.Plural] = true, true
		for _, c := range r.Calls {
			versions = append(versions, c.Since)
		}
		if slices.Contains(reserved, r.Name) {
			return fmt.Errorf("resource %q: steps use that name for something else; take another one", r.Name)
		}
		for _, c := range r.Calls {
			if slices.Contains(reserved, c.Verb) {
				return fmt.Errorf("resource %q: call %q: steps use that word for something else; take another one", r.Name, c.Verb)
			}
		}
	}
	for _, v := range versions {
		if v == "" {
			continue
		}
		if _, err := esversion.Parse(v); err != nil {
			return err
		}
	}
	return nil
}

// tags are those of scenarios that mean something else than an API.
var tags = []string{"id", "req", "since", "until", "needs", "restart", "serial", "long", "direct-write", "documented", "contract", "resilience", "security"}

// kinds are those of what no catalogue has.
var kinds = []string{"change", "unknown"}

// reserved are words that mean something else in steps.
var reserved = []string{"response", "unchanged", "gone", "there", "created", "read", "deleted", "absent"}

var names = regexp.MustCompile(`\{([a-z][a-z0-9_]*)(:any|:plain)?\}`)

// classes are what a name in a path stands for.
var classes = map[string]string{"": `([^/_][^/]*)`, ":any": `([^/]+)`, ":plain": `([^/_.][^/]*)`}

// UnmarshalYAML reads "PUT|POST /_index_template/{id}".
func (r *Request) UnmarshalYAML(node *yaml.Node) error {
	methods, target, ok := strings.Cut(node.Value, " ")
	if !ok || !strings.HasPrefix(target, "/") {
		return fmt.Errorf("line %d: request %q is not of the form \"PUT /path/{id}\"", node.Line, node.Value)
	}
	*r = NewRequest(target, strings.Split(methods, "|")...)
	return nil
}

// NewRequest is the request of these methods to a path, which may have names.
func NewRequest(target string, methods ...string) Request {
	r := Request{Methods: methods, Path: target}
	path, _, _ := strings.Cut(target, "?")
	path, deep := strings.CutSuffix(path, "/**")
	end := `/*$`
	if deep {
		end = `(?:/.*)?$`
	}
	var pattern strings.Builder
	at := 0
	for _, m := range names.FindAllStringSubmatchIndex(path, -1) {
		class := ""
		if m[4] >= 0 {
			class = path[m[4]:m[5]]
		}
		pattern.WriteString(regexp.QuoteMeta(path[at:m[0]]) + classes[class])
		r.names = append(r.names, path[m[2]:m[3]])
		at = m[1]
	}
	pattern.WriteString(regexp.QuoteMeta(path[at:]))
	r.pattern = regexp.MustCompile("^" + pattern.String() + end)
	return r
}

// Plain leaves out of a path what its names stand for.
func Plain(path string) string { return names.ReplaceAllString(path, "{$1}") }

// UnmarshalYAML reads "asked", or what an answer has at a pointer.
func (f *Fresh) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		f.Asked = node.Value == "asked"
		return nil
	}
	var told struct {
		At string `yaml:"at"`
		Is any    `yaml:"is"`
	}
	if err := node.Decode(&told); err != nil {
		return err
	}
	f.At, f.Is = told.At, told.Is
	return nil
}
