package compare

import (
	_ "embed"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/esversion"
)

// Known is a documented change of the API: what it is, since when, and how to
// recognise it in a comparison.
type Known struct {
	ID    string `yaml:"id"`
	Since string `yaml:"since"`
	// Earliest is the first version that may have the change, "" for Since.
	Earliest string `yaml:"earliest"`
	Class    Class  `yaml:"class"`
	// Change says what changed, as a clause that follows "since 8.15.0".
	Change string `yaml:"change"`
	Source string `yaml:"source"`
	Match  Match  `yaml:"match"`

	since, earliest esversion.Version
}

// Match recognises a documented change. A difference matches where one of the
// patterns does.
type Match struct {
	// Requirements are globs of the requirements that begin or cease to hold.
	Requirements []string `yaml:"requirements"`
	// RequestFields are fields of requests that the suite sends by version.
	RequestFields []string  `yaml:"request_fields"`
	Differences   []Pattern `yaml:"differences"`
}

// Pattern matches a difference: every part that is given has to match.
type Pattern struct {
	Kind    string `yaml:"kind"`
	Route   string `yaml:"route"`   // glob; * stands for anything but a slash
	Pointer string `yaml:"pointer"` // glob
	Text    string `yaml:"text"`    // regular expression, in either answer

	text *regexp.Regexp
}

//go:embed known.yaml
var knownYAML []byte

// KnownChanges returns the documented changes of the API, the oldest first.
func KnownChanges() ([]Known, error) { return parseKnown(knownYAML) }

func parseKnown(raw []byte) ([]Known, error) {
	var doc struct {
		Changes []Known `yaml:"changes"`
	}
	dec := yaml.NewDecoder(strings.NewReader(string(raw)))
	dec.KnownFields(true)
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("read the known changes: %w", err)
	}
	for i := range doc.Changes {
		if err := doc.Changes[i].prepare(); err != nil {
			return nil, fmt.Errorf("read the known changes: entry %d, %s: %w", i+1, doc.Changes[i].ID, err)
		}
	}
	slices.SortStableFunc(doc.Changes, func(a, b Known) int { return a.since.Compare(b.since) })
	return doc.Changes, nil
}

func (k *Known) prepare() error {
	var err error
	if k.since, err = esversion.Parse(k.Since); err != nil {
		return err
	}
	k.earliest = k.since
	if k.Earliest != "" {
		if k.earliest, err = esversion.Parse(k.Earliest); err != nil {
			return err
		}
	}
	if k.ID == "" || k.Change == "" || k.Source == "" || k.Class.rank() < 0 {
		return errors.New("it needs an id, a change, a source and a class")
	}
	for i := range k.Match.Differences {
		p := &k.Match.Differences[i]
		if p.text, err = regexp.Compile(p.Text); err != nil {
			return err
		}
	}
	return nil
}

// between returns the known changes that lie between two versions, whichever
// is the later.
func between(all []Known, a, b esversion.Version) []Known {
	if a.Compare(b) > 0 {
		a, b = b, a
	}
	var out []Known
	for _, k := range all {
		if k.since.Compare(a) > 0 && k.earliest.Compare(b) <= 0 {
			out = append(out, k)
		}
	}
	return out
}

func (k *Known) requirement(id string) bool {
	return slices.ContainsFunc(k.Match.Requirements, func(glob string) bool { return matches(glob, id) })
}

func (k *Known) difference(f *found) bool {
	if f.kind == KindRequest && f.pointer != "" {
		fields := strings.Split(f.pointer, ",")
		if len(k.Match.RequestFields) > 0 && !slices.ContainsFunc(fields, func(s string) bool { return !slices.Contains(k.Match.RequestFields, s) }) {
			return true
		}
	}
	return slices.ContainsFunc(k.Match.Differences, func(p Pattern) bool { return p.matches(f) })
}

func (p *Pattern) matches(f *found) bool {
	return (p.Kind == "" || p.Kind == f.kind) &&
		(p.Route == "" || matches(p.Route, f.route)) &&
		(p.Pointer == "" || matches(p.Pointer, f.pointer)) &&
		(p.Text == "" || p.text.MatchString(f.old) || p.text.MatchString(f.new))
}

// matches compares with a glob; * stands for anything but a slash.
func matches(glob, s string) bool {
	ok, err := path.Match(glob, s)
	return err == nil && ok
}
