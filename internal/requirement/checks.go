package requirement

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// ChecksFile is the name of the kinds of checks in a folder of features.
const ChecksFile = "checks.yaml"

// Checks says what kinds of checks there are, and why a call goes without one.
type Checks struct {
	Kinds []Kind `yaml:"kinds"`
	// Complete are the APIs whose calls have each kind, or a reason.
	Complete []string `yaml:"complete"`
	Without  []Reason `yaml:"without"`
}

// Kind is one kind of checks: the requirements that are of it.
type Kind struct {
	Name string `yaml:"kind"`
	// Requirements are patterns of ids, in which * stands for any characters.
	Requirements []string `yaml:"requirements"`
	// Bounded takes those that hold for fewer versions than others of their call.
	Bounded bool `yaml:"bounded"`
}

// Reason is why calls have no checks of some kinds.
type Reason struct {
	Kinds   []string `yaml:"kinds"`
	Calls   []string `yaml:"calls"`
	Because string   `yaml:"because"`
}

// LoadChecks reads the kinds of checks from the root of fsys. The error names
// the first thing wrong; one that wraps fs.ErrNotExist says that there are none.
func LoadChecks(fsys fs.FS) (*Checks, error) {
	raw, err := fs.ReadFile(fsys, ChecksFile)
	if err != nil {
		return nil, fmt.Errorf("read the kinds of checks: %w", err)
	}
	var c Checks
	if err = strict(raw, &c); err == nil {
		err = c.check()
	}
	if err != nil {
		return nil, fmt.Errorf("read the kinds of checks %s: %w", ChecksFile, err)
	}
	return &c, nil
}

func (c *Checks) check() error {
	if len(c.Kinds) == 0 {
		return errors.New("there are no kinds in it")
	}
	var names []string
	for _, k := range c.Kinds {
		if k.Name == "" || slices.Contains(names, k.Name) || (len(k.Requirements) == 0) != k.Bounded {
			return fmt.Errorf("kind %q has no name, is there twice, or is not told by either requirements or versions", k.Name)
		}
		for _, pattern := range k.Requirements {
			if _, err := path.Match(pattern, ""); err != nil {
				return fmt.Errorf("kind %s: %q is no pattern of ids", k.Name, pattern)
			}
		}
		names = append(names, k.Name)
	}
	for _, r := range c.Without {
		if r.Because == "" || len(r.Calls) == 0 {
			return fmt.Errorf("a reason for %v lacks calls or a sentence", r.Kinds)
		}
		for _, kind := range r.Kinds {
			if !slices.Contains(names, kind) {
				return fmt.Errorf("there is no kind %q", kind)
			}
		}
	}
	return nil
}

// Proof is what a scenario proves, and the requests that its steps name, each a
// method and a path.
type Proof struct {
	Scenario     string
	Requirements []string
	Requests     []string
}

// Table says for calls and kinds of checks what proves them.
type Table struct {
	Kinds []string `json:"kinds"`
	Rows  []Row    `json:"rows"`
}

// Row is one call.
type Row struct {
	Call  string `json:"call"`
	Cells []Cell `json:"cells"` // in the order of kinds
}

// Cell holds the scenarios that prove requirements of a kind by a call, or why
// there are none.
type Cell struct {
	Scenarios    []string `json:"scenarios,omitempty"`
	Requirements []string `json:"requirements,omitempty"`
	Because      string   `json:"because,omitempty"`
}

// AllCalls returns every call that some requirement is about, by path.
func (c *Catalogue) AllCalls() []string {
	var all []string
	for _, calls := range c.calls {
		all = append(all, calls...)
	}
	slices.SortFunc(all, func(a, b string) int {
		methodA, pathA, _ := strings.Cut(a, " ")
		methodB, pathB, _ := strings.Cut(b, " ")
		if pathA != pathB {
			return strings.Compare(pathA, pathB)
		}
		return strings.Compare(methodA, methodB)
	})
	return slices.DeleteFunc(slices.Compact(all), func(call string) bool { return call == AnyCall })
}

// Table puts together what proofs say of calls.
func (c *Checks) Table(calls []string, cat *Catalogue, proofs []Proof) Table {
	t := Table{}
	for _, k := range c.Kinds {
		t.Kinds = append(t.Kinds, k.Name)
	}
	rows := map[string][]Cell{}
	for _, call := range calls {
		rows[call] = make([]Cell, len(c.Kinds))
		for i, k := range c.Kinds {
			rows[call][i].Because = c.reason(call, k.Name)
		}
	}
	for _, p := range proofs {
		named := namedCalls(calls, p.Requests)
		for _, id := range p.Requirements {
			r, _ := cat.Get(id)
			for _, call := range about(cat.Calls(id), named) {
				for i, cell := range rows[call] {
					if c.Kinds[i].has(r) {
						rows[call][i] = cell.with(p.Scenario, id)
					}
				}
			}
		}
	}
	for _, call := range calls {
		t.Rows = append(t.Rows, Row{call, rows[call]})
	}
	return t
}

// about returns those of the calls of a requirement that a scenario names; the
// first, which needs no name, where it names none.
func about(calls, named []string) []string {
	if slices.Equal(calls, []string{AnyCall}) {
		return named
	}
	if of := slices.DeleteFunc(slices.Clone(calls), func(c string) bool { return !slices.Contains(named, c) }); len(of) > 0 {
		return of
	}
	return calls[:min(1, len(calls))]
}

// namedCalls returns the calls that requests are: for each those of its path,
// and of them the one of its method, if there is one.
func namedCalls(calls, requests []string) []string {
	var named []string
	for _, request := range requests {
		method, at, _ := strings.Cut(request, " ")
		var of []string
		stars := len(at)
		for _, call := range calls {
			_, pattern, _ := strings.Cut(call, " ")
			if n := strings.Count(pattern, AnyCall); n <= stars && fits(pattern, at) {
				if n < stars {
					of, stars = nil, n
				}
				of = append(of, call)
			}
		}
		if i := slices.IndexFunc(of, func(call string) bool { return strings.HasPrefix(call, method+" ") }); i >= 0 {
			of = of[i : i+1]
		}
		named = append(named, of...)
	}
	return named
}

// placeholder is what stands for a saved value in a path.
var placeholder = regexp.MustCompile(`\{[^}]*\}`)

func fits(pattern, at string) bool {
	at, _, _ = strings.Cut(at, "?")
	ok, _ := path.Match(pattern, strings.TrimSuffix(placeholder.ReplaceAllString(at, "x"), "/"))
	return ok
}

func (k Kind) has(r Requirement) bool {
	return k.Bounded && r.Bounded || slices.ContainsFunc(k.Requirements, func(pattern string) bool {
		ok, _ := path.Match(pattern, r.ID)
		return ok
	})
}

func (c *Checks) reason(call, kind string) string {
	for _, r := range c.Without {
		if slices.Contains(r.Kinds, kind) && slices.Contains(r.Calls, call) {
			return r.Because
		}
	}
	return ""
}

func (c Cell) with(scenario, id string) Cell {
	if !slices.Contains(c.Scenarios, scenario) {
		c.Scenarios = append(c.Scenarios, scenario)
	}
	if !slices.Contains(c.Requirements, id) {
		c.Requirements = append(c.Requirements, id)
	}
	return c
}

// Check says what is wrong with a table, one line a problem: cells that are
// empty and not explained, or explained and not empty.
func (t Table) Check() []string {
	var problems []string
	for _, row := range t.Rows {
		for i, cell := range row.Cells {
			switch {
			case len(cell.Scenarios) == 0 && cell.Because == "":
				problems = append(problems, fmt.Sprintf("%s: %s has no check of the kind %q: write one, or a reason", ChecksFile, row.Call, t.Kinds[i]))
			case len(cell.Scenarios) > 0 && cell.Because != "":
				problems = append(problems, fmt.Sprintf("%s: %s has %d checks of the kind %q, and a reason for having none (%s)", ChecksFile, row.Call, len(cell.Scenarios), t.Kinds[i], cell.Because))
			}
		}
	}
	return problems
}
