package suite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand"
	"slices"
	"strings"
	"sync"

	"github.com/cucumber/godog"

	"github.com/esconform/esconform/internal/requirement"
	"github.com/esconform/esconform/internal/restspec"
	"github.com/esconform/esconform/internal/resttest"
	"github.com/esconform/esconform/internal/result"
)

// RestTag is on every REST test; RestProfile is the profile of all of them.
const (
	RestTag     = "@rest"
	RestProfile = "contract"
)

// restRequirement is the requirement that one API of the specification is.
func restRequirement(api string) string { return result.RestAPI + api }

// AddRest makes each REST test in a folder a scenario, and each API of the
// specification a requirement: that it behaves as its tests say.
func (s *Suite) AddRest(dir string, fsys fs.FS, specName string, spec *restspec.Spec) error {
	tests, err := resttest.Load(dir, fsys, spec)
	if err != nil {
		return err
	}
	var apis []requirement.Requirement
	for _, api := range spec.Names() {
		apis = append(apis, requirement.Requirement{
			ID: restRequirement(api), Statement: api + " MUST behave as its REST tests say.", Profile: RestProfile,
			Sources: []string{"REST specification: " + api}, Checks: []string{resttest.CheckOf(api)}, File: specName, Uncovered: true,
		})
	}
	if err := s.Catalogue.Add(requirement.Of(apis)); err != nil {
		return err
	}
	s.files[specName] = []byte(strings.Join(spec.Names(), "\n"))
	for _, t := range tests {
		s.Cases = append(s.Cases, restCase(t))
		raw, err := fs.ReadFile(fsys, t.Path)
		if err != nil {
			return fmt.Errorf("read REST test %s: %w", t.File, err)
		}
		s.files[t.File] = raw
	}
	s.RestTests, s.RestSpec, s.Foreseen = dir, specName, spec.Creations()
	s.Digest = digest(s.files)
	return s.checkIDs()
}

// SetUps is a suite of what the set-ups of REST tests make, and of nothing else;
// those that are left out are told with the reason, by their ids.
func SetUps(base *Suite, dir string, fsys fs.FS, spec *restspec.Spec) (*Suite, map[string]string, error) {
	tests, err := resttest.Load(dir, fsys, spec)
	if err != nil {
		return nil, nil, err
	}
	alone := *base
	alone.Cases, alone.Foreseen, alone.Catalogue = nil, spec.Creations(), requirement.Of(nil)
	left := map[string]string{}
	for _, s := range resttest.SetUps(tests) {
		if s.LeftOut != "" {
			left[s.ID] = s.LeftOut
			continue
		}
		c := restCase(s.Test)
		c.Requirements, c.Serial = nil, false
		alone.Cases = append(alone.Cases, c)
	}
	if len(alone.Cases) == 0 {
		err = fmt.Errorf("read REST tests in %s: no file there has a set-up of its own", dir)
	}
	return &alone, left, err
}

func restCase(t *resttest.Test) *Case {
	c := &Case{
		ID: t.ID, Outline: t.FileID, Name: t.Name, Feature: t.FileID, File: t.File, Line: t.Line, Profile: RestProfile,
		Tags: []string{RestTag, "@" + RestProfile, "@id:" + t.ID}, Serial: t.Touches.Alone, Proves: true, Rest: t,
	}
	for _, api := range t.APIs {
		c.Requirements = append(c.Requirements, restRequirement(api))
	}
	for _, st := range t.Steps {
		c.Steps = append(c.Steps, CaseStep{Keyword: st.Keyword(), Text: st.String(), Line: st.Line})
	}
	return c
}

// tellUntested gives the reason for the APIs that no REST test calls.
func (s *Suite) tellUntested(reqs []result.Requirement) {
	called := map[string]bool{}
	for _, c := range s.Cases {
		for _, id := range c.Requirements {
			called[id] = true
		}
	}
	for i := range reqs {
		if r := &reqs[i]; strings.HasPrefix(r.ID, result.RestAPI) && !called[r.ID] {
			r.Reason = result.NoTest
		}
	}
}

// checkRest says what is wrong with how a REST test is written.
func (c *Case) checkRest() []string {
	if err := c.Rest.Problem(); err != nil {
		return []string{fmt.Sprintf("%s: %s: %s", c.File, c.ID, oneLine(err))}
	}
	return nil
}

// passRest runs the REST tests: beside each other where they share no name,
// then those that look at more than they name and change nothing, then, one
// after the other, those that do.
func (r *run) passRest(ctx context.Context) {
	var others, readers, alone []*Case
	for _, c := range r.rest {
		switch {
		case !c.Serial:
			others = append(others, c)
		case c.Rest.Touches.Reads:
			readers = append(readers, c)
		default:
			alone = append(alone, c)
		}
	}
	rand.New(rand.NewSource(r.Seed)).Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	perform := func(c *Case) { r.performRest(ctx, c) }
	beside(others, r.Parallel, perform)
	beside(readers, r.Parallel, perform)
	beside(alone, 1, perform)
}

// beside runs tests side by side, n at a time, never two that share a name.
func beside(cases []*Case, n int, run func(*Case)) {
	waiting := slices.Clone(cases)
	var mu sync.Mutex
	free := sync.NewCond(&mu)
	taken := map[string]bool{}
	mark := func(c *Case, v bool) {
		for _, name := range c.Rest.Touches.Names {
			taken[name] = v
		}
	}
	next := func() *Case {
		mu.Lock()
		defer mu.Unlock()
		for len(waiting) > 0 {
			i := slices.IndexFunc(waiting, func(c *Case) bool { return c.Rest.Touches.Disjoint(taken) })
			if i >= 0 {
				c := waiting[i]
				waiting = slices.Delete(waiting, i, i+1)
				mark(c, true)
				return c
			}
			free.Wait()
		}
		return nil
	}
	var workers sync.WaitGroup
	for range n {
		workers.Go(func() {
			for c := next(); c != nil; c = next() {
				run(c)
				mu.Lock()
				mark(c, false)
				mu.Unlock()
				free.Broadcast()
			}
		})
	}
	workers.Wait()
}

// performRest takes one test through a recorder, as godog takes a scenario.
// What it made is deleted before it returns.
func (r *run) performRest(ctx context.Context, c *Case) {
	if ctx.Err() != nil {
		return
	}
	rec := newRecorder(r, c)
	within := rec.start(ctx)
	x := c.Rest.Begin(resttest.Env{
		Session: rec.session, Scope: rec.scope, Version: r.Target.Version,
		Serverless: r.Target.Info.BuildFlavor == "serverless", Disposable: r.Target.Disposable,
	})
	for i := range c.Steps {
		rec.beforeStep()
		var err error
		if rec.res.Outcome == result.Passed {
			err = step(within, x, i)
		}
		rec.afterStep(within, godog.StepPassed, err)
	}
	rec.finish(within, func() {
		cleanup, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.Limits.Cleanup)
		defer cancel()
		x.Abandon(cleanup)
	})
}

// step keeps a defect of ours from ending the run.
func step(ctx context.Context, x *resttest.Execution, i int) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.Join(err, fmt.Errorf("esconform panicked: %v", p))
		}
	}()
	return x.Step(ctx, i)
}
