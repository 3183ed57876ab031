// Package suite finds the scenarios in feature files, selects among them and
// runs them against a target. Steps are executed by godog; selection,
// outcomes, timing and cleanup are ours.
package suite

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"slices"
	"sync"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/family"
	"github.com/esconform/esconform/internal/requirement"
	"github.com/esconform/esconform/internal/resttest"
	"github.com/esconform/esconform/steps"
)

// Profiles lists the profiles in the order in which reports show them.
func Profiles() []string { return []string{"documented", "contract", "resilience", "security"} }

// Case is one scenario, or one row of a scenario outline.
type Case struct {
	ID           string
	Outline      string // the id of the outline that the row belongs to, or ""
	Name         string
	Feature      string // title of its feature
	File         string
	Line         int
	Profile      string
	Requirements []string
	Tags         []string
	Versions     esversion.Range // of its tags alone
	Needs        []string        // what a target has to have, as tags say it
	Restart      bool            // stops and starts the target
	Nodes        int             // so many, of which it stops some; 0: none
	Serial       bool            // runs while nothing else does
	Long         bool            // many requests one after the other: starts early
	Security     bool            // needs a target with security on
	Proves       bool            // has a Then step
	Steps        []CaseStep
	// Rest is what the scenario executes instead of steps of the vocabulary, or
	// nil.
	Rest *resttest.Test
}

// Restarts reports whether one of the scenarios restarts a target of so many
// nodes, or one of them.
func Restarts(cases []*Case, nodes int) bool {
	return slices.ContainsFunc(cases, func(c *Case) bool { return c.Restart || 0 < c.Nodes && c.Nodes <= nodes })
}

// CaseStep is one step as it is written.
type CaseStep struct {
	AstID    string
	Keyword  string
	Given    bool // also And, But after a Given
	Text     string
	Line     int
	Argument string // docstring or table, as text
	HasDoc   bool
	HasTable bool
}

// Suite is every scenario that the binary and the user's folders hold.
type Suite struct {
	Cases     []*Case
	Catalogue *requirement.Catalogue
	// Coverage maps reference pages to requirements, nil where there is none.
	Coverage *requirement.Coverage
	// Checks says what kinds of checks there are, nil where nothing does.
	Checks *requirement.Checks
	// Families are the APIs that are known, Steps the vocabulary for them.
	Families family.Set
	Steps    []steps.Definition
	// Digest identifies the features and the catalogue: 12 hex digits.
	Digest string
	// UserFolders are the folders that a user added.
	UserFolders []string
	// Only: there are no others.
	Only bool

	steps.Files // that steps read
	// RestTests and RestSpec are where REST tests and their specification come
	// from, or "".
	RestTests, RestSpec string
	// Foreseen is what the calls of that specification create.
	Foreseen []family.Creation

	files map[string][]byte
	read  *sync.Map // by the text of a step of Cases: its meaning
}

// Case returns the scenario with this id.
func (s *Suite) Case(id string) (*Case, bool) {
	i := slices.IndexFunc(s.Cases, func(c *Case) bool { return c.ID == id })
	if i < 0 {
		return nil, false
	}
	return s.Cases[i], true
}

// digest hashes names and contents in the order of names.
func digest(files map[string][]byte) string {
	names := make([]string, 0, len(files))
	for n := range files {
		names = append(names, n)
	}
	slices.Sort(names)
	h := sha256.New()
	for _, n := range names {
		h.Write([]byte(n + "\x00"))
		h.Write(files[n])
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// otherVersion is what to do about a scenario that does not hold for a version.
const otherVersion = ", so test such a version (--es-version), or have it emulated (--emulate)"

// applies reports whether the scenario holds for this version, and if not, why.
func (s *Suite) applies(c *Case, v esversion.Version) (string, bool) {
	if !c.Versions.Contains(v) {
		return "holds " + c.Versions.String() + "; the target is " + v.String() + otherVersion, false
	}
	for _, id := range c.Requirements {
		req, ok := s.Catalogue.Get(id)
		if ok && !req.Versions().Contains(v) {
			return "requirement " + id + " holds " + req.Versions().String() + "; the target is " + v.String() + otherVersion, false
		}
	}
	return "", true
}

// Source is a folder of features. Name is put before the paths of its files.
type Source struct {
	Name string
	FS   fs.FS
	// User marks a folder that a user added: its scenarios may go without
	// requirements.
	User bool
	// Silent: its scenarios are left out, and requirements that no other proves.
	Silent bool
}
