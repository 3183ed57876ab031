// Package selftest proves that the suite catches what it claims to catch: it
// runs the suite against the embedded server with each of its faults, and says
// which requirement noticed.
package selftest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/fault"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/requirement"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
)

// Config says what to test. Suite and Faults are required.
type Config struct {
	Suite    *suite.Suite
	Faults   []fault.Fault
	Parallel int // faults at a time; default 2
	// Whole runs the whole suite against each fault, and not only the scenarios
	// of the requirements that it names.
	Whole   bool
	NoLease bool // see suite.Plan
	Seed    int64
	Limits  limits.Limits
	Tool    result.Suite
	// OnFault, if set, is told of each fault as it ends, one at a time.
	OnFault func(Row)
}

// Row is what became of one fault.
type Row struct {
	Fault        string   `json:"fault"`
	Sentence     string   `json:"sentence"`
	Version      string   `json:"version"`
	Security     bool     `json:"security,omitempty"` // shows only with security on
	Requirements []string `json:"requirements"`       // that are to notice it
	Killed       bool     `json:"killed"`
	// By lists the requirements that fail with it.
	By []string `json:"killed_by"`
	// Beside lists those of them that are neither named nor excepted, Missed
	// those that are named though none of their scenarios failed.
	Beside    []string `json:"beside,omitempty"`
	Missed    []string `json:"missed_by"`
	Scenarios []string `json:"failed_scenarios"`
	Note      string   `json:"note,omitempty"` // why it survived
}

// Strength is how many faults a requirement kills.
type Strength struct {
	Requirement string   `json:"requirement"`
	Kills       int      `json:"kills"`
	Faults      []string `json:"faults"`
}

// Matrix is the result of a self-test.
type Matrix struct {
	Suite      result.Suite   `json:"suite"`
	Verdict    result.Verdict `json:"verdict"`
	Reason     string         `json:"reason"`
	Clean      []Clean        `json:"clean"`
	Rows       []Row          `json:"faults"`
	Strength   []Strength     `json:"requirements"`
	DurationMS float64        `json:"duration_ms"`
}

// Clean is a run without a fault, of one emulated version.
type Clean struct {
	Version  string         `json:"version"`
	Security bool           `json:"security,omitempty"`
	Verdict  result.Verdict `json:"verdict"`
	Reason   string         `json:"reason"`
}

// Survivors returns the faults that nothing noticed.
func (m *Matrix) Survivors() []Row {
	return slices.DeleteFunc(slices.Clone(m.Rows), func(r Row) bool { return r.Killed })
}

// Inexact returns the faults that are noticed by others than those that are to
// notice them, or not by all of these.
func (m *Matrix) Inexact() []Row {
	return slices.DeleteFunc(slices.Clone(m.Rows), func(r Row) bool { return !r.Killed || len(r.Beside)+len(r.Missed) == 0 })
}

// Weak returns the requirements that kill no fault.
func (m *Matrix) Weak() []string {
	var weak []string
	for _, s := range m.Strength {
		if s.Kills == 0 {
			weak = append(weak, s.Requirement)
		}
	}
	return weak
}

// Run runs the suite without a fault, and then the scenarios of the named
// requirements, or the whole suite, against each fault. The error is about the faults or the end of
// ctx, not about survivors.
func Run(ctx context.Context, cfg Config) (*Matrix, error) {
	started := time.Now()
	m := &Matrix{Suite: cfg.Tool, Rows: make([]Row, len(cfg.Faults))}
	m.Suite.Digest = cfg.Suite.Digest
	except, err := loadExceptions()
	if err != nil {
		return nil, err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(cfg.Parallel, 1))
	var mu sync.Mutex
	var waived []string
	for _, clean := range servers(cfg.Faults) {
		group.Go(func() error {
			run, err := perform(ctx, cfg, clean, nil)
			if err != nil {
				return fmt.Errorf("run without a fault: %w", err)
			}
			mu.Lock()
			defer mu.Unlock()
			m.Clean = append(m.Clean, Clean{run.Target.Version, clean.Security, run.Verdict, run.Reason})
			for _, r := range run.Requirements {
				if r.Outcome == result.Waived {
					waived = append(waived, r.ID)
				}
			}
			return nil
		})
	}
	for i, f := range cfg.Faults {
		group.Go(func() error {
			row, err := try(ctx, cfg, f, except)
			if err != nil {
				return fmt.Errorf("run with fault %s: %w", f.ID, err)
			}
			mu.Lock()
			defer mu.Unlock()
			m.Rows[i] = row
			if cfg.OnFault != nil {
				cfg.OnFault(row)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	slices.SortFunc(m.Clean, Clean.before)
	m.Strength = strength(cfg.Suite, m.Rows, waived)
	m.Verdict, m.Reason = m.decide()
	m.DurationMS = float64(time.Since(started).Milliseconds())
	return m, nil
}

// before orders clean runs by version, without security first.
func (c Clean) before(other Clean) int {
	if c.Version == other.Version && c.Security != other.Security {
		if other.Security {
			return -1
		}
		return 1
	}
	return strings.Compare(c.Version, other.Version)
}

// servers lists the servers without a fault that faults are variations of,
// each once.
func servers(faults []fault.Fault) []fault.Fault {
	var list []fault.Fault
	for _, f := range faults {
		if !slices.ContainsFunc(list, func(s fault.Fault) bool { return s.Emulate == f.Emulate && s.Security == f.Security }) {
			list = append(list, fault.Fault{Emulate: f.Emulate, Security: f.Security})
		}
	}
	return list
}

// try runs what must notice the fault, and sees whether it does.
func try(ctx context.Context, cfg Config, f fault.Fault, except []exception) (Row, error) {
	row := Row{Fault: f.ID, Sentence: f.Sentence, Security: f.Security, Requirements: f.Requirements, By: []string{}, Missed: []string{}, Scenarios: []string{}}
	ids := f.Requirements
	if cfg.Whole {
		ids = nil
	}
	run, err := perform(ctx, cfg, f, ids)
	if err != nil {
		return row, err
	}
	row.Version = run.Target.Version
	row.judge(run, cfg.Suite.Catalogue, except)
	if !row.Killed {
		row.Note = fmt.Sprintf("the run ended %s: %s", run.Verdict, run.Reason)
	}
	return row, nil
}

// judge holds the requirements that failed against those that had to. One that
// sums up others fails with them. A named one is missed where none of its
// scenarios failed; where one did, the failure may be held against another.
func (r *Row) judge(run *result.Run, cat *requirement.Catalogue, except []exception) {
	shaken := map[string]bool{} // requirements with a failed scenario
	for _, sc := range run.Scenarios {
		if sc.Outcome == result.Failed || sc.Outcome == result.Flaky {
			r.Scenarios = append(r.Scenarios, sc.ID)
			for _, id := range sc.Requirements {
				shaken[id] = true
			}
		}
	}
	for _, req := range run.Requirements {
		named := slices.Contains(r.Requirements, req.ID)
		if req.Outcome == result.Failed || req.Outcome == result.Flaky {
			r.By = append(r.By, req.ID)
			known, _ := cat.Get(req.ID)
			if !named && !known.SumsUp && !allow(except, r.Fault, req.ID) {
				r.Beside = append(r.Beside, req.ID)
			}
		} else if named && !shaken[req.ID] {
			r.Missed = append(r.Missed, req.ID)
		}
	}
	r.Killed = len(r.By) > len(r.Beside)
}

func perform(ctx context.Context, cfg Config, f fault.Fault, ids []string) (*result.Run, error) {
	embedded := target.EmbeddedConfig{Fault: f.ID, Security: f.Security, Limits: cfg.Limits}
	if f.Emulate != "" {
		v, err := esversion.Parse(f.Emulate)
		if err != nil {
			return nil, err
		}
		embedded.Emulate = v
	}
	tgt, err := target.Embedded(ctx, embedded)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tgt.Close(context.WithoutCancel(ctx)) }()
	plan := suite.Plan{
		Suite: cfg.Suite, Selection: suite.Selection{IDs: ids}, Target: tgt, Limits: cfg.Limits,
		NoLease: cfg.NoLease, Seed: max(cfg.Seed, 1), Tool: cfg.Tool, WholeEvidence: true, // nobody asks what was observed
	}
	if f.Sporadic() {
		plan.Parallel = 1 // or it might show only in calls that it does not hurt
	}
	return suite.Perform(ctx, plan)
}

// strength leaves out requirements that are waived where there is no fault: they
// are seen to fail without any.
func strength(s *suite.Suite, rows []Row, waived []string) []Strength {
	kills := map[string][]string{}
	for _, r := range rows {
		for _, id := range r.By {
			kills[id] = append(kills[id], r.Fault)
		}
	}
	var out []Strength
	for _, r := range s.Catalogue.All() {
		if elsewhere(s, r.ID) || slices.Contains(waived, r.ID) {
			continue
		}
		faults := kills[r.ID]
		if faults == nil {
			faults = []string{}
		}
		out = append(out, Strength{r.ID, len(faults), faults})
	}
	return out
}

// elsewhere reports whether a requirement is about an API, or about several
// nodes, that the reference server does not have, so that no fault of it can show.
func elsewhere(s *suite.Suite, requirement string) bool {
	for _, c := range s.Cases {
		if !slices.Contains(c.Requirements, requirement) || c.Nodes > 0 || slices.Contains(c.Needs, "roll") {
			continue
		}
		if about := s.FamiliesOf(c); len(about) == 0 || slices.Contains(about, suite.Connectors) {
			return false
		}
	}
	return true
}

// decide gives the verdict: conformant only if every fault is killed, every
// requirement kills one, and the suite passes where there is none.
func (m *Matrix) decide() (result.Verdict, string) {
	for _, c := range m.Clean {
		if c.Verdict != result.Conformant {
			return result.Inconclusive, fmt.Sprintf("without a fault, emulating %s, the suite is %s: %s", c.Version, c.Verdict, c.Reason)
		}
	}
	survivors, inexact, weak := len(m.Survivors()), len(m.Inexact()), len(m.Weak())
	switch {
	case survivors > 0:
		return result.Nonconformant, fmt.Sprintf("%d of %d faults survive", survivors, len(m.Rows))
	case inexact > 0:
		return result.Nonconformant, fmt.Sprintf("with %d of %d faults other requirements fail than those that they name", inexact, len(m.Rows))
	case weak > 0:
		return result.Nonconformant, fmt.Sprintf("%d requirements kill no fault", weak)
	}
	return result.Conformant, fmt.Sprintf("all %d faults are killed by exactly the requirements that they name or that are excepted, and every requirement kills at least one", len(m.Rows))
}
