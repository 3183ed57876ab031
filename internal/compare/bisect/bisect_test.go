package bisect

import (
	"context"
	"errors"
	"math/bits"
	"testing"

	"github.com/esconform/esconform/internal/compare/releases"
	"github.com/esconform/esconform/internal/esversion"
	"github.com/esconform/esconform/internal/result"
)

func TestRunFindsEveryPossibleChangeInFewRuns(t *testing.T) {
	t.Parallel()
	versions := releases.Known()
	for at := 1; at < len(versions); at++ {
		first := versions[at]
		got, err := Run(context.Background(), versions, func(_ context.Context, v esversion.Version) (result.Outcome, error) {
			if v.AtLeast(first) {
				return result.Passed, nil
			}
			return result.Failed, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got.First.Compare(first) != 0 || got.Last.Compare(versions[at-1]) != 0 || got.Before != result.Failed || got.After != result.Passed {
			t.Errorf("change in %s: got %s", first, got)
		}
		if most := 2 + bits.Len(uint(len(versions))); len(got.Steps) > most {
			t.Errorf("change in %s: %d runs for %d versions, want at most %d", first, len(got.Steps), len(versions), most)
		}
	}
}

func TestRunGoesAroundVersionsWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	versions, err := releases.Select("8.12.0,8.13.0,8.14.0,8.15.0,8.16.0,8.17.0,8.18.0,8.19.0")
	if err != nil {
		t.Fatal(err)
	}
	probe := func(dead ...string) Probe {
		return func(_ context.Context, v esversion.Version) (result.Outcome, error) {
			for _, d := range dead {
				if v.String() == d {
					return "", errors.New("the image cannot be pulled")
				}
			}
			if v.AtLeast(esversion.MustParse("8.15.0")) {
				return result.Passed, nil
			}
			return result.Failed, nil
		}
	}
	for _, tc := range []struct {
		name, want string
		dead       []string
	}{
		{"all answer", "failed up to 8.14.0, passed since 8.15.0", nil},
		{"the middle is silent", "failed up to 8.14.0, passed from 8.16.0 on; 1 version between them gave no answer", []string{"8.15.0"}},
		{"nothing between answers", "failed up to 8.12.0, passed from 8.19.0 on; 6 versions between them gave no answer",
			[]string{"8.13.0", "8.14.0", "8.15.0", "8.16.0", "8.17.0", "8.18.0"}},
	} {
		got, err := Run(context.Background(), versions, probe(tc.dead...))
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
	if _, err := Run(context.Background(), versions, probe("8.12.0")); err == nil {
		t.Error("an end without an answer gives no error")
	}
	if _, err := Run(context.Background(), versions[:1], probe()); err == nil {
		t.Error("one version gives no error")
	}
}

func TestRunSaysWhereNothingChanged(t *testing.T) {
	t.Parallel()
	got, err := Run(context.Background(), releases.Known(), func(context.Context, esversion.Version) (result.Outcome, error) { return result.Passed, nil })
	if err != nil {
		t.Fatal(err)
	}
	if got.Changed() || len(got.Steps) != 2 {
		t.Errorf("got %s after %d runs", got, len(got.Steps))
	}
}

func TestAnswerIsTheWorstOutcomeAndNeverThatOfABrokenRun(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		outcomes []result.Outcome
		want     result.Outcome
		err      bool
	}{
		{[]result.Outcome{result.Passed, result.Skipped}, result.Passed, false},
		{[]result.Outcome{result.Passed, result.Failed}, result.Failed, false},
		{[]result.Outcome{result.Skipped}, result.Skipped, false},
		{[]result.Outcome{result.Failed, result.Error}, "", true},
		{[]result.Outcome{result.Passed, result.NotRun}, "", true},
		{nil, "", true},
	} {
		run := &result.Run{}
		for _, o := range tc.outcomes {
			run.Scenarios = append(run.Scenarios, result.Scenario{ID: "a", Outcome: o})
		}
		got, err := Answer(run)
		if got != tc.want || (err != nil) != tc.err {
			t.Errorf("%v: got %q and %v", tc.outcomes, got, err)
		}
	}
}
