package suite

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	gherkin "github.com/cucumber/gherkin/go/v42"
	messages "github.com/cucumber/messages/go/v34"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/requirement"
	"github.com/esconform/esconform/internal/userfile"
	"github.com/esconform/esconform/steps"
)

// Load reads requirements, catalogues of APIs and feature files of every
// source. The error names file and line of the first thing wrong.
func Load(sources ...Source) (*Suite, error) {
	families, err := Families(sources...)
	if err != nil {
		return nil, err
	}
	cat, err := requirement.Load(sources[0].FS, sources[0].Name)
	if err != nil {
		return nil, err
	}
	files, err := steps.Published()
	if err != nil {
		return nil, err
	}
	s := &Suite{Catalogue: cat, Families: families, Files: files, read: &sync.Map{}, files: map[string][]byte{}}
	if s.Coverage, err = requirement.LoadCoverage(sources[0].FS, sources[0].Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if s.Checks, err = requirement.LoadChecks(sources[0].FS); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, src := range sources {
		if src.User {
			if err := s.addUser(src); err != nil {
				return nil, err
			}
		}
	}
	s.Steps = steps.DefinitionsOf(s.Families)
	for _, src := range sources {
		if err := s.addSource(src); err != nil {
			return nil, err
		}
	}
	s.Digest = digest(s.files)
	if err := s.checkIDs(); err != nil {
		return nil, err
	}
	if sources[0].Silent {
		s.forget()
	}
	return s, nil
}

// Families returns the project's families of APIs, and those whose catalogues lie
// in users' folders.
func Families(sources ...Source) (family.Set, error) {
	all, err := family.Embedded()
	if err != nil {
		return nil, err
	}
	for _, src := range sources {
		if !src.User {
			continue
		}
		own, err := fs.Sub(src.FS, family.Folder)
		if err != nil {
			return nil, err
		}
		set, err := family.Load(own, path.Join(src.Name, family.Folder))
		if err != nil {
			return nil, err
		}
		if all, err = all.With(set); err != nil {
			return nil, fmt.Errorf("read the APIs in %s: %w", path.Join(src.Name, family.Folder), err)
		}
	}
	return all, nil
}

// addUser takes over the requirements of a user's folder.
func (s *Suite) addUser(src Source) error {
	s.UserFolders = append(s.UserFolders, src.Name)
	cat, err := requirement.Load(src.FS, src.Name)
	if err != nil {
		return err
	}
	if err := s.Catalogue.Add(cat); err != nil {
		return fmt.Errorf("read the requirements in %s: %w", src.Name, err)
	}
	return s.addFiles(src)
}

func (s *Suite) addSource(src Source) error {
	found := 0
	err := fs.WalkDir(src.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("read features in %s: %w", src.Name, err)
		}
		if d.IsDir() || path.Ext(name) != ".feature" && !isKnowledge(name) || src.Silent && !isKnowledge(name) {
			return nil
		}
		content, err := fs.ReadFile(src.FS, name)
		if err != nil {
			return fmt.Errorf("read %s %s: %w", kindOf(name), path.Join(src.Name, name), err)
		}
		if isKnowledge(name) {
			s.files[path.Join(src.Name, name)] = content
			return nil
		}
		found++
		return s.addFile(path.Join(src.Name, name), userfile.TrimBOM(content), src.User)
	})
	if err == nil && found == 0 && !src.Silent {
		return fmt.Errorf("read features in %s: no .feature file there", src.Name)
	}
	return err
}

// kindOf says what a file is, for messages.
func kindOf(name string) string {
	if isKnowledge(name) {
		return "catalogue"
	}
	return "feature"
}

// isKnowledge reports whether a file says what features are about.
func isKnowledge(name string) bool {
	return path.Base(name) == requirement.File || path.Dir(name) == family.Folder && path.Ext(name) == ".yaml"
}

func (s *Suite) addFile(file string, content []byte, user bool) error {
	if _, twice := s.files[file]; twice {
		return fmt.Errorf("read feature %s: a file of that name is already part of the suite; rename one", file)
	}
	newID := (&messages.Incrementing{}).NewId
	doc, err := gherkin.ParseGherkinDocument(bytes.NewReader(content), newID)
	if err != nil {
		return fmt.Errorf("read feature %s: %s", file, oneLine(err))
	}
	if doc.Feature == nil {
		return fmt.Errorf("read feature %s: there is no Feature in it", file)
	}
	s.files[file] = content
	tree := indexNodes(doc)
	if err := tree.checkOutlines(file); err != nil {
		return err
	}
	var rows []*rowCase
	for _, p := range gherkin.Pickles(*doc, file, newID) {
		c, err := tree.newCase(s, doc.Feature.Name, file, p, user)
		if err != nil {
			return err
		}
		s.Cases = append(s.Cases, c)
		if len(p.AstNodeIds) == 2 {
			rows = append(rows, &rowCase{c, tree.rows[p.AstNodeIds[1]]})
		}
	}
	nameRows(rows)
	return nil
}

func oneLine(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}

// nodes finds parts of a document by the ids that pickles refer to.
type nodes struct {
	steps     map[string]*messages.Step
	rows      map[string]*messages.TableRow
	lines     map[string]int
	scenarios []*messages.Scenario
}

func indexNodes(doc *messages.GherkinDocument) *nodes {
	n := &nodes{steps: map[string]*messages.Step{}, rows: map[string]*messages.TableRow{}, lines: map[string]int{}}
	for _, child := range doc.Feature.Children {
		n.add(child.Background, child.Scenario)
		if child.Rule != nil {
			for _, c := range child.Rule.Children {
				n.add(c.Background, c.Scenario)
			}
		}
	}
	return n
}

func (n *nodes) add(b *messages.Background, sc *messages.Scenario) {
	if b != nil {
		n.addSteps(b.Steps)
	}
	if sc == nil {
		return
	}
	n.scenarios = append(n.scenarios, sc)
	n.addSteps(sc.Steps)
	n.lines[sc.Id] = int(sc.Location.Line)
	for _, ex := range sc.Examples {
		for _, row := range ex.TableBody {
			n.rows[row.Id] = row
			n.lines[row.Id] = int(row.Location.Line)
		}
	}
}

// checkOutlines refuses outlines of which nothing would run: they would vanish
// without a word.
func (n *nodes) checkOutlines(file string) error {
	for _, sc := range n.scenarios {
		if strings.HasPrefix(sc.Keyword, "Scenario ") && len(sc.Examples) == 0 {
			return fmt.Errorf("%s:%d: outline %q has no Examples, so it would run with its placeholders as they are; add a table", file, sc.Location.Line, sc.Name)
		}
		for _, ex := range sc.Examples {
			if len(ex.TableBody) == 0 {
				return fmt.Errorf("%s:%d: the Examples of %q have no rows, so nothing would run; add one or remove the table", file, ex.Location.Line, sc.Name)
			}
		}
	}
	return nil
}

func (n *nodes) addSteps(steps []*messages.Step) {
	for _, st := range steps {
		n.steps[st.Id] = st
	}
}

func (n *nodes) newCase(s *Suite, feature, file string, p *messages.Pickle, user bool) (*Case, error) {
	c := &Case{
		Name:    p.Name,
		Feature: feature,
		File:    file,
		Line:    n.lines[p.AstNodeIds[len(p.AstNodeIds)-1]],
	}
	for _, st := range p.Steps {
		c.Steps = append(c.Steps, n.newStep(st))
		c.Proves = c.Proves || st.Type == messages.PickleStepType_OUTCOME
	}
	for _, t := range p.Tags {
		if err := s.addTag(c, t.Name); err != nil {
			return nil, fmt.Errorf("%s:%d: scenario %q: %w", file, c.Line, p.Name, err)
		}
	}
	if err := s.check(c, user); err != nil {
		return nil, fmt.Errorf("%s:%d: scenario %q: %w", file, c.Line, p.Name, err)
	}
	return c, nil
}

func (n *nodes) newStep(p *messages.PickleStep) CaseStep {
	src := n.steps[p.AstNodeIds[0]]
	st := CaseStep{AstID: p.AstNodeIds[0], Keyword: strings.TrimSpace(src.Keyword), Given: p.Type == messages.PickleStepType_CONTEXT, Text: p.Text, Line: int(src.Location.Line)}
	if p.Argument == nil {
		return st
	}
	if d := p.Argument.DocString; d != nil {
		st.Argument, st.HasDoc = d.Content, true
	}
	if t := p.Argument.DataTable; t != nil {
		st.HasTable = true
		var lines []string
		for _, row := range t.Rows {
			var cells []string
			for _, cell := range row.Cells {
				cells = append(cells, cell.Value)
			}
			lines = append(lines, "| "+strings.Join(cells, " | ")+" |")
		}
		st.Argument = strings.Join(lines, "\n")
	}
	return st
}

// addTag takes over what a tag says. Every tag is known: a mistyped one must
// not silently change what runs.
func (s *Suite) addTag(c *Case, tag string) error {
	c.Tags = append(c.Tags, tag)
	name, value, _ := strings.Cut(strings.TrimPrefix(tag, "@"), ":")
	switch name {
	case "id":
		if c.ID != "" {
			return fmt.Errorf("has two ids, %q and %q", c.ID, value)
		}
		c.ID = value
	case "req":
		if !slices.Contains(c.Requirements, value) {
			c.Requirements = append(c.Requirements, value)
		}
	case "since", "until":
		v, err := esversion.Parse(value)
		if err != nil {
			return fmt.Errorf("tag %s: %w", tag, err)
		}
		if name == "since" && v.Compare(c.Versions.Since) > 0 {
			c.Versions.Since = v
		}
		if name == "until" && (!c.Versions.Until.Known() || v.Compare(c.Versions.Until) < 0) {
			c.Versions.Until = v
		}
	case "restart":
		c.Restart, c.Serial = true, true
	case "serial":
		c.Serial = true
	case "long":
		c.Long = true
	case "direct-write", "service":
		// For selections: steps find out themselves whether the account may
		// write directly; @service marks what the connector service relies on.
	case "needs":
		c.Needs = append(c.Needs, value)
		if n, isNodes := strings.CutPrefix(value, "nodes:"); isNodes {
			c.Nodes, _ = strconv.Atoi(n) // checked below
			c.Serial = true
		}
		return s.checkNeed(value)
	default:
		if _, isFamily := s.Families.Named(name); isFamily && value == "" {
			return nil
		}
		if strings.HasPrefix(name, "x-") && len(name) > len("x-") && value == "" {
			return nil // of the user's own, for selections
		}
		if !slices.Contains(Profiles(), name) || value != "" {
			return fmt.Errorf("unknown tag %s; known are @id: @req: @since: @until: @needs: @restart @serial @long @direct-write @service @%s, the names of APIs (\"esconform list --apis\") and whatever begins with @x-", tag, strings.Join(Profiles(), " @"))
		}
		if c.Profile != "" && c.Profile != name {
			return fmt.Errorf("has two profiles, %s and %s", c.Profile, name)
		}
		c.Profile = name
		c.Security = c.Security || name == "security"
	}
	return nil
}

func (s *Suite) check(c *Case, user bool) error {
	switch {
	case c.ID == "":
		return fmt.Errorf("has no @id: tag")
	case c.Profile == "":
		return fmt.Errorf("has no profile; tag it or its feature with one of @%s", strings.Join(Profiles(), " @"))
	case len(c.Requirements) == 0 && !user:
		return fmt.Errorf("proves no requirement; tag it with @req:")
	case c.Versions.Until.Known() && c.Versions.Until.Compare(c.Versions.Since) <= 0:
		return fmt.Errorf("holds for no version: since %s, until %s; mend @since: or @until:", c.Versions.Since, c.Versions.Until)
	case len(c.Steps) == 0:
		return fmt.Errorf("has no steps, so it proves nothing")
	case !c.Proves:
		return fmt.Errorf("has no Then step, so it proves nothing; add one")
	case user && !s.demands(c):
		return fmt.Errorf("demands nothing: none of its steps can fail the target; add one such as \"the response status is 200\"")
	}
	return nil
}

type rowCase struct {
	c   *Case
	row *messages.TableRow
}

// nameRows gives each row of an outline an id of its own: the outline's id and
// the first cells of the row, as many as it takes to tell the rows apart.
func nameRows(rows []*rowCase) {
	groups := map[string][]*rowCase{}
	for _, r := range rows {
		groups[r.c.ID] = append(groups[r.c.ID], r)
	}
	for outline, group := range groups {
		slugs := rowSlugs(group)
		for i, r := range group {
			r.c.Outline = outline
			r.c.ID = outline + "/" + slugs[i]
		}
	}
}

func rowSlugs(group []*rowCase) []string {
	slugs := make([]string, len(group))
	for cells := 1; ; cells++ {
		seen := map[string]bool{}
		more := false
		for i, r := range group {
			n := min(cells, len(r.row.Cells))
			more = more || n < len(r.row.Cells)
			var parts []string
			for _, cell := range r.row.Cells[:n] {
				parts = append(parts, slug(cell.Value))
			}
			slugs[i] = strings.Join(parts, "-")
			seen[slugs[i]] = true
		}
		if len(seen) == len(group) {
			return slugs
		}
		if !more {
			break
		}
	}
	for i := range slugs {
		slugs[i] += "-" + strconv.Itoa(i+1)
	}
	return slugs
}

// slug keeps letters, digits, dots and minus signs of s, in lower case.
func slug(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 40 {
			break
		}
	}
	if out := strings.Trim(b.String(), "-"); out != "" {
		return out
	}
	return "empty"
}

// checkIDs refuses two scenarios with one id, and requirements that the
// catalogue does not have.
func (s *Suite) checkIDs() error {
	seen := map[string]*Case{}
	for _, c := range s.Cases {
		if other := seen[c.ID]; other != nil {
			return fmt.Errorf("%s:%d: the id %q is already taken by %s:%d; ids are unique", c.File, c.Line, c.ID, other.File, other.Line)
		}
		seen[c.ID] = c
		for _, id := range c.Requirements {
			if _, ok := s.Catalogue.Get(id); !ok {
				return fmt.Errorf("%s:%d: scenario %s: requirement %q is not in any %s%s", c.File, c.Line, c.ID, id, requirement.File, s.hintRequirement(id))
			}
		}
	}
	return nil
}
