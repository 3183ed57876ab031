// Package bisect finds the first version that behaves differently, in as few
// runs as there are digits in the number of versions.
package bisect

import (
	"context"
	"errors"
	"fmt"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/result"
)

// Probe runs the question against one version. An error means that the version
// gave no answer; the search goes around it.
type Probe func(ctx context.Context, v esversion.Version) (result.Outcome, error)

// Step is one version that was asked.
type Step struct {
	Version esversion.Version
	Outcome result.Outcome // "" where there is none
	Err     error
}

// Result is what the search found.
type Result struct {
	Steps []Step
	// Last is the last version that behaves like the oldest one, First the
	// first one that does not; First is unknown where nothing changed.
	Last, First   esversion.Version
	Before, After result.Outcome
	// Untested are versions between Last and First that gave no answer.
	Untested []esversion.Version
}

// Changed reports whether there is a change at all.
func (r *Result) Changed() bool { return r.First.Known() }

// String says in one sentence what was found.
func (r *Result) String() string {
	switch {
	case !r.Changed():
		return fmt.Sprintf("no change: %s on both %s and %s", r.Before, r.Steps[0].Version, r.Last)
	case len(r.Untested) > 0:
		return fmt.Sprintf("%s up to %s, %s from %s on; %s between them gave no answer", r.Before, r.Last, r.After, r.First, result.Plural(len(r.Untested), "version"))
	}
	return fmt.Sprintf("%s up to %s, %s since %s", r.Before, r.Last, r.After, r.First)
}

// Run searches among versions, which are sorted. It takes two runs for the
// ends, and one each time that what is left is halved. A change that was undone
// before the last version is not seen.
func Run(ctx context.Context, versions []esversion.Version, probe Probe) (*Result, error) {
	if len(versions) < 2 {
		return nil, errors.New("bisect: give at least two versions")
	}
	s := search{ctx: ctx, versions: versions, probe: probe, seen: map[int]Step{}}
	low, high := 0, len(versions)-1
	before, err := s.end(low)
	if err != nil {
		return nil, err
	}
	after, err := s.end(high)
	if err != nil {
		return nil, err
	}
	if before == after {
		return &Result{Steps: s.steps, Last: versions[high], Before: before, After: after}, nil
	}
	for high-low > 1 {
		mid, outcome, ok := s.between(low, high)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if !ok {
			break
		}
		if outcome == before {
			low = mid
		} else {
			high, after = mid, outcome
		}
	}
	return &Result{
		Steps: s.steps, Last: versions[low], First: versions[high], Before: before, After: after, Untested: versions[low+1 : high],
	}, nil
}

type search struct {
	ctx      context.Context
	versions []esversion.Version
	probe    Probe
	seen     map[int]Step
	steps    []Step
}

func (s *search) ask(i int) Step {
	if step, asked := s.seen[i]; asked {
		return step
	}
	step := Step{Version: s.versions[i]}
	step.Outcome, step.Err = s.probe(s.ctx, s.versions[i])
	s.seen[i] = step
	s.steps = append(s.steps, step)
	return step
}

func (s *search) end(i int) (result.Outcome, error) {
	step := s.ask(i)
	if step.Err != nil {
		return "", fmt.Errorf("bisect: version %s, an end of the range, gave no answer: %w", step.Version, step.Err)
	}
	return step.Outcome, nil
}

// between asks the version in the middle, or the nearest one to it that gives
// an answer.
func (s *search) between(low, high int) (int, result.Outcome, bool) {
	mid := (low + high) / 2
	for away := 0; mid-away > low || mid+away < high; away++ {
		for _, i := range []int{mid - away, mid + away} {
			if i <= low || i >= high || s.ctx.Err() != nil {
				continue
			}
			if step := s.ask(i); step.Err == nil {
				return i, step.Outcome, true
			}
		}
	}
	return 0, "", false
}
