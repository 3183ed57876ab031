// Package requirement reads the requirements that the suite proves.
package requirement

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/esversion"
)

// File is the name of the catalogue in the folder of features.
const File = "requirements.yaml"

// Requirement is one sentence that a target has to meet.
type Requirement struct {
	// ID is stable: reports, waivers and faults refer to it.
	ID string
	// Statement says what is required, with MUST, SHOULD or MAY.
	Statement string
	// Profile is documented, contract, resilience or security.
	Profile string
	// Sources say where the requirement comes from.
	Sources []string
	// Since is the first version that it holds for, Until the first one that
	// it no longer holds for; "" leaves that side open.
	Since, Until string
	// Bounded: it holds for fewer versions than the others of its file.
	Bounded bool
	// Checks are what it is about in scenarios of its own: what else fails
	// there is held against others.
	Checks []string
	// Owns are checks that are about it in whatever scenario, on the calls of
	// its area.
	Owns []string
	// SumsUp marks one that fails with whatever fails in a scenario of its own,
	// such as that an example works.
	SumsUp bool
	// Basis are the checks that others build on: where one fails it in a
	// scenario of its own, others that fail at the same check of the same call
	// are not proven, and not disproven.
	Basis []string
	// File is the catalogue that it is in, with its path.
	File string
	// Uncovered marks one that may have no scenario, and whose check is no step's:
	// reports show the gap.
	Uncovered bool

	versions esversion.Range
}

// Versions returns the versions that the requirement holds for.
func (r Requirement) Versions() esversion.Range { return r.versions }

// IsAbout reports whether a failed check is about the requirement, in a scenario
// of its own.
func (r Requirement) IsAbout(check string) bool {
	return slices.ContainsFunc(slices.Concat(r.Checks, r.Owns, r.Basis), func(pattern string) bool {
		ok, _ := path.Match(pattern, check)
		return ok
	})
}

// Choosy reports whether it is about some checks and not about others.
func (r Requirement) Choosy() bool { return len(r.Checks)+len(r.Owns) > 0 }

// Catalogue is every requirement, in the order of the file.
type Catalogue struct {
	all   []Requirement
	byID  map[string]int
	calls map[string][]string
}

// AnyCall stands for every call.
const AnyCall = "*"

// Calls returns the calls that a requirement is about, those of the longest
// beginning of its id that the catalogue knows: each a method and a path in
// which * stands for one segment.
func (c *Catalogue) Calls(id string) []string {
	for {
		if calls, known := c.calls[id]; known {
			return slices.Clone(calls)
		}
		end := strings.LastIndex(id, ".")
		if end < 0 {
			return nil
		}
		id = id[:end]
	}
}

// Get returns the requirement with this id.
func (c *Catalogue) Get(id string) (Requirement, bool) {
	i, ok := c.byID[id]
	if !ok {
		return Requirement{}, false
	}
	return c.all[i], true
}

// All returns every requirement in the order of the file.
func (c *Catalogue) All() []Requirement { return slices.Clone(c.all) }

// Keep leaves out the requirements of whose ids keep says no.
func (c *Catalogue) Keep(keep func(id string) bool) {
	c.all = slices.DeleteFunc(c.all, func(r Requirement) bool { return !keep(r.ID) })
	clear(c.byID)
	for i, r := range c.all {
		c.byID[r.ID] = i
	}
}

// Of is a catalogue of requirements that stand in no file.
func Of(all []Requirement) *Catalogue {
	c := &Catalogue{all: all, byID: map[string]int{}}
	for i, r := range all {
		c.byID[r.ID] = i
	}
	return c
}

// Load reads every catalogue of fsys: that in its root and those in its
// folders. There may be none. The error names the file, whose path follows
// name, and the line of the first thing wrong.
func Load(fsys fs.FS, name string) (*Catalogue, error) {
	whole := &Catalogue{byID: map[string]int{}, calls: map[string][]string{}}
	files, err := filesIn(fsys)
	if err != nil {
		return nil, fmt.Errorf("read the catalogues in %s: %w", name, err)
	}
	for _, file := range files {
		raw, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("read the catalogue: %w", err)
		}
		c, err := Parse(raw)
		if err == nil {
			err = whole.Add(c.in(path.Join(name, file)))
		}
		if err != nil {
			return nil, fmt.Errorf("read the catalogue %s: %w", path.Join(name, file), err)
		}
	}
	return whole, nil
}

// filesIn lists the catalogues, that in the root first.
func filesIn(fsys fs.FS) ([]string, error) {
	var files []string
	err := fs.WalkDir(fsys, ".", func(file string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path.Base(file) == File {
			files = append(files, file)
		}
		return err
	})
	slices.SortStableFunc(files, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
	return files, err
}

// in notes which file a catalogue is from.
func (c *Catalogue) in(file string) *Catalogue {
	for i := range c.all {
		c.all[i].File = file
	}
	return c
}

// Add takes over another catalogue. Ids are unique.
func (c *Catalogue) Add(more *Catalogue) error {
	for _, r := range more.all {
		if at, twice := c.byID[r.ID]; twice {
			return fmt.Errorf("requirement %s is already in %s; ids are unique", r.ID, c.all[at].File)
		}
		c.byID[r.ID] = len(c.all)
		c.all = append(c.all, r)
	}
	for area, calls := range more.calls {
		if _, twice := c.calls[area]; twice {
			return fmt.Errorf("calls: %s is already in another catalogue", area)
		}
		c.calls[area] = calls
	}
	return nil
}

// document is the file as it is written; nodes keep the line of each entry.
type document struct {
	Since        string              `yaml:"since"`
	Calls        map[string][]string `yaml:"calls"`
	Requirements []yaml.Node         `yaml:"requirements"`
}

type entry struct {
	ID        string   `yaml:"id"`
	Statement string   `yaml:"statement"`
	Profile   string   `yaml:"profile"`
	Sources   []string `yaml:"sources"`
	Since     string   `yaml:"since"`
	Until     string   `yaml:"until"`
	Checks    []string `yaml:"checks"`
	Owns      []string `yaml:"owns"`
	Basis     []string `yaml:"basis"`
	SumsUp    bool     `yaml:"sums-up"`
}

// Parse reads a catalogue. Unknown keys are errors: a mistyped "until" must
// not make a requirement hold for ever.
func Parse(raw []byte) (*Catalogue, error) {
	var doc document
	if err := strict(raw, &doc); err != nil {
		return nil, err
	}
	if len(doc.Requirements) == 0 {
		return nil, errors.New("there are no requirements in it")
	}
	c := &Catalogue{byID: map[string]int{}, calls: doc.Calls}
	for area, calls := range c.calls {
		for _, call := range calls {
			if call != AnyCall && !wellFormedCall.MatchString(call) {
				return nil, fmt.Errorf("calls: %s: %q is not of the form \"PUT /path/*/rest\"", area, call)
			}
		}
	}
	lines := map[string]int{}
	for _, node := range doc.Requirements {
		req, err := readEntry(&node, doc.Since)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", node.Line, err)
		}
		if at, twice := lines[req.ID]; twice {
			return nil, fmt.Errorf("line %d: requirement %s is already there in line %d; ids are unique", node.Line, req.ID, at)
		}
		lines[req.ID] = node.Line
		c.byID[req.ID] = len(c.all)
		c.all = append(c.all, req)
	}
	return c, nil
}

// strict decodes exactly one YAML document without unknown keys.
func strict(raw []byte, into any) error {
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil {
		if errors.Is(err, io.EOF) {
			return errors.New("the file is empty")
		}
		return oneLine(err)
	}
	if err := dec.Decode(new(any)); !errors.Is(err, io.EOF) {
		return errors.New("there is more than one YAML document in it")
	}
	return nil
}

func oneLine(err error) error {
	return errors.New(strings.Join(strings.Fields(err.Error()), " "))
}

func readEntry(node *yaml.Node, since string) (Requirement, error) {
	if err := knownKeys(node); err != nil {
		return Requirement{}, err
	}
	var e entry
	if err := node.Decode(&e); err != nil {
		return Requirement{}, oneLine(err)
	}
	bounded := e.Until != "" || e.Since != "" && e.Since != since
	if e.Since == "" {
		e.Since = since
	}
	req := Requirement{Bounded: bounded, ID: e.ID, Statement: e.Statement, Profile: e.Profile, Sources: e.Sources, Since: e.Since, Until: e.Until, Checks: e.Checks, Owns: e.Owns, Basis: e.Basis, SumsUp: e.SumsUp}
	return req, req.check()
}

// entryKeys are the keys of an entry. A node that is decoded by itself does
// not obey KnownFields.
var entryKeys = []string{"id", "statement", "profile", "sources", "since", "until", "checks", "owns", "basis", "sums-up"}

func knownKeys(node *yaml.Node) error {
	if node.Kind != yaml.MappingNode {
		return errors.New("a requirement is a mapping with the keys " + strings.Join(entryKeys, ", "))
	}
	seen := map[string]bool{}
	for i := 0; i < len(node.Content); i += 2 {
		key := node.Content[i].Value
		if !slices.Contains(entryKeys, key) {
			return fmt.Errorf("unknown key %q; known are %s", key, strings.Join(entryKeys, ", "))
		}
		if seen[key] {
			return fmt.Errorf("key %q is there twice", key)
		}
		seen[key] = true
	}
	return nil
}

var (
	wellFormedID   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$`)
	wellFormedCall = regexp.MustCompile(`^[A-Z]+ (/[^/\s]+)+$`)
	hasVerb        = regexp.MustCompile(`\b(MUST|SHOULD|MAY)\b`)
)

var profiles = []string{"documented", "contract", "resilience", "security"}

// check says what is wrong with a requirement, and reads its versions.
func (r *Requirement) check() error {
	switch {
	case !wellFormedID.MatchString(r.ID):
		return fmt.Errorf("id %q is not of the form stats.last-seen.defaults-to-now", r.ID)
	case !hasVerb.MatchString(r.Statement):
		return fmt.Errorf("requirement %s: the statement has none of MUST, SHOULD, MAY", r.ID)
	case !slices.Contains(profiles, r.Profile):
		return fmt.Errorf("requirement %s: unknown profile %q; known are %s", r.ID, r.Profile, strings.Join(profiles, ", "))
	case len(r.Sources) == 0:
		return fmt.Errorf("requirement %s: it names no source", r.ID)
	}
	for _, bound := range []struct {
		text string
		into *esversion.Version
	}{{r.Since, &r.versions.Since}, {r.Until, &r.versions.Until}} {
		if bound.text == "" {
			continue
		}
		v, err := esversion.Parse(bound.text)
		if err != nil {
			return fmt.Errorf("requirement %s: %w", r.ID, err)
		}
		*bound.into = v
	}
	if r.versions.Until.Known() && r.versions.Since.Compare(r.versions.Until) >= 0 {
		return fmt.Errorf("requirement %s: it holds for no version: since %s, until %s", r.ID, r.Since, r.Until)
	}
	return nil
}
