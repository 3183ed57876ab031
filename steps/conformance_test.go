package steps_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/esconform/esconform/features"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/observe"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
	"github.com/esconform/esconform/internal/testkit/race"
)

// versions are those at which the API changed, with how many scenarios have to
// pass at least.
var versions = map[string]int{"8.12.0": 300, "8.13.0": 300, "8.14.0": 300, "8.15.0": 380, "8.19.21": 380, "9.0.0": 380, "9.5.3": 380}

// wholeRun is what came of the whole suite, and how it is compared.
type wholeRun struct {
	*result.Run
	observed *observe.Set
}

// wholeRuns holds one run against each version, made once for all tests that
// look at it.
var wholeRuns = func() map[string]func() (wholeRun, error) {
	runs := map[string]func() (wholeRun, error){}
	for version := range versions {
		seed := int64(len(runs) + 1)
		runs[version] = sync.OnceValues(func() (wholeRun, error) { return runWhole(version, seed) })
	}
	return runs
}()

func wholeRunOf(t *testing.T, version string) wholeRun {
	t.Helper()
	run, err := wholeRuns[version]()
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func runWhole(version string, seed int64) (run wholeRun, err error) {
	ctx := context.Background()
	s, err := suite.Load(suite.Source{Name: "features", FS: features.FS})
	if err != nil {
		return run, err
	}
	tgt, err := target.Embedded(ctx, target.EmbeddedConfig{Emulate: esversion.MustParse(version), Limits: patient()})
	if err != nil {
		return run, err
	}
	defer func() { err = errors.Join(err, tgt.Close(ctx)) }()
	run.Run, err = suite.Perform(ctx, suite.Plan{Suite: s, Target: tgt, Limits: patient(), Seed: seed})
	if err != nil {
		return run, err
	}
	run.observed = observe.Of(run.Run)
	return run, nil
}

// patient limits do not end a scenario on a slow machine.
func patient() limits.Limits {
	return limits.Limits{Request: time.Minute, Scenario: 5 * time.Minute, Cleanup: 2 * time.Minute}.WithDefaults()
}

// The suite is right about a server that does what is required, in every
// version at which the API changed, and leaves nothing behind.
func TestSuitePassesOnTheEmbeddedServer(t *testing.T) {
	t.Parallel()
	for version, minimum := range versions {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && version != "8.12.0" && version != "9.5.3" {
				t.Skip("-short runs only the first and the last version; run the test without it")
			}
			if race.Brief() && version != "9.5.3" {
				t.Skip("-race with -short runs only the last version; run the test without one of them")
			}
			run := wholeRunOf(t, version)
			noneFails(t, run.Run)
			known := 0 // of which each is needed
			if esversion.MustParse(version).AtLeast(esversion.MustParse("8.18.0")) {
				known = len(loadSuite(t).Known(run.Target).Waivers)
			}
			if len(run.Waivers) != known {
				t.Errorf("%d known deviations show, want %d: %+v", len(run.Waivers), known, run.Waivers)
			}
			if n := run.Counts[result.Passed]; n < minimum {
				t.Errorf("%d scenarios passed, want at least %d", n, minimum)
			}
			if len(run.Resources.Leftovers) > 0 {
				t.Errorf("left behind: %v", run.Resources.Leftovers)
			}
		})
	}
}
