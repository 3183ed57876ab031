package upgrade

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/apis/upgrades"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/jsonval"
)

// Change is something that an upgrade is documented to change.
type Change struct {
	ID string `yaml:"id"`
	// Since is the first version that has it for certain, Earliest the first that
	// may, "" for Since: an upgrade does it from before one to the other or later.
	// Without it, every upgrade does. Until ends it: an upgrade to that or later no
	// longer does.
	Since    string `yaml:"since"`
	Earliest string `yaml:"earliest"`
	Until    string `yaml:"until"`
	// What has to match: the kind of what changes, the view that shows it, the
	// pointer, in which * stands for a member and ** at the end for all below, and
	// whether it is added, removed, changed or lost. What is not given matches all.
	Kind    string `yaml:"kind"`
	View    string `yaml:"view"`
	Pointer string `yaml:"pointer"`
	Change  string `yaml:"change"`
	// Sometimes: it need not show.
	Sometimes bool `yaml:"sometimes"`
	// Reason says why, and Source where that is from.
	Reason string `yaml:"reason"`
	Source string `yaml:"source"`

	versions esversion.Range
	earliest esversion.Version
}

// Changes returns the documented changes of the project.
func Changes() ([]Change, error) { return parseChanges(upgrades.Changes) }

func parseChanges(raw []byte) ([]Change, error) {
	var doc struct {
		Changes []Change `yaml:"changes"`
	}
	dec := yaml.NewDecoder(strings.NewReader(string(raw)))
	dec.KnownFields(true)
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("read the documented changes of upgrades: %w", err)
	}
	seen := map[string]bool{}
	for i := range doc.Changes {
		c := &doc.Changes[i]
		if err := c.check(); err != nil {
			return nil, fmt.Errorf("read the documented changes of upgrades: entry %d, %q: %w", i+1, c.ID, err)
		}
		if seen[c.ID] {
			return nil, fmt.Errorf("read the documented changes of upgrades: entry %d: the id %q is there twice", i+1, c.ID)
		}
		seen[c.ID] = true
	}
	return doc.Changes, nil
}

func (c *Change) check() error {
	if c.ID == "" || c.Reason == "" || c.Source == "" || c.Pointer == "" && c.Change != lost {
		return errors.New("it needs an id, a pointer, a reason and a source")
	}
	if known := []string{"", jsonval.Added, jsonval.Removed, jsonval.Changed, lost}; !slices.Contains(known, c.Change) {
		return fmt.Errorf("change %q: want added, removed, changed or lost", c.Change)
	}
	for _, bound := range []struct {
		text string
		into *esversion.Version
	}{{c.Since, &c.versions.Since}, {cmp.Or(c.Earliest, c.Since), &c.earliest}, {c.Until, &c.versions.Until}} {
		if bound.text == "" {
			continue
		}
		v, err := esversion.Parse(bound.text)
		if err != nil {
			return err
		}
		*bound.into = v
	}
	return nil
}

// of reports whether an upgrade may do it, and whether it has to.
func (c *Change) of(from, to esversion.Version) (may, must bool) {
	ended := c.Until != "" && to.AtLeast(c.versions.Until)
	may = !ended && (c.Since == "" || !from.AtLeast(c.versions.Since) && to.AtLeast(c.earliest))
	must = !c.Sometimes && (c.Since == "" || !from.AtLeast(c.earliest) && to.AtLeast(c.versions.Since))
	return may, may && must
}

// matches reports whether a difference is this change.
func (c *Change) matches(d Difference) bool {
	return (c.Kind == "" || c.Kind == d.Kind) && (c.View == "" || c.View == d.View) &&
		(c.Change == "" || c.Change == d.Change) && fits(c.Pointer, d.Pointer)
}

// fits compares a pointer with a pattern.
func fits(pattern, pointer string) bool {
	above, below := strings.CutSuffix(pattern, "/**")
	if !below {
		ok, err := path.Match(pattern, pointer)
		return err == nil && ok
	}
	depth := strings.Count(above, "/") + 1
	parts := strings.Split(pointer, "/")
	if len(parts) < depth {
		return false
	}
	ok, err := path.Match(above, strings.Join(parts[:depth], "/"))
	return err == nil && ok
}

// book holds the documented changes of one upgrade, and what they explain.
type book struct {
	changes []Change
	used    map[string][]Difference // by id
}

func newBook(all []Change, from, to esversion.Version) *book {
	b := &book{used: map[string][]Difference{}}
	for _, c := range all {
		may, must := c.of(from, to)
		if c.Sometimes = !must; may {
			b.changes = append(b.changes, c)
		}
	}
	return b
}

// unexplained takes the differences that are documented out of a list.
func (b *book) unexplained(all []Difference) []Difference {
	return slices.DeleteFunc(slices.Clone(all), func(d Difference) bool {
		i := slices.IndexFunc(b.changes, func(c Change) bool { return c.matches(d) })
		if i < 0 {
			return false
		}
		b.used[b.changes[i].ID] = append(b.used[b.changes[i].ID], d)
		return true
	})
}
