// Package merge puts the reports of shards together into the report that one
// run would have written.
package merge

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/esconform/esconform/internal/blame"
	"github.com/esconform/esconform/internal/cause"
	"github.com/esconform/esconform/internal/explore"
	"github.com/esconform/esconform/internal/report"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/userfile"
	"github.com/esconform/esconform/internal/waiver"
)

// Shard is the report of one shard.
type Shard struct {
	Dir string
	Run *result.Run

	part suite.Shard
}

// Merge reads the reports in the folders and puts them together. Shards of
// different suites, targets or selections, one that is missing, there twice,
// or cut short are errors. Waivers are those of the shards; see Join.
func Merge(dirs []string) (*result.Run, error) {
	var shards []Shard
	err := report.InOrder(dirs, Read, func(s Shard) error {
		s.Run.Causes = nil // those of the whole are others
		if s.part.Index > 1 {
			s.Run.Requirements = nil // as in the first, which gives them to the whole
		}
		shards = append(shards, s)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return Join(shards)
}

// Read reads the report of one shard. The journal beside it has to be whole:
// one without its last line is that of a run that was killed, and the report
// is then one of an earlier run.
func Read(dir string) (Shard, error) {
	name := filepath.Join(dir, report.JSONFile)
	file, err := userfile.Open(name, userfile.Report)
	if err != nil {
		return Shard{}, fmt.Errorf("read shard %s: %w; give the folders that --out of each shard named", dir, err)
	}
	defer file.Close() //nolint:errcheck // nothing was written
	run, err := report.Read(file)
	if err != nil {
		return Shard{}, fmt.Errorf("read shard %s: %w", name, err)
	}
	if err := report.Recall(dir, run); err != nil {
		return Shard{}, fmt.Errorf("read shard %s: %w", dir, err)
	}
	s := Shard{Dir: dir, Run: run}
	if s.part, err = suite.ParseShard(run.Selection.Shard); err != nil || s.part.Count == 0 {
		return Shard{}, fmt.Errorf("read shard %s: it is the report of a whole run; shards are made with --shard 1/4", name)
	}
	return s, checkJournal(dir, run.RunID)
}

func checkJournal(dir, runID string) error {
	end, err := report.JournalEnd(dir)
	switch {
	case err != nil:
		return fmt.Errorf("read shard: %w", err)
	case end.Of(runID):
		return nil
	case !end.Whole:
		return fmt.Errorf("read shard: the journal %s has no last line, so its run was cut short; run that shard again", end.Journal)
	}
	return fmt.Errorf("read shard: the journal %s is of run %s and the report beside it of run %s; run that shard again", end.Journal, end.RunID, runID)
}

// Join puts shards together, in whatever order they are given.
func Join(shards []Shard) (*result.Run, error) {
	if len(shards) == 0 {
		return nil, errors.New("merge shards: none are given")
	}
	shards = slices.Clone(shards)
	slices.SortStableFunc(shards, func(a, b Shard) int { return a.part.Index - b.part.Index })
	if err := check(shards); err != nil {
		return nil, fmt.Errorf("merge shards: %w", err)
	}
	run := *shards[0].Run
	run.Selection.Shard = ""
	run.Scenarios, run.Resources, run.Traffic, run.Waivers = nil, result.Resources{}, result.Traffic{}, nil
	run.Masked = nil
	var ids []string
	for _, s := range shards {
		ids = append(ids, s.Run.RunID)
		if s.Run.Started.Before(run.Started) {
			run.Started = s.Run.Started
		}
		run.DurationMS = max(run.DurationMS, ended(s.Run, run.Started))
		addResources(&run.Resources, s.Run.Resources)
		run.Traffic.Join(s.Run.Traffic)
		addMasked(&run, s.Run.Masked)
	}
	run.RunID = strings.Join(ids, ",")
	var err error
	if run.Scenarios, err = scenarios(shards); err != nil {
		return nil, fmt.Errorf("merge shards: %w", err)
	}
	run.Waivers = waivers(shards)
	Conclude(&run)
	return &run, nil
}

// ended returns when a run ended, in milliseconds after started.
func ended(r *result.Run, started time.Time) float64 {
	return r.DurationMS + float64(r.Started.Sub(started).Microseconds())/1000
}

func addResources(sum *result.Resources, r result.Resources) {
	sum.Created += r.Created
	sum.Deleted += r.Deleted
	sum.Leased += r.Leased
	sum.Restored += r.Restored
	sum.Kept += r.Kept
	sum.Leftovers = append(sum.Leftovers, r.Leftovers...)
	if r.Command != "" {
		sum.Command = strings.TrimPrefix(sum.Command+"; "+r.Command, "; ")
	}
}

func addMasked(run *result.Run, more map[string][]string) {
	all := maps.Clone(run.Masked)
	for rule, pointers := range more {
		if all == nil {
			all = map[string][]string{}
		}
		all[rule] = slices.Concat(all[rule], pointers)
	}
	run.Masked = all
}

// Conclude computes everything that follows from the scenarios and waivers of
// a run that was put together: requirements, counts, verdict and exit code.
func Conclude(run *result.Run) {
	run.Requirements = blame.Weigh(run.Requirements, run.Scenarios)
	run.Counts, run.Causes = suite.Count(run.Scenarios), cause.Of(run)
	run.Verdict, run.Reason = suite.Decide(run.Counts, run.CutShort)
	run.ExitCode = waiver.Exit(run)
}

// scenarios returns the scenarios of all shards in the order of one run: by
// folder, file and line. Generated updates are sent by every shard and are one
// scenario, which is as good as its worst part.
func scenarios(shards []Shard) ([]result.Scenario, error) {
	from := map[string]string{}
	var out []result.Scenario
	for _, s := range shards {
		for _, sc := range s.Run.Scenarios {
			other, twice := from[sc.ID]
			switch {
			case twice && explore.Is(sc.ID):
				i := slices.IndexFunc(out, func(o result.Scenario) bool { return o.ID == sc.ID })
				if blame.Worse(sc.Outcome, out[i].Outcome) {
					out[i] = sc
				}
				continue
			case twice:
				return nil, fmt.Errorf("scenario %s is in %s and in %s; run all shards with the same selection", sc.ID, other, s.Dir)
			}
			from[sc.ID] = s.Dir
			out = append(out, sc)
		}
	}
	folders := shards[0].Run.Selection.Features
	slices.SortStableFunc(out, func(a, b result.Scenario) int {
		return cmp.Or(
			cmp.Compare(folderOf(a, folders), folderOf(b, folders)),
			slices.Compare(strings.Split(a.File, "/"), strings.Split(b.File, "/")),
			cmp.Compare(a.Line, b.Line),
		)
	})
	return out, nil
}

// folderOf returns where the folder of a scenario comes in a run: the suite's
// own features first, then those that a user added, then generated updates.
func folderOf(sc result.Scenario, added []string) int {
	if explore.Is(sc.ID) {
		return len(added)
	}
	return slices.IndexFunc(added, func(f string) bool {
		return strings.HasPrefix(sc.File, strings.TrimSuffix(filepath.ToSlash(f), "/")+"/")
	})
}
