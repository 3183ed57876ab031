// Package esconform runs the conformance suite of Elasticsearch's connector
// sync-job API from a Go program or a Go test, against a server of one's own.
// The command in cmd/esconform does the same from a shell.
package esconform

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/foreign"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/report"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/wire"
)

// Result is everything that a run found: the verdict, every scenario with its
// requests and answers, every requirement.
type Result = result.Run

// Options say what to test and how. URL is required.
type Options struct {
	// URL is the address of the server under test.
	URL string
	// Username and Password, or APIKey, are the credentials; CACert is the
	// certificate authority of the server, PEM.
	Username, Password, APIKey string
	CACert                     []byte

	// Profiles, Tags and IDs select scenarios as the flags of the command do;
	// empty ones select everything.
	Profiles []string
	Tags     string
	IDs      []string // * stands for anything
	// Features are folders with features of your own, and with what lies beside
	// them: requirements, apis, schemas, fixtures. OnlyFeatures leaves out those
	// that come with esconform.
	Features     []string
	OnlyFeatures bool

	Parallel int   // scenarios in flight; default 8
	Seed     int64 // default: taken from the clock
	// OutDir, if set, is a folder that gets the report files, and a journal by
	// which "esconform cleanup" removes what a program that was killed has left.
	OutDir string
}

// Check runs the suite. The error says why it could not be run at all; what
// the server did wrong is in the result.
func Check(ctx context.Context, o Options) (*Result, error) {
	s, err := suite.Open(suite.Own{Folders: o.Features, Only: o.OnlyFeatures})
	if err != nil {
		return nil, err
	}
	tgt, err := target.URL(ctx, wire.Config{
		URL: o.URL, CACert: o.CACert, Limits: limits.Default(),
		Auth: wire.Auth{Username: o.Username, Password: o.Password, APIKey: o.APIKey},
	})
	if err != nil {
		return nil, err
	}
	defer func() { _ = tgt.Close(context.WithoutCancel(ctx)) }()
	plan := suite.Plan{
		Suite: s, Selection: suite.Selection{Profiles: o.Profiles, Tags: o.Tags, IDs: o.IDs},
		Target: tgt, Limits: limits.Default(), Parallel: o.Parallel, Seed: o.Seed,
	}.WithDefaults()
	if o.OutDir == "" {
		return suite.Perform(ctx, plan)
	}
	folder, err := report.Take(o.OutDir, report.JournalFile, plan.Header(tgt.Info), report.Names()...)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	plan.Registry.Journal(folder.Journal().Resource)
	plan.OnScenario = func(sc result.Scenario) { _ = folder.Journal().Scenario(sc) } // its last line tells
	run, err := suite.Perform(ctx, plan)
	if err != nil {
		return nil, err
	}
	return run, folder.Write(run, nil)
}

// Test runs the suite as part of a Go test, with a subtest for each scenario.
// A scenario that could not be carried out fails as well: nothing was proven.
func Test(t *testing.T, o Options) {
	t.Helper()
	run, err := Check(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range run.Scenarios {
		sc := &run.Scenarios[i]
		t.Run(sc.ID, func(t *testing.T) {
			switch sc.Outcome {
			case result.Passed:
			case result.Skipped, result.Waived:
				t.Skip(sc.Reason)
			default:
				t.Errorf("%s: %s\n%s", sc.Outcome, sc.Name, report.FailureText(foreign.Shown(sc), nil))
			}
		})
	}
	if run.Verdict != result.Conformant {
		t.Errorf("%s: %s", run.Verdict, run.Reason)
	}
}

// Reference returns the embedded reference server, behaving like this version
// of Elasticsearch ("" is the newest that it knows), for tests of clients.
func Reference(version string) (http.Handler, error) {
	opt := reference.Options{}
	if version != "" {
		v, err := esversion.Parse(version)
		if err != nil {
			return nil, fmt.Errorf("make a reference server: %w", err)
		}
		opt.Version = v
	}
	return reference.New(opt)
}
