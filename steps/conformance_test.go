package steps_test

import (
	"context"
	"testing"
	"time"

	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/limits"
	"github.com/esconform/esconform/internal/result"
	"github.com/esconform/esconform/internal/suite"
	"github.com/esconform/esconform/internal/target"
)

// The suite is right about a server that does what is required, in every
// version at which the API changed, and leaves nothing behind.
func TestSuitePassesOnTheEmbeddedServer(t *testing.T) {
	t.Parallel()
	for version, minimum := range map[string]int{"8.12.0": 300, "8.13.0": 300, "8.14.0": 300, "8.15.0": 380, "8.19.21": 380, "9.0.0": 380, "9.5.3": 380} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && version != "8.12.0" && version != "9.5.3" {
				t.Skip("-short runs only the first and the last version; run the test without it")
			}
			run := perform(t, target.EmbeddedConfig{Emulate: esversion.MustParse(version), Limits: patient()})
			for _, sc := range run.Scenarios {
				if sc.Outcome != result.Passed && sc.Outcome != result.Skipped {
					t.Errorf("%s: %s %+v", sc.ID, sc.Outcome, sc.Failure)
				}
				if sc.Outcome == result.Skipped && sc.Reason == "" {
					t.Errorf("%s: skipped without a reason", sc.ID)
				}
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

// patient limits do not end a scenario on a slow machine.
func patient() limits.Limits {
	return limits.Limits{Request: time.Minute, Scenario: 5 * time.Minute, Cleanup: 2 * time.Minute}.WithDefaults()
}

func perform(t *testing.T, cfg target.EmbeddedConfig) *result.Run {
	t.Helper()
	ctx := context.Background()
	tgt, err := target.Embedded(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := tgt.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	run, err := suite.Perform(ctx, suite.Plan{Suite: loadSuite(t), Target: tgt, Limits: cfg.Limits, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return run
}
