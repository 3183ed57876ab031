package finding

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/esconform/esconform/internal/docs/claim"
	"github.com/esconform/esconform/internal/userfile"
)

// Baseline is a list of accepted findings: a gate fails on what is not in it.
type Baseline struct {
	Path    string  `yaml:"-"`
	Version int     `yaml:"baseline"`
	Entries []Entry `yaml:"findings"`
}

// Entry is one accepted finding.
type Entry struct {
	Claim   string        `yaml:"claim"` // id
	Page    string        `yaml:"page"`  // id of its document
	Verdict claim.Verdict `yaml:"verdict"`
	// Says is for people alone.
	Says string `yaml:"says,omitempty"`
}

// Stale is an entry that accepts nothing any more.
type Stale struct {
	Claim string `json:"claim"`
	Why   string `json:"why"`
}

// baselineVersion is the version of the format.
const baselineVersion = 1

// LoadBaseline reads a baseline. Its errors name the file.
func LoadBaseline(path string) (*Baseline, error) {
	raw, err := userfile.Read(path, userfile.Page)
	if err != nil {
		return nil, fmt.Errorf("read baseline: %w; --update-baseline writes one", err)
	}
	b := &Baseline{Path: path}
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(b); err != nil {
		return nil, fmt.Errorf("read baseline %s: %s", path, strings.Join(strings.Fields(err.Error()), " "))
	}
	if b.Version != baselineVersion {
		return nil, fmt.Errorf("read baseline %s: baseline: %d is not known here, want %d", path, b.Version, baselineVersion)
	}
	for i, e := range b.Entries {
		if e.Claim == "" || e.Page == "" || e.Verdict != claim.Contradicted && e.Verdict != claim.Undocumented {
			return nil, fmt.Errorf("read baseline %s: entry %d: want a claim, its page, and a verdict that is a finding", path, i+1)
		}
	}
	return b, nil
}

// Accepts reports whether a claim's finding is in the baseline. One with another
// verdict is a new one.
func (b *Baseline) Accepts(c claim.Claim) bool {
	return b != nil && slices.ContainsFunc(b.Entries, func(e Entry) bool { return e.Claim == c.ID && e.Verdict == c.Verdict })
}

// Stale returns the entries about what was held against the server as a whole
// which are no findings any more. A claim that could not be decided says
// nothing of its entry.
func (b *Baseline) Stale(claims []claim.Claim, whole func(Entry) bool) []Stale {
	if b == nil {
		return nil
	}
	now := map[string]claim.Claim{}
	for _, c := range claims {
		now[c.ID] = c
	}
	var out []Stale
	for _, e := range b.Entries {
		c, there := now[e.Claim]
		switch {
		case !whole(e), there && c.Verdict == e.Verdict:
		case !there:
			out = append(out, Stale{e.Claim, "there is no such claim any more"})
		case c.Finding():
			out = append(out, Stale{e.Claim, fmt.Sprintf("it was accepted as %s and is %s", e.Verdict, c.Verdict)})
		case c.Verdict == claim.Confirmed:
			out = append(out, Stale{e.Claim, "it holds now"})
		}
	}
	return out
}

// With returns a baseline that accepts findings on what was held against the
// server as a whole, and what this one accepts on the rest.
func (b *Baseline) With(accepted []Entry, whole func(Entry) bool) *Baseline {
	out := &Baseline{Version: baselineVersion, Entries: slices.Clone(accepted)}
	if b != nil {
		out.Path = b.Path
		for _, e := range b.Entries {
			if !whole(e) && !slices.ContainsFunc(accepted, func(a Entry) bool { return a.Claim == e.Claim }) {
				out.Entries = append(out.Entries, e)
			}
		}
	}
	slices.SortStableFunc(out.Entries, func(x, y Entry) int { return strings.Compare(x.Claim, y.Claim) })
	return out
}

// Write writes it.
func (b *Baseline) Write(w io.Writer) error {
	if _, err := io.WriteString(w, "# Accepted findings, written by esconform docs --update-baseline.\n"); err != nil {
		return err
	}
	enc := yaml.NewEncoder(w)
	enc.SetIndent(2)
	if err := enc.Encode(b); err != nil {
		return err
	}
	return enc.Close()
}
