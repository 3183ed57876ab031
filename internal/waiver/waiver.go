// Package waiver reads the list of known deviations that do not fail the gate,
// and applies it to a run. A waiver is a debt: it names who owes it and until
// when, and one that is not needed any more, or overdue, makes the gate say so.
package waiver

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/Masterminds/semver/v3"
	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/nearest"
	"github.com/esconform/esconform/internal/userfile"
)

// maxFile bounds the size of a waiver file in bytes: no honest list is longer.
const maxFile = 1 << 20

// Waiver is one known deviation.
type Waiver struct {
	// Line is the line of the file on which the waiver starts.
	Line int
	// ID is the id of a requirement or scenario. It may hold * (any run of
	// characters) and ? (any one). The id of an outline covers its rows.
	ID string
	// Versions is a semver constraint such as ">= 8.12.0, < 8.15.0", or "" for
	// every version.
	Versions string
	// Reason says why the deviation is accepted for now.
	Reason string
	// Link leads to where it is being dealt with, or is "".
	Link string
	// Owner is who has to deal with it.
	Owner string
	// Expires is the last day on which the waiver holds, as 2026-12-31, or Never.
	Expires string
	// Intermittent lets the waiver cover a flaky scenario. Such a waiver is not
	// stale when its scenarios happen to pass.
	Intermittent bool

	file       string
	shipped    bool // with the project: nobody can remove it where it is not needed
	constraint *semver.Constraints
	pattern    *regexp.Regexp // nil where ID holds no wildcard

	// What Check found in the whole suite.
	scenarios []string
	known     bool // at least one requirement or scenario matches
}

// List is a waiver file.
type List struct {
	// Path is the file's name as it was given.
	Path string
	// Waivers are in the order of the file.
	Waivers []*Waiver

	checked bool
}

// Load reads a waiver file. Its errors name the file and the line.
func Load(path string) (*List, error) {
	data, err := userfile.Read(path, maxFile)
	if err != nil {
		return nil, fmt.Errorf("read waivers: %w", err)
	}
	return Parse(path, data)
}

// Parse reads the content of a waiver file; path is its name in errors.
func Parse(path string, data []byte) (*List, error) {
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s: larger than %d bytes: not a waiver file", path, maxFile)
	}
	entries, err := entryNodes(data)
	if err != nil {
		return nil, at(path, err)
	}
	list := &List{Path: path}
	for _, node := range entries {
		w, err := parseEntry(node)
		if err != nil {
			return nil, at(path, err)
		}
		for _, other := range list.Waivers {
			if other.ID == w.ID && other.Versions == w.Versions {
				return nil, at(path, errorAt(node, "waives %q a second time (first on line %d): remove one of them", w.ID, other.Line))
			}
		}
		w.file = path
		list.Waivers = append(list.Waivers, w)
	}
	return list, nil
}

// lineError is an error with the line that it is about.
type lineError struct {
	line int
	text string
}

func (e *lineError) Error() string { return e.text }

func errorAt(n *yaml.Node, format string, args ...any) error {
	return &lineError{line: n.Line, text: fmt.Sprintf(format, args...)}
}

// yamlLine finds the line in what the YAML parser says.
var yamlLine = regexp.MustCompile(`^line (\d+): (.*)`)

// at puts the file and, where known, the line before an error.
func at(path string, err error) error {
	var le *lineError
	if errors.As(err, &le) {
		return fmt.Errorf("%s:%d: %s", path, le.line, le.text)
	}
	text := strings.TrimPrefix(strings.ReplaceAll(err.Error(), "\n", " "), "yaml: ")
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("%s:%s: not valid YAML: %s", path, m[1], m[2])
	}
	return fmt.Errorf("%s: %s", path, text)
}

// entryNodes returns the entries of the top-level list "waivers".
func entryNodes(data []byte) ([]*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, errors.New(`empty file: write "waivers: []" where nothing is waived`)
	case err != nil:
		return nil, err
	}
	var second yaml.Node
	switch err := dec.Decode(&second); {
	case err == nil:
		return nil, errorAt(&second, "a second YAML document: put all waivers into one list")
	case !errors.Is(err, io.EOF):
		return nil, err
	}

	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, errorAt(root, `want a mapping with the key "waivers"`)
	}
	var entries []*yaml.Node
	seen := false
	for i := 0; i < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		switch {
		case key.Value != "waivers":
			return nil, errorAt(key, `unknown key %q: the only key at the top is "waivers"`, key.Value)
		case seen:
			return nil, errorAt(key, `key "waivers" given twice`)
		case value.Kind != yaml.SequenceNode:
			return nil, errorAt(key, `"waivers" must be a list`)
		}
		seen, entries = true, value.Content
	}
	if !seen {
		return nil, errorAt(root, `key "waivers" missing`)
	}
	return entries, nil
}

// field is one key of an entry and how its value is read.
type field struct {
	name     string
	required bool
	set      func(*Waiver, *yaml.Node) error
}

var fields = []field{
	{"id", true, func(w *Waiver, n *yaml.Node) error { return w.setID(n) }},
	{"reason", true, text(func(w *Waiver) *string { return &w.Reason })},
	{"owner", true, text(func(w *Waiver) *string { return &w.Owner })},
	{"expires", true, func(w *Waiver, n *yaml.Node) error { return w.setExpires(n) }},
	{"versions", false, func(w *Waiver, n *yaml.Node) error { return w.setVersions(n) }},
	{"link", false, func(w *Waiver, n *yaml.Node) error { return w.setLink(n) }},
	{"intermittent", false, func(w *Waiver, n *yaml.Node) error { return w.setIntermittent(n) }},
}

func fieldNames() []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return names
}

func parseEntry(node *yaml.Node) (*Waiver, error) {
	if node.Kind != yaml.MappingNode {
		return nil, errorAt(node, "a waiver must be a mapping with the keys %s", strings.Join(fieldNames(), ", "))
	}
	w := &Waiver{Line: node.Line}
	var seen []string
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		f := slices.IndexFunc(fields, func(f field) bool { return f.name == key.Value })
		if f < 0 {
			return nil, errorAt(key, "unknown key %q%s", key.Value, nearest.Hint(key.Value, fieldNames()))
		}
		if slices.Contains(seen, key.Value) {
			return nil, errorAt(key, "key %q given twice", key.Value)
		}
		seen = append(seen, key.Value)
		if value.Kind != yaml.ScalarNode || value.Tag == "!!null" || strings.TrimSpace(value.Value) == "" {
			return nil, errorAt(key, "%q must be a single value that is not empty", key.Value)
		}
		if err := fields[f].set(w, value); err != nil {
			return nil, err
		}
	}
	for _, f := range fields {
		if f.required && !slices.Contains(seen, f.name) {
			return nil, errorAt(node, "key %q missing: every waiver needs an id, a reason, an owner and an expiry date", f.name)
		}
	}
	if w.Expires == Never && !w.ends() {
		return nil, errorAt(node, `expires "never" is for versions that no longer change: end "versions", as in ">= 8.18.0, < 9.6.0"`)
	}
	return w, nil
}

func text(of func(*Waiver) *string) func(*Waiver, *yaml.Node) error {
	return func(w *Waiver, n *yaml.Node) error {
		*of(w) = strings.TrimSpace(n.Value)
		return nil
	}
}

func (w *Waiver) setID(n *yaml.Node) error {
	w.ID = n.Value
	if strings.Trim(w.ID, "*?./-") == "" {
		return errorAt(n, "id %q covers everything: name what is waived", w.ID)
	}
	if strings.ContainsAny(w.ID, "*?") {
		expr := regexp.QuoteMeta(w.ID)
		expr = strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(expr)
		w.pattern = regexp.MustCompile(`\A` + expr + `\z`)
	}
	return nil
}

// Never stands for no last day, where the range of versions has an end.
const Never = "never"

// ends reports whether the waiver holds up to some version.
func (w *Waiver) ends() bool {
	return w.constraint != nil && !w.constraint.Check(semver.New(1<<32, 0, 0, "", ""))
}

func (w *Waiver) setExpires(n *yaml.Node) error {
	if n.Value == Never {
		w.Expires = Never
		return nil
	}
	if _, err := time.Parse(time.DateOnly, n.Value); err != nil {
		return errorAt(n, "expires %q is not a date of the form 2026-12-31, nor \"never\"", n.Value)
	}
	w.Expires = n.Value
	return nil
}

func (w *Waiver) setVersions(n *yaml.Node) error {
	c, err := semver.NewConstraint(n.Value)
	if err != nil {
		return errorAt(n, `versions %q is not a version range such as ">= 8.12.0, < 8.15.0"`, n.Value)
	}
	w.Versions, w.constraint = n.Value, c
	return nil
}

func (w *Waiver) setLink(n *yaml.Node) error {
	u, err := url.Parse(n.Value)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		return errorAt(n, "link %q is not an address that starts with https:// or http://", n.Value)
	}
	w.Link = n.Value
	return nil
}

func (w *Waiver) setIntermittent(n *yaml.Node) error {
	if n.Tag != "!!bool" {
		return errorAt(n, "intermittent must be true or false, not %q", n.Value)
	}
	return n.Decode(&w.Intermittent)
}

// matches reports whether the waiver's id stands for id.
func (w *Waiver) matches(id string) bool {
	if w.pattern != nil {
		return w.pattern.MatchString(id)
	}
	return id == w.ID || strings.HasPrefix(id, w.ID+"/")
}

// covers reports whether the waiver stands for a scenario: by the scenario's
// id, or by that of a requirement that it proves.
func (w *Waiver) covers(scenario string, requirements []string) bool {
	return w.matches(scenario) || slices.ContainsFunc(requirements, w.matches)
}
